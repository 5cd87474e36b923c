package elysia.testkit.change;

import static org.assertj.core.api.Assertions.assertThat;

import elysia.core.change.ChangeReader;
import elysia.core.change.ChangeSettings;
import elysia.core.change.Line;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The reader in a JVM of its own, with a heap that holds a small part of the input.
class LargeInputIT {
  private static final int MINUTES = 15;

  @TempDir
  Path folder;

  /// Reads an input and prints what it was.
  static final class Reading {
    private Reading() {}

    public static void main(String[] args) throws IOException {
      long changes = 0;
      long bad = 0;
      long end = 0;
      ChangeReader reader = new ChangeReader(input(args),
          new ChangeSettings(Integer.parseInt(args[3])));
      for (Optional<Line> line = reader.next(); line.isPresent(); line = reader.next()) {
        end = line.get().position().end();
        if (line.get() instanceof Line.ChangeLine)
          changes++;
        else
          bad++;
      }
      new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8)
          .print(changes + " changes, " + bad + " bad, " + end + " bytes");
    }
  }

  private static LargeInput input(String... args) {
    return new LargeInput(Long.parseLong(args[0]), Integer.parseInt(args[1]),
        Long.parseLong(args[2]));
  }

  @Test
  void inputOfManyTimesTheHeapIsRead() throws Exception {
    reads("-Xmx32m", 128L << 20, 4 << 20, 40L << 20, 4 << 20);
  }

  @Test
  @Tag("chaos")
  void gibibyteWithLinesAtTheLimitIsReadIn256Mebibytes() throws Exception {
    reads("-Xmx256m", 1L << 30, 64 << 20, 100L << 20, 64 << 20);
  }

  private void reads(String heap, long size, int longest, long tooLong, int limit)
      throws IOException, InterruptedException {
    String[] arguments = {String.valueOf(size), String.valueOf(longest), String.valueOf(tooLong),
        String.valueOf(limit)};
    Path output = folder.resolve("output");
    Process process = new ProcessBuilder(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(), heap,
        "-XX:+UseSerialGC", "-cp", System.getProperty("java.class.path"), Reading.class.getName(),
        arguments[0], arguments[1], arguments[2], arguments[3]).redirectErrorStream(true)
        .redirectOutput(output.toFile()).start();
    try {
      assertThat(process.waitFor(MINUTES, TimeUnit.MINUTES)).isTrue();
    } finally {
      process.destroyForcibly();
    }
    try (LargeInput expected = input(arguments)) {
      assertThat(Files.readString(output)).isEqualTo(expected.changes() + " changes, "
          + expected.bad() + " bad, " + expected.size() + " bytes");
    }
  }
}
