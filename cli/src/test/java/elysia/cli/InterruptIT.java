package elysia.cli;

import static org.assertj.core.api.Assertions.assertThat;

import elysia.core.repository.RepositoryStatus.State;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A real Ctrl-C at a real process.
class InterruptIT {
  /// A read of the output of a process that stays blocks; its end, which this brings, unblocks it.
  private static final Duration LIMIT = Duration.ofSeconds(40);
  /// A process inherits that SIGINT is ignored, as it is for all of a build that a shell has
  /// started in the background. GNU's `env` undoes it.
  private static final List<String> HEEDING = List.of("env", "--default-signal=INT");

  @TempDir
  private Path folder;

  private static Process start(String... arguments) throws IOException {
    List<String> command = new ArrayList<>(works(HEEDING) ? HEEDING : List.of());
    command.addAll(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-cp", System.getProperty("java.class.path"), "elysia.cli.Main"));
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    CompletableFuture
        .delayedExecutor(LIMIT.toMillis(), TimeUnit.MILLISECONDS)
        .execute(process::destroyForcibly);
    return process;
  }

  private static boolean works(List<String> prefix) throws IOException {
    List<String> command = new ArrayList<>(prefix);
    command.add("true");
    try {
      return new ProcessBuilder(command).redirectErrorStream(true).start().waitFor() == 0;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  @Test
  @Timeout(60)
  void ctrlCLeavesTheSyncOnTheNodeAndExits130() throws IOException, InterruptedException {
    try (FakeApi api = new FakeApi()) {
      api.answer("POST /v1/repositories", 201, Samples.repository().state(State.PULLING, "").get())
          .ok("GET /v1/repositories/demo", Samples.repository().syncing(3, Optional.empty()).get());
      Process process = start("repo", "add", "https://example.org/demo.git", "--server",
          api.url().toString());
      try (BufferedReader lines = new BufferedReader(
          new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
        String line = lines.readLine();
        while (line != null && !line.contains("embed 3 of 122 files"))
          line = lines.readLine();
        assertThat(line).isNotNull();
        new ProcessBuilder("kill", "-INT", String.valueOf(process.pid())).start().waitFor();
        assertThat(lines.readAllAsString()).contains("The sync of demo goes on on the node");
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(130);
      } finally {
        process.destroyForcibly();
      }
    }
  }

  @Test
  @Timeout(60)
  void pipeThatIsInterruptedBringsInWhatWasReadAndNoHalfLine() throws Exception {
    try (FakeApi api = new FakeApi()) {
      api.raw("POST /v1/collections/SRC_ENTERPRISE__/changes", 200, "application/x-ndjson",
          "{\"acknowledged\":1}\n{\"deleted\":2,\"seconds\":0.1}\n");
      Process process = start("index", "sync", "--continuous", "--home", folder.toString(),
          "--server", api.url().toString());
      try (BufferedReader lines = new BufferedReader(
          new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
          OutputStream pipe = process.getOutputStream()) {
        pipe.write("""
            {"repo":"r","op":"delete","path":"a"}
            {"repo":"r","op":"delete","path":"b"}
            {"repo":"r","op":"del""".getBytes(StandardCharsets.UTF_8));
        pipe.flush();
        String line = lines.readLine();
        while (line != null && !line.equals("[DELETE] b"))
          line = lines.readLine();
        assertThat(line).as("sent while the pipe is open").isNotNull();
        new ProcessBuilder("kill", "-TERM", String.valueOf(process.pid())).start().waitFor();
        assertThat(lines.readAllAsString()).contains("interrupted", "Deleted: 2", "Errors: 0");
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(143);
        assertThat(folder.resolve("state/sync/state.json")).content()
            .contains("\"processed_lines\" : 2", "\"status\" : \"interrupted\"");
      } finally {
        process.destroyForcibly();
      }
    }
  }
}
