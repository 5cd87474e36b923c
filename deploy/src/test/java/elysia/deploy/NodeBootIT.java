package elysia.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The distribution as it was just packaged.
class NodeBootIT {
  private static final Path DISTRIBUTION = Path.of("target", "elysiactl").toAbsolutePath();
  private static final Duration START = Duration.ofMinutes(2);
  private static final Duration LOOK = Duration.ofMillis(100);

  @TempDir
  Path home;

  @Test
  void nodeStartsAnswersItsProbesCountsItsSyncsAndEndsWhenAsked() throws Exception {
    Path output = home.resolve("output");
    Process node = start(output);
    try {
      URI url = url(node, output);
      assertThat(get(url, "/alive").statusCode()).isEqualTo(200);
      assertThat(get(url, "/ready").statusCode()).isEqualTo(200);
      assertThat(get(url, "/metrics").body()).contains(
          "elysiactl_sync_last_run_timestamp{status=\"success\"}",
          "elysiactl_sync_last_run_timestamp{status=\"failure\"}",
          "elysiactl_sync_files_processed_total{operation=\"add\"}",
          "# TYPE elysiactl_sync_duration_seconds histogram",
          "elysiactl_stage_duration_seconds_count{stage=\"embed\"}");
      node.destroy();
      assertThat(node.waitFor(START)).as(() -> read(output)).isTrue();
      assertThat(home.resolve("node.json")).doesNotExist();
    } finally {
      node.destroyForcibly().waitFor();
    }
  }

  /// As on a disk that is full at the end of its start: what is in the way stands for no room.
  @Test
  void nodeThatCannotTellWhereItIsTellsItOnceItCan() throws Exception {
    Path inTheWay = Files.createDirectory(home.resolve("node.json.new"));
    Path output = home.resolve("output");
    Process node = start(output);
    try {
      Instant deadline = Instant.now().plus(START);
      while (!read(output).contains("node.json cannot be written")) {
        assertThat(node.isAlive() && Instant.now().isBefore(deadline)).as(() -> read(output))
            .isTrue();
        Thread.sleep(LOOK);
      }
      Files.delete(inTheWay);
      assertThat(get(url(node, output), "/ready").statusCode()).isEqualTo(200);
    } finally {
      node.destroyForcibly().waitFor();
    }
  }

  private Process start(Path output) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(DISTRIBUTION.resolve("bin/elysiactl").toString(),
        "server", "start", "--foreground", "--home", home.toString());
    builder.environment().put("ELYSIACTL_HTTP_PORT", "0");
    builder.environment().put("ELYSIACTL_EMBEDDER", "constant");
    return builder.redirectErrorStream(true).redirectOutput(output.toFile()).start();
  }

  /// Pekko refuses to start when its jars differ; some of them look only when they are first used.
  @Test
  void everyPekkoFamilyHasOneVersion() throws IOException {
    try (Stream<Path> jars = Files.list(DISTRIBUTION.resolve("lib"))) {
      List<String> names = jars.map(jar -> jar.getFileName().toString())
          .filter(name -> name.startsWith("pekko-")).toList();
      assertThat(versions(names, name -> name.matches("pekko-(http|parsing).*"))).hasSize(1);
      assertThat(versions(names, name -> !name.matches("pekko-(http|parsing|persistence-jdbc).*")))
          .hasSize(1);
    }
  }

  private static List<String> versions(List<String> names,
      java.util.function.Predicate<String> family) {
    return names.stream().filter(family).map(name -> name.replaceFirst(".*_2\\.13-", "")).distinct()
        .toList();
  }

  private URI url(Process node, Path output) throws Exception {
    Instant deadline = Instant.now().plus(START);
    Path file = home.resolve("node.json");
    while (!Files.exists(file)) {
      assertThat(node.isAlive() && Instant.now().isBefore(deadline)).as(() -> read(output))
          .isTrue();
      Thread.sleep(LOOK);
    }
    Matcher url = Pattern.compile("\"url\":\"([^\"]+)\"").matcher(Files.readString(file));
    assertThat(url.find()).isTrue();
    return URI.create(url.group(1));
  }

  private static HttpResponse<String> get(URI url, String path) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(HttpRequest.newBuilder(url.resolve(path)).timeout(START).build(),
          HttpResponse.BodyHandlers.ofString());
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return e.toString();
    }
  }
}
