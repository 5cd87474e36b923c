package elysia.cli.home;

import com.fasterxml.jackson.databind.JsonNode;
import elysia.core.json.Json;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/// The file that a running node leaves in its home for those who look for it: `node.json`.
record NodeFile(long pid, URI url, Instant written) {
  /// A process that started later than its file was written has taken over a dead node's pid.
  private static final long CLOCK_TICK_SECONDS = 2;

  static Path in(Path home) {
    return home.resolve("node.json");
  }

  /// Empty when there is none, or half of one.
  static Optional<NodeFile> read(Path home) {
    Path file = in(home);
    try {
      JsonNode json = Json.mapper().readTree(Files.readAllBytes(file));
      long pid = json.path("pid").asLong(0);
      String url = json.path("url").asText("").replaceFirst("/+$", "");
      if (pid <= 0 || !url.startsWith("http"))
        return Optional.empty();
      return Optional
          .of(new NodeFile(pid, URI.create(url), Files.getLastModifiedTime(file).toInstant()));
    } catch (IOException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /// The process that wrote the file, when it still runs: alive, a JVM, and no younger than what
  /// it wrote.
  Optional<ProcessHandle> process() {
    return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).filter(handle -> {
      ProcessHandle.Info info = handle.info();
      boolean jvm = info.command().map(path -> Path.of(path).endsWith("java")).orElse(false);
      boolean older = info.startInstant()
          .map(start -> !start.isAfter(written.plusSeconds(CLOCK_TICK_SECONDS))).orElse(false);
      return jvm && older;
    });
  }
}
