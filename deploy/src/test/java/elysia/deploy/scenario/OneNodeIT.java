package elysia.deploy.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import elysia.testkit.git.GitRepository;
import elysia.testkit.node.Api;
import elysia.testkit.node.NodeProcess;
import elysia.testkit.process.Finished;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A node and its home, as the person sees it who runs it.
class OneNodeIT {
  private static final Duration END = Duration.ofSeconds(60);

  @TempDir
  Path folder = Path.of("");

  @Test
  void homeBelongsToOneNodeUntilItStops() throws IOException {
    try (NodeProcess node = NodeProcess.cheap(folder).start()) {
      GitRepository repository = GitRepository.create(folder.resolve("sample"));
      repository.write("a.txt", "kept over a restart\n").commit("One");
      node.ok("repo", "add", repository.folder().toString());

      Finished second = node.cli("server", "start", "--foreground");
      assertThat(second.exit()).isEqualTo(3);
      assertThat(second.errors()).contains("belongs to a running node (pid " + node.pid());
      assertThat(node.ok("server", "start")).contains(Long.toString(node.pid()));

      foreignNamesAndOriginsAreRefused(node);

      assertThat(node.cli("server", "stop").exit()).isZero();
      assertThat(node.alive()).isFalse();
      assertThat(node.home().resolve("node.json")).doesNotExist();
      assertThat(Files.getPosixFilePermissions(node.home())).hasSize(3);

      node.start();
      assertThat(node.api().keyword("sample", "restart", Optional.empty(), 10)
          .findValuesAsText("path")).containsExactly("a.txt");
      assertThat(node.stop()).isIn(0, 143);
      assertThat(node.home().resolve("node.json")).doesNotExist();
    }
  }

  /// ONNX Runtime would report its use, and mark the machine in the user's home.
  @Test
  void embeddedModelReportsNothingToAnybody() throws IOException {
    Path home = Files.createDirectories(folder.resolve("user"));
    try (NodeProcess node = new NodeProcess(folder.resolve("node"),
        Map.of("HOME", home.toString(), "XDG_CACHE_HOME", home.resolve("cache").toString()))
        .start()) {
      GitRepository repository = GitRepository.create(folder.resolve("sample"));
      repository.write("a.txt", "embedded\n").commit("One");
      assertThat(node.ok("repo", "add", repository.folder().toString())).contains("1 embedded");
      assertThat(node.stop()).isIn(0, 143);
    }
    assertThat(home).isEmptyDirectory();
  }

  private static void foreignNamesAndOriginsAreRefused(NodeProcess node) throws IOException {
    Api.Reply origin = node.api().send("POST", "/v1/repositories/sample/pause", "", "Origin",
        "https://example.org");
    assertThat(origin.status()).isEqualTo(403);
    for (String request : List.of("GET /v1/repositories HTTP/1.1\r\nHost: example.org",
        "POST /v1/repositories/sample/pause HTTP/1.1\r\nHost: rebound.example.org:"
            + node.api().url().getPort()))
      assertThat(raw(node.api(), request)).startsWith("HTTP/1.1 4");
    assertThat(node.api().repository("sample").path("paused").asBoolean()).isFalse();
  }

  /// The client of the JDK does not let a test choose the Host header.
  private static String raw(Api api, String request) throws IOException {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), api.url().getPort()),
          5_000);
      socket.setSoTimeout(10_000);
      socket.getOutputStream()
          .write((request + "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
              .getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void configurationIsPrintedWithoutSecrets() {
    NodeProcess node = new NodeProcess(folder,
        Map.of("WEAVIATE_API_KEY", "sesame-one", "ELYSIACTL_EMBEDDINGS_KEY", "sesame-two",
            "ELYSIACTL_DB_PASSWORD", "sesame-three", "ELYSIACTL_DB_URL",
            "jdbc:postgresql://db/x?user=u&password=sesame-four"));
    Finished printed = node.cli("server", "start", "--print-config");
    assertThat(printed.exit()).as(printed.toString()).isZero();
    assertThat(printed.text()).contains("elysia.worker.weaviate.api-key = \"********\"",
        "elysia.worker.openai.key = \"********\"", "elysia.http.interface = \"127.0.0.1\"",
        node.home().toString());
    assertThat(printed.toString()).doesNotContain("sesame");
  }

  @Test
  void unknownSettingStopsTheStartWithFileAndLine() throws IOException {
    NodeProcess node = NodeProcess.cheap(folder)
        .configured("elysia.http.port = 0\n\nelysia.http.prot = 1\n");
    Finished refused = node.cli("server", "start", "--foreground");
    assertThat(refused.exit()).isEqualTo(2);
    assertThat(refused.errors()).contains("config.conf: 3", "elysia.http.prot");

    node.configured("elysia {\n  http {\n    interface = \"0.0.0.0\"\n  }\n}\n");
    Finished open = node.cli("server", "start", "--foreground");
    assertThat(open.exit()).as(open.toString()).isIn(2, 3);
    assertThat(open.errors()).contains("0.0.0.0", "localhost");

    node.configured(
        "elysia.http.interface = \"127.0.0.1\"\nelysia.coordinator.repository.window = soon\n");
    Finished wrong = node.cli("server", "start", "--foreground");
    assertThat(wrong.exit()).as(wrong.toString()).isEqualTo(2);
    assertThat(wrong.errors()).contains("config.conf: 2", "window");

    node.configured("elysia.http {\n");
    Finished unparsable = node.cli("server", "start", "--foreground");
    assertThat(unparsable.exit()).isEqualTo(2);
    assertThat(unparsable.errors()).contains("config.conf");
  }

  @Test
  void nodeThatNobodyNeedsEnds() {
    try (NodeProcess node = NodeProcess.cheap(folder)) {
      Process process = node.launch("--idle-exit", "1s");
      assertThat(node.ended(process, END)).as(node.tail()).isZero();
      assertThat(node.tail()).contains("nobody used this node");
      assertThat(node.home().resolve("node.json")).doesNotExist();
    }
  }

  @Test
  void homeThatCannotBeWrittenIsNamed() throws IOException {
    Files.writeString(folder.resolve("home"), "a file where the home should be");
    NodeProcess node = NodeProcess.cheap(folder);
    Finished refused = node.cliIn(folder, "server", "start", "--foreground");
    assertThat(refused.exit()).isEqualTo(3);
    assertThat(refused.errors()).contains("home", node.home().toString(), "cannot be used")
        .doesNotContain("\tat ");
  }

  @Test
  void fullDiskIsSaid() throws IOException {
    NodeProcess node = NodeProcess.cheap(folder);
    Finished refused = Finished.run(folder,
        Map.of("ELYSIACTL_HOME", node.home().toString(), "ELYSIACTL_HTTP_PORT", "0",
            "ELYSIACTL_EMBEDDER", "constant"),
        END, new byte[0], List.of("sh", "-c", "ulimit -f 8; exec \"$0\" server start --foreground",
            NodeProcess.launcher().toString()));
    assertThat(refused.exit()).as(refused.toString()).isEqualTo(3);
    assertThat(refused.errors()).contains("error: ", node.home().toString())
        .doesNotContain("\tat ");
  }
}
