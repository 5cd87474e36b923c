package elysia.deploy.access;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import elysia.testkit.git.GitRepository;
import elysia.testkit.node.Api;
import elysia.testkit.node.NodeProcess;
import elysia.testkit.process.Await;
import elysia.testkit.process.Finished;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A node as its owner, its users and strangers find it.
class OutsiderIT {
  private static final Set<String> OPEN = Set.of("/alive", "/ready", "/");
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final String PASSWORD = "hidden-database-password-1";
  private static final String STORE_KEY = "hidden-store-key-2";
  private static final String EMBEDDINGS_KEY = "hidden-embeddings-key-3";
  private static final String BOOTSTRAP = "hidden-bootstrap-token-4-0123456789";
  private static final List<String> SECRETS = List.of(PASSWORD, STORE_KEY, EMBEDDINGS_KEY,
      BOOTSTRAP);

  @TempDir
  private static Path folder;
  private static NodeProcess node;
  private static String admin;
  private static String write;
  private static String read;

  @BeforeAll
  static void start() throws IOException {
    Path file = folder.resolve("bootstrap");
    Files.writeString(file, BOOTSTRAP + "\n");
    node = new NodeProcess(folder.resolve("n"), Map.of("ELYSIACTL_EMBEDDER", "constant",
        "ELYSIACTL_DB_PASSWORD", PASSWORD, "WEAVIATE_API_KEY", STORE_KEY,
        "ELYSIACTL_EMBEDDINGS_KEY", EMBEDDINGS_KEY, "ELYSIACTL_BOOTSTRAP_TOKEN_FILE",
        file.toString())).start();
    admin = node.ok("token", "create", "--name", "root", "--scope", "admin").strip();
    write = node.ok("token", "create", "--name", "ci", "--scope", "write").strip();
    read = node.ok("token", "create", "--name", "dash", "--scope", "read", "--expires", "1d")
        .strip();
    GitRepository repository = GitRepository.create(folder.resolve("repo"));
    repository.write("a.py", "answer = 42\n").commit("first");
    node.ok("repo", "add", repository.folder().toString(), "--name", "demo");
  }

  @AfterAll
  static void end() {
    node.close();
  }

  private record Route(String method, String path, String scope) {}

  private static List<Route> routes() {
    JsonNode document = good("GET", "/openapi.json", read);
    List<Route> routes = new ArrayList<>();
    document.path("paths").properties().forEach(path -> path.getValue().properties().stream()
        .filter(operation -> Set.of("get", "post", "put", "patch", "delete")
            .contains(operation.getKey()))
        .forEach(operation -> routes.add(new Route(operation.getKey().toUpperCase(Locale.ROOT),
            path.getKey().replaceAll("\\{\\w+}", "demo"), operation.getValue().path("security")
                .path(0).path("token").path(0).asText("open")))));
    assertThat(routes).hasSizeGreaterThan(20);
    return routes;
  }

  private static Api.Reply send(String method, String path, Optional<String> token) {
    boolean body = Set.of("POST", "PATCH", "PUT").contains(method);
    try {
      return node.api().send(method, path, body ? Map.of() : "", token
          .map(text -> new String[]{"Authorization", "Bearer " + text}).orElse(new String[0]));
    } catch (IOException e) {
      throw new AssertionError(method + " " + path, e);
    }
  }

  private static JsonNode good(String method, String path, String token) {
    Api.Reply reply = send(method, path, Optional.of(token));
    assertThat(reply.status()).as(reply.toString()).isBetween(200, 299);
    return reply.body();
  }

  @Test
  void strangerGetsNothingFromAnyRoute() {
    for (Route route : routes())
      for (Optional<String> token : List.of(Optional.<String>empty(), Optional.of("guessed"),
          Optional.of(read.substring(0, read.length() - 1) + "x"))) {
        Api.Reply reply = send(route.method(), route.path(), token);
        if (OPEN.contains(route.path()))
          assertThat(reply.status()).isEqualTo(200);
        else
          assertThat(reply.status()).as(route.toString()).isEqualTo(401);
        assertThat(reply.body().toString()).doesNotContain("a.py", "answer");
      }
  }

  @Test
  void readerChangesNothingAndWriterNothingOfTheAdministrators() {
    JsonNode before = good("GET", "/v1/repositories/demo", admin);
    JsonNode tokens = good("GET", "/v1/tokens", admin);
    for (Route route : routes()) {
      if (route.scope().equals("write") || route.scope().equals("admin"))
        assertThat(send(route.method(), route.path(), Optional.of(read)).status())
            .as(route.toString()).isEqualTo(403);
      if (route.scope().equals("admin"))
        assertThat(send(route.method(), route.path(), Optional.of(write)).status())
            .as(route.toString()).isEqualTo(403);
    }
    assertThat(good("GET", "/v1/repositories/demo", read)).isEqualTo(before);
    assertThat(good("GET", "/v1/tokens", admin)).isEqualTo(tokens);
    assertThat(send("DELETE", "/v1/repositories/demo?delete_collection=true", Optional.of(write))
        .status()).isEqualTo(403);
  }

  @Test
  void webSocketAndThePortBetweenNodesTellStrangersNothing() throws IOException {
    URI url = node.api().url();
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), url.getPort())) {
      socket.setSoTimeout(20_000);
      socket.getOutputStream().write(String.join("\r\n", "GET /ws HTTP/1.1",
          "Host: " + url.getAuthority(), "Upgrade: websocket", "Connection: Upgrade",
          "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Version: 13", "", "")
          .getBytes(StandardCharsets.US_ASCII));
      assertThat(new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII))
          .isEqualTo("HTTP/1.1 401");
    }
    String self = good("GET", "/v1/cluster", read).path("self").asText();
    assertThat(self).contains("@127.0.0.1:");
    int port = Integer.parseInt(self.substring(self.lastIndexOf(':') + 1));
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 5_000);
      socket.setSoTimeout(20_000);
      socket.getOutputStream()
          .write("GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      assertThat(socket.getInputStream().read()).isEqualTo(-1);
    } catch (java.net.SocketException e) { // reset is as good
      assertThat(e).hasMessageContaining("reset");
    }
  }

  @Test
  void revokedTokenIsRefusedAndTheOwnerOfTheHomeIsLetIn() {
    String brief = node.ok("token", "create", "--name", "brief", "--scope", "read").strip();
    good("GET", "/v1/repositories", brief);
    node.ok("token", "revoke", "brief");
    assertThat(send("GET", "/v1/repositories", Optional.of(brief)).status()).isEqualTo(401);
    assertThat(node.ok("token", "list")).contains("root", "ci", "dash").doesNotContain("brief")
        .doesNotContain(admin);
    Finished stranger = node.cli("repo", "list", "--server", node.api().url().toString());
    assertThat(stranger.exit()).isEqualTo(4);
    good("GET", "/v1/tokens", BOOTSTRAP);
  }

  @Test
  void changesAreWrittenDownByNameAndFromWhere() {
    node.ok("repo", "pause", "demo");
    good("POST", "/v1/repositories/demo/resume", write);
    send("POST", "/v1/repositories/demo/pause", Optional.of("guessed"));
    Path logs = node.home().resolve("logs");
    Await.so("the lines are there", SOON, () -> {
      try {
        return Files.readString(logs.resolve("audit.log")).contains("\"who\":\"ci\"")
            && Files.readString(logs.resolve("refused.log")).contains("\"status\":401");
      } catch (IOException e) {
        return false;
      }
    });
    assertThat(read(logs.resolve("audit.log")))
        .contains("\"who\":\"(owner)\",\"from\":\"127.0.0.1\","
            + "\"action\":\"POST /v1/repositories/{name}/pause\",\"what\":{\"name\":\"demo\"},\"status\":200");
  }

  @Test
  void secretsAreNowhereButWhereTheyWereGiven() throws IOException {
    List<String> secrets = new ArrayList<>(SECRETS);
    secrets.addAll(List.of(admin, write, read));
    String printed = node.ok("server", "start", "--print-config");
    assertThat(printed).contains("api-key = \"********\"", "bootstrap-token = \"********\"");
    StringBuilder told = new StringBuilder(printed).append(node.tail());
    for (String path : List.of("/metrics", "/v1/cluster", "/v1/tokens", "/v1/repositories/demo",
        "/v1/repositories/demo/log", "/openapi.json"))
      told.append(send("GET", path, Optional.of(admin)));
    Path commandLine = Path.of("/proc", String.valueOf(node.pid()), "cmdline");
    if (Files.exists(commandLine))
      told.append(read(commandLine));
    for (String secret : secrets)
      assertThat(told.toString()).doesNotContain(secret);
    try (Stream<Path> files = Files.walk(node.home())) {
      for (Path file : files.filter(Files::isRegularFile).toList())
        for (String secret : secrets)
          assertThat(read(file)).as(file.toString()).doesNotContain(secret);
    }
  }

  /// Byte by byte, whatever the file holds; empty when it went away.
  private static String read(Path file) {
    try {
      return Files.readString(file, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      return "";
    }
  }

  @Test
  void nodeForOthersWantsTokensBeforeItOpensItsDoor() {
    NodeProcess open = new NodeProcess(folder.resolve("open"),
        Map.of("ELYSIACTL_EMBEDDER", "constant", "ELYSIACTL_HTTP_INTERFACE", "0.0.0.0"));
    try {
      Process started = open.launch();
      assertThat(open.ended(started, Duration.ofMinutes(2))).isEqualTo(2);
      assertThat(open.tail()).contains("elysiactl token create", "ELYSIACTL_BOOTSTRAP_TOKEN_FILE");
    } finally {
      open.close();
    }
  }
}
