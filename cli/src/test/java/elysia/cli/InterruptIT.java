package elysia.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A real Ctrl-C at a real process.
class InterruptIT {
  @Test
  @Timeout(60)
  void ctrlCLeavesTheSyncOnTheNodeAndExits130() throws IOException, InterruptedException {
    try (FakeApi api = new FakeApi()) {
      api.answer("POST /v1/repositories", 201, Samples.repository().state("pulling", "").get())
          .ok("GET /v1/repositories/demo", Samples.repository().syncing(3, Optional.empty()).get());
      Process process = new ProcessBuilder(
          Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
          System.getProperty("java.class.path"), "elysia.cli.Main", "repo", "add",
          "https://example.org/demo.git", "--server", api.url().toString())
          .redirectErrorStream(true).start();
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
}
