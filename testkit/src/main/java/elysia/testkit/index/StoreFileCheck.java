package elysia.testkit.index;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import elysia.core.json.Json;
import elysia.testkit.git.GitRepository;
import elysia.testkit.node.FaultyStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Compares what a [FaultyStore] keeps on disk with a commit as `git` shows it. Asks neither the
/// node nor the store, and shares no code with them: what the file says is replayed as the server's
/// description says, identities and hashes are computed as the documentation says.
public final class StoreFileCheck {
  /// Of URLs, from RFC 9562.
  private static final UUID NAMESPACE = UUID.fromString("6ba7b811-9dad-11d1-80b4-00c04fd430c8");

  private record Kept(JsonNode properties, JsonNode vector, long number, boolean indexed) {
    int chunk() {
      return properties.path("chunk").asInt(-1);
    }

    int start() {
      return properties.path("start_line").asInt();
    }

    int end() {
      return properties.path("end_line").asInt();
    }

    String text(String property) {
      return properties.path(property).asText();
    }
  }

  private final Map<String, Map<String, Kept>> classes = new HashMap<>();
  private long number;

  private StoreFileCheck(Path file) throws IOException {
    for (String line : Files.readAllLines(file))
      if (!line.isBlank())
        apply(Json.mapper().readTree(line));
  }

  /// Reads what is there now.
  public static StoreFileCheck of(FaultyStore store) throws IOException {
    return new StoreFileCheck(store.file());
  }

  private void apply(JsonNode change) {
    String name = change.path("class").asText();
    switch (change.path("op").asText()) {
      case "class" -> classes.put(change.at("/schema/class").asText(), new HashMap<>());
      case "drop" -> classes.remove(name);
      case "put" -> put(objects(name), change);
      case "delete" -> change.path("ids").forEach(id -> objects(name).remove(id.asText()));
      case "lose" -> lose(objects(name), change.path("number").asLong());
      default -> throw new AssertionError("an unknown change: " + change.path("op"));
    }
  }

  private Map<String, Kept> objects(String name) {
    Map<String, Kept> objects = classes.get(name);
    if (objects == null)
      throw new AssertionError("no class " + name + " in " + classes.keySet());
    return objects;
  }

  /// An unchanged vector is not indexed again.
  private void put(Map<String, Kept> objects, JsonNode change) {
    @Nullable
    Kept before = objects.get(change.path("id").asText());
    JsonNode vector = change.path("vector");
    objects.put(change.path("id").asText(), before != null && before.vector().equals(vector)
        ? new Kept(change.path("properties"), vector, before.number(), before.indexed())
        : new Kept(change.path("properties"), vector, number++,
            change.path("indexed").asBoolean()));
  }

  private static void lose(Map<String, Kept> objects, long n) {
    List<Map.Entry<String, Kept>> newest = objects.entrySet().stream()
        .sorted(Comparator.comparingLong(entry -> -entry.getValue().number())).limit(n).toList();
    newest.forEach(entry -> objects.put(entry.getKey(), new Kept(entry.getValue().properties(),
        entry.getValue().vector(), entry.getValue().number(), false)));
  }

  /// The repository's collection, which has its name, holds the chunks of the files of the commit:
  /// none is missing, stale, double or left over, and each has its vector in the index.
  public void equalsTree(String repository, GitRepository git, String commit, long maxSize) {
    String name = repository.substring(0, 1).toUpperCase(java.util.Locale.ROOT)
        + repository.substring(1).replaceAll("[^A-Za-z0-9_]", "_");
    Map<String, List<Kept>> files = new HashMap<>();
    objects(name).forEach((id, kept) -> {
      String path = kept.text("path");
      String identity = repository + ":" + repository + "/" + path
          + (kept.chunk() == 0 ? "" : "#" + kept.chunk());
      assertThat(id).as("identity of " + identity).isEqualTo(uuid5(identity).toString());
      assertThat(kept.text("repo")).isEqualTo(repository);
      assertThat(kept.indexed()).as("in the vector index: " + identity).isTrue();
      files.computeIfAbsent(path, _ -> new ArrayList<>()).add(kept);
    });
    List<TreeFile> tree = TreeFile.indexable(git, commit, maxSize);
    assertThat(files.keySet()).as("files of " + repository)
        .containsExactlyInAnyOrderElementsOf(tree.stream().map(TreeFile::path).toList());
    for (TreeFile file : tree)
      sameLines(file, files.getOrDefault(file.path(), List.of()));
    oneVectorPerText(objects(name));
  }

  private static void sameLines(TreeFile file, List<Kept> chunks) {
    chunks.sort(Comparator.comparingInt(Kept::chunk));
    List<String> lines = file.lines();
    List<Boolean> covered = new ArrayList<>(lines.stream().map(String::isBlank).toList());
    for (int i = 0; i < chunks.size(); i++) {
      Kept chunk = chunks.get(i);
      String what = file.path() + "#" + i;
      String content = chunk.text("content");
      assertThat(chunk.chunk()).as(what).isEqualTo(i);
      assertThat(chunk.text("file_hash")).as(what).isEqualTo(file.hash());
      assertThat(chunk.text("content_hash")).as(what)
          .isEqualTo(sha256(content.getBytes(StandardCharsets.UTF_8)));
      String there = String.join("\n", lines.subList(chunk.start() - 1, chunk.end()));
      if (chunk.start() == chunk.end()) // a long line may be split
        assertThat(there).as(what).contains(content);
      else
        assertThat(content).as(what).isEqualTo(there);
      for (int line = chunk.start(); line <= chunk.end(); line++)
        covered.set(line - 1, true);
    }
    assertThat(covered).as("lines of " + file.path()).doesNotContain(false);
  }

  private static void oneVectorPerText(Map<String, Kept> objects) {
    Map<String, JsonNode> vectors = new HashMap<>();
    objects.forEach((id, kept) -> {
      JsonNode before = vectors.putIfAbsent(kept.text("vector_hash"), kept.vector());
      assertThat(kept.vector().size()).as("numbers of the vector of " + id).isPositive();
      assertThat(before == null || before.equals(kept.vector()))
          .as("the vector of " + id + " is that of its text").isTrue();
    });
  }

  private static UUID uuid5(String name) {
    byte[] text = name.getBytes(StandardCharsets.UTF_8);
    byte[] hash = digest("SHA-1").digest(ByteBuffer.allocate(16 + text.length)
        .putLong(NAMESPACE.getMostSignificantBits()).putLong(NAMESPACE.getLeastSignificantBits())
        .put(text).array());
    ByteBuffer bits = ByteBuffer.wrap(hash);
    return new UUID((bits.getLong() & ~0xf000L) | 0x5000L,
        (bits.getLong() & ~(0xc0L << 56)) | (0x80L << 56));
  }

  static String sha256(byte[] bytes) {
    return HexFormat.of().formatHex(digest("SHA-256").digest(bytes));
  }

  private static MessageDigest digest(String algorithm) {
    try {
      return MessageDigest.getInstance(algorithm);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has " + algorithm, e);
    }
  }
}
