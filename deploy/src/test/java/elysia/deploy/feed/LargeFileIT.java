package elysia.deploy.feed;

import static org.assertj.core.api.Assertions.assertThat;

import elysia.testkit.change.LargeInput;
import elysia.testkit.node.NodeProcess;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The command that checks an input, with a heap that holds a small part of it.
class LargeFileIT {
  private static final Duration LONGEST = Duration.ofMinutes(15);
  private static final int USAGE = 2;

  @TempDir
  Path folder;

  @Test
  void pipeOfManyTimesTheHeapIsValidated() throws Exception {
    validates("-Xmx32m", new LargeInput(128L << 20, 2 << 20, 0));
  }

  @Test
  @Tag("chaos")
  void gibibyteFromPipeAndFileIsValidatedIn256Mebibytes() throws Exception {
    validates("-Xmx256m", new LargeInput(1L << 30, 64 << 20, 100L << 20));
    Path file = folder.resolve("large.jsonl");
    LargeInput input = new LargeInput(1L << 30, 64 << 20, 100L << 20);
    try (OutputStream out = Files.newOutputStream(file)) {
      input.transferTo(out);
    }
    Process process = start("-Xmx256m", file.toString());
    process.getOutputStream().close();
    told(process, input);
  }

  private void validates(String heap, LargeInput input) throws IOException, InterruptedException {
    Process process = start(heap, "-");
    try (OutputStream out = process.getOutputStream()) {
      input.transferTo(out);
    } catch (IOException e) {
      throw new AssertionError(Files.readString(output()), e);
    }
    told(process, input);
  }

  private Process start(String heap, String file) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(NodeProcess.launcher().toString(), "index",
        "validate", file).redirectErrorStream(true).redirectOutput(output().toFile());
    builder.environment().put("ELYSIACTL_JAVA_OPTS", heap);
    return builder.start();
  }

  private Path output() {
    return folder.resolve("output");
  }

  /// Every line was read, and each bad one named.
  private void told(Process process, LargeInput input) throws IOException, InterruptedException {
    try {
      assertThat(process.waitFor(LONGEST.toSeconds(), TimeUnit.SECONDS)).isTrue();
    } finally {
      process.destroyForcibly();
    }
    String told = Files.readString(output());
    assertThat(process.exitValue()).as(told).isEqualTo(USAGE);
    assertThat(told.lines().filter(line -> line.startsWith("line "))).hasSize((int) input.bad());
    assertThat(told.lines().toList().getLast()).isEqualTo(String.format(Locale.ROOT,
        "%,d lines, %,d changes, %,d bad", input.lines(), input.changes(), input.bad()));
  }
}
