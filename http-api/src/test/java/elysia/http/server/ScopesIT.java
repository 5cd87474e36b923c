package elysia.http.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import elysia.core.auth.Authenticator;
import elysia.core.auth.Scope;
import elysia.http.route.Audit;
import elysia.http.route.Endpoint;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every endpoint, asked with every kind of token.
class ScopesIT {
  private static final Set<String> OPEN = Set.of("/alive", "/ready", "/");
  private static TestServer server;

  @BeforeAll
  static void start() throws Exception {
    Authenticator tokens = FakePorts.tokens(Map.of("r", Set.of(Scope.READ), "w",
        Set.of(Scope.READ, Scope.WRITE), "a", Set.of(Scope.values()), "n", Set.of()));
    server = TestServer.with(tokens, "");
  }

  @AfterAll
  static void end() {
    server.close();
  }

  static List<Endpoint> endpoints() {
    return ApiEndpoints.all();
  }

  private static int status(Endpoint endpoint, String... headers) throws Exception {
    String path = endpoint.template().replaceAll("\\{\\w+}", "demo");
    return server.send(endpoint.method().value(), path, "", headers).statusCode();
  }

  private static String[] bearer(String token) {
    return new String[]{"Authorization", "Bearer " + token};
  }

  @ParameterizedTest
  @MethodSource("endpoints")
  void everyEndpointWantsItsScope(Endpoint endpoint) throws Exception {
    server.fake.calls.clear();
    if (OPEN.contains(endpoint.template())) {
      assertThat(status(endpoint)).isEqualTo(200);
      return;
    }
    assertThat(status(endpoint)).isEqualTo(401);
    assertThat(status(endpoint, bearer("wrong"))).isEqualTo(401);
    assertThat(status(endpoint, bearer("n"))).isEqualTo(403);
    assertThat(server.fake.calls).isEmpty();
    String method = endpoint.method().value();
    boolean admin = endpoint.template().startsWith("/v1/tokens")
        || (method.equals("DELETE") && endpoint.template().startsWith("/v1/collections"));
    boolean reads = !admin
        && (method.equals("GET") || endpoint.template().equals("/v1/search"));
    if (!reads) {
      assertThat(status(endpoint, bearer("r"))).isEqualTo(403);
      assertThat(server.fake.calls).isEmpty();
    }
    if (admin)
      assertThat(status(endpoint, bearer("w"))).isEqualTo(403);
    assertThat(status(endpoint, bearer(reads ? "r" : admin ? "a" : "w"))).isNotIn(401, 403);
  }

  @Test
  void deletingTheCollectionWithItsRepositoryNeedsAdmin() throws Exception {
    String path = "/v1/repositories/demo?delete_collection=true";
    assertThat(server.send("DELETE", path, "", bearer("w")).statusCode()).isEqualTo(403);
    assertThat(server.send("DELETE", path, "", bearer("a")).statusCode()).isEqualTo(200);
  }

  @Test
  void missingTokenIsChallenged() throws Exception {
    HttpResponse<String> response = server.get("/v1/repositories");
    assertThat(response.headers().firstValue("WWW-Authenticate"))
        .hasValueSatisfying(value -> assertThat(value).startsWith("Bearer"));
    assertThat(response.body()).contains("unauthenticated");
  }

  @Test
  void unknownPathsTellNothingWithoutAToken() throws Exception {
    assertThat(server.get("/nowhere").statusCode()).isEqualTo(401);
    assertThat(server.send("PUT", "/v1/repositories", "").statusCode()).isEqualTo(401);
    assertThat(server.send("GET", "/nowhere", "", bearer("r")).statusCode()).isEqualTo(404);
  }

  @Test
  void pageWithoutDataIsTheSameForEverybody() throws Exception {
    server.fake.calls.clear();
    HttpResponse<String> page = server.get("/");
    assertThat(page.body()).isEqualTo(server.send("GET", "/", "", bearer("a")).body())
        .doesNotContain("demo", FakePorts.demo().location());
    assertThat(page.headers().firstValue("WWW-Authenticate")).isEmpty();
    assertThat(server.fake.calls).isEmpty();
  }

  @Test
  void webSocketTakesTheTokenAmongItsProtocols() throws Exception {
    assertThat(handshake("elysiactl.events")).startsWith("HTTP/1.1 401");
    assertThat(handshake("elysiactl.events, " + protocol("wrong"))).startsWith("HTTP/1.1 401");
    assertThat(handshake("elysiactl.events, " + protocol("n"))).startsWith("HTTP/1.1 403");
    assertThat(handshake("elysiactl.events, " + protocol("r"))).startsWith("HTTP/1.1 101")
        .contains("Sec-WebSocket-Protocol: elysiactl.events\r\n");
    assertThat(handshake("elysiactl.bearer.!")).startsWith("HTTP/1.1 4");
  }

  private static String protocol(String token) {
    return "elysiactl.bearer." + Base64.getUrlEncoder().withoutPadding()
        .encodeToString(token.getBytes(StandardCharsets.UTF_8));
  }

  /// The head of the answer.
  private static String handshake(String protocols) throws Exception {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.address.port())) {
      socket.setSoTimeout(20_000);
      socket.getOutputStream().write(String.join("\r\n", "GET /ws HTTP/1.1",
          "Host: localhost:" + server.address.port(), "Upgrade: websocket", "Connection: Upgrade",
          "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Version: 13",
          "Sec-WebSocket-Protocol: " + protocols, "", "").getBytes(StandardCharsets.US_ASCII));
      StringBuilder head = new StringBuilder();
      while (head.indexOf("\r\n\r\n") < 0) {
        int next = socket.getInputStream().read();
        if (next < 0)
          break;
        head.append((char) next);
      }
      return head.toString();
    }
  }

  @Test
  void metricsAreOpenWhereItIsSaidSo() throws Exception {
    try (TestServer open = TestServer.with(FakePorts.tokens(Map.of("r", Set.of(Scope.READ))),
        "elysia.http.open-metrics = true")) {
      assertThat(open.get("/metrics").statusCode()).isEqualTo(200);
      assertThat(open.get("/v1/cluster").statusCode()).isEqualTo(401);
    }
  }

  @Test
  void changesAndRefusalsAreWrittenDownWithoutSecrets() throws Exception {
    server.fake.audit.changes.clear();
    server.fake.audit.refusals.clear();
    server.send("POST", "/v1/repositories/demo/sync?full=true", "", bearer("w"));
    server.send("POST", "/v1/repositories", "{\"location\":\"https://u:hidden-1@h/r.git\"}",
        "Authorization", "Bearer a", "Content-Type", "application/json");
    server.send("POST", "/v1/repositories/none/pause", "", bearer("w"));
    server.send("POST", "/v1/tokens", "{\"name\":\"ci\",\"scope\":\"write\"}", "Authorization",
        "Bearer a", "Content-Type", "application/json");
    server.send("GET", "/v1/repositories", "", bearer("r"));
    server.send("POST", "/v1/search", "{\"query\":\"x\"}", "Authorization", "Bearer r",
        "Content-Type", "application/json");
    assertThat(server.fake.audit.changes).containsExactly(
        entry("w", "POST /v1/repositories/{name}/sync", Map.of("full", "true", "name", "demo"), 202,
            ""),
        entry("a", "POST /v1/repositories", Map.of("location", "(not a location)"), 201, ""),
        entry("w", "POST /v1/repositories/{name}/pause", Map.of("name", "none"), 404,
            "repository_not_found"),
        entry("a", "POST /v1/tokens", Map.of("token", "ci", "scope", "write"), 201, ""));
    server.send("POST", "/v1/repositories/demo/sync", "", bearer("hidden-2"));
    server.send("POST", "/v1/repositories/demo/sync", "", bearer("r"));
    assertThat(server.fake.audit.refusals).extracting(Audit.Entry::who, Audit.Entry::status)
        .containsExactly(tuple("", 401), tuple("r", 403));
    assertThat(server.fake.audit.changes + "" + server.fake.audit.refusals)
        .doesNotContain("hidden-", "elysiactl_0123");
  }

  private static Audit.Entry entry(String who, String action, Map<String, String> what, int status,
      String code) {
    return new Audit.Entry(who, "127.0.0.1", action, what, status, code);
  }
}
