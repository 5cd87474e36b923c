package elysia.bench.feed;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import elysia.core.json.Json;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Stream;

/// Lines of the change contract.
public final class Lines {
  private static final int LINE = 300;
  private static final String TEXT = "public String name(String given) { return given.strip(); } ";

  private Lines() {}

  /// One of 300 bytes, its line end included.
  static byte[] line(int number) {
    ObjectNode line = Json.mapper().createObjectNode();
    line.put("repo", "bench").put("op", number % 3 == 0 ? "add" : "modify")
        .put("path", String.format(Locale.ROOT, "src/main/java/example/File%09d.java", number))
        .put("content", "").put("size", 0).put("mime", "text/x-java");
    int left = LINE - 1 - json(line).length() - 2;
    String content = TEXT.repeat(6).substring(0, left);
    line.put("content", content).put("size", left);
    String text = json(line);
    while (text.length() < LINE - 1) {
      content += "x";
      line.put("content", content).put("size", content.length());
      text = json(line);
    }
    return (text + "\n").getBytes(StandardCharsets.UTF_8);
  }

  /// A file of at least so many bytes.
  static Path file(Path folder, long bytes) {
    byte[] block = block(20_000);
    Path file = folder.resolve("changes.jsonl");
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
      for (long written = 0; written < bytes; written += block.length)
        out.write(block);
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// So many lines in memory, each of 300 bytes.
  public static byte[] block(int lines) {
    byte[] block = new byte[lines * LINE];
    int at = 0;
    for (byte[] line : (Iterable<byte[]>) Stream.iterate(0, i -> i + 1).limit(lines)
        .map(Lines::line)::iterator) {
      if (line.length != LINE)
        throw new IllegalStateException("a line of " + line.length + " bytes");
      System.arraycopy(line, 0, block, at, LINE);
      at += LINE;
    }
    return block;
  }

  /// Changes that a store takes as one chunk each.
  static Path ready(Path folder, int count, String repo) {
    Path file = folder.resolve("ready-" + repo + ".jsonl");
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
      for (int i = 0; i < count; i++) {
        ObjectNode line = Json.mapper().createObjectNode();
        line.put("repo", repo).put("op", "add")
            .put("path", "src/" + i % 100 + "/File" + i + ".java")
            .put("content", "class File" + i + " {\n  // " + repo + "\n  " + TEXT + "\n}\n");
        out.write((json(line) + "\n").getBytes(StandardCharsets.UTF_8));
      }
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String json(ObjectNode node) {
    try {
      return Json.mapper().writeValueAsString(node);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
