package elysia.http.server;

import static org.assertj.core.api.Assertions.assertThat;

import elysia.core.auth.Authenticator;
import elysia.core.auth.Scope;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GuardIT {
  private static TestServer server;

  @BeforeAll
  static void start() throws Exception {
    server = TestServer.open();
  }

  @AfterAll
  static void end() {
    server.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"evil.example", "evil.example:3030", "127.0.0.1.evil.example",
      "localhost.evil.example:80", "127.0.0.2", "[::2]:3030", "localhost."})
  void otherHostNamesAreMisdirected(String host) throws Exception {
    for (String path : new String[]{"/v1/repositories", "/alive", "/"})
      assertThat(
          server.raw("GET " + path + " HTTP/1.1", "Host: " + host, "Connection: close"))
          .startsWith("HTTP/1.1 421").contains("wrong_host");
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "127.0.0.1:1", "[::1]:3030", "localhost", "LOCALHOST:9"})
  void loopbackHostNamesAreServed(String host) throws Exception {
    assertThat(server.raw("GET /alive HTTP/1.1", "Host: " + host, "Connection: close"))
        .startsWith("HTTP/1.1 200");
  }

  @Test
  void targetOfAnotherAuthorityIsRefused() throws Exception {
    assertThat(server.raw("GET http://evil.example/alive HTTP/1.1", "Host: localhost",
        "Connection: close")).startsWith("HTTP/1.1 4");
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://evil.example", "null", "http://localhost:1", "https://127.0.0.1",
      "http://127.0.0.1.evil.example"})
  void pagesOfOtherOriginsChangeNothing(String origin) throws Exception {
    server.fake.calls.clear();
    HttpResponse<String> response = server.send("POST", "/v1/repositories/demo/sync", "", "Origin",
        origin);
    assertThat(response.statusCode()).isEqualTo(403);
    assertThat(response.body()).contains("foreign_origin");
    assertThat(server.raw("GET /ws HTTP/1.1", "Host: 127.0.0.1:" + server.address.port(),
        "Origin: " + origin, "Upgrade: websocket", "Connection: Upgrade",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Version: 13",
        "Connection: close")).startsWith("HTTP/1.1 4");
    assertThat(server.fake.calls).isEmpty();
  }

  @Test
  void crossSiteFetchesChangeNothing() throws Exception {
    assertThat(server.send("DELETE", "/v1/repositories/demo", "", "Sec-Fetch-Site", "cross-site")
        .statusCode()).isEqualTo(403);
  }

  @Test
  void ownOriginIsServed() throws Exception {
    assertThat(server.send("POST", "/v1/repositories/demo/sync", "", "Origin",
        server.address.url().toString(), "Sec-Fetch-Site", "same-origin").statusCode())
        .isEqualTo(202);
  }

  @Test
  void withTokensAnyHostNameIsServed() throws Exception {
    Authenticator tokens = FakePorts.tokens(Map.of("t", Set.of(Scope.READ)));
    try (TestServer guarded = TestServer.with(tokens, "")) {
      assertThat(guarded.raw("GET /v1/cluster HTTP/1.1", "Host: node.example",
          "Authorization: Bearer t", "Connection: close")).startsWith("HTTP/1.1 200");
    }
  }

  @Test
  void twoTokensAreNone() throws Exception {
    Authenticator tokens = FakePorts.tokens(Map.of("t", Set.of(Scope.READ)));
    try (TestServer guarded = TestServer.with(tokens, "")) {
      assertThat(guarded.raw("GET /v1/cluster HTTP/1.1", "Host: node.example",
          "Authorization: Bearer t", "Authorization: Bearer u", "Connection: close"))
          .startsWith("HTTP/1.1 400").contains("Authorization: sent more than once");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"https://node.example", "https://other.example", "https://node.example:1",
      "null"})
  void pageThatAProxyServesByTlsDrivesItsNode(String origin) throws Exception {
    Authenticator tokens = FakePorts.tokens(Map.of("t", Set.of(Scope.WRITE)));
    try (TestServer guarded = TestServer.with(tokens, "")) {
      assertThat(guarded.raw("POST /v1/repositories/demo/sync HTTP/1.1", "Host: node.example",
          "Origin: " + origin, "Authorization: Bearer t", "Content-Length: 0",
          "Connection: close")).startsWith(
              "HTTP/1.1 " + (origin.equals("https://node.example") ? 202 : 403));
    }
  }

  @Test
  void tokenAndStrangerThatAskTooOftenWaitAndHoldUpNobody() throws Exception {
    Authenticator tokens = FakePorts
        .tokens(Map.of("t", Set.of(Scope.READ), "u", Set.of(Scope.READ)));
    try (TestServer limited = TestServer.with(tokens, """
        elysia.http.rate-limit { requests-per-second = 0.01, burst = 2 }""")) {
      for (String token : new String[]{"t", "guessed"}) {
        int good = token.equals("t") ? 200 : 401;
        assertThat(cluster(limited, token).statusCode()).isEqualTo(good);
        assertThat(cluster(limited, token).statusCode()).isEqualTo(good);
        HttpResponse<String> response = cluster(limited, token);
        assertThat(response.statusCode()).isEqualTo(429);
        assertThat(response.headers().firstValue("Retry-After").map(Integer::valueOf).orElse(0))
            .isBetween(50, 100);
      }
      assertThat(cluster(limited, "u").statusCode()).isEqualTo(200);
      assertThat(limited.get("/alive").statusCode()).isEqualTo(200);
    }
  }

  private static HttpResponse<String> cluster(TestServer at, String token) throws Exception {
    return at.send("GET", "/v1/cluster", "", "Authorization", "Bearer " + token);
  }

  @Test
  void nodeWithoutTokensLimitsNobody() throws Exception {
    try (TestServer own = TestServer.with(Authenticator.open(), """
        elysia.http.rate-limit { requests-per-second = 0.01, burst = 1 }""")) {
      for (int i = 0; i < 5; i++)
        assertThat(own.get("/v1/cluster").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void longHeadersAndTargetsAreRefused() throws Exception {
    assertThat(server.raw("GET /alive HTTP/1.1", "Host: localhost", "X: " + "x".repeat(20_000),
        "Connection: close")).startsWith("HTTP/1.1 4");
    assertThat(server.raw("GET /" + "x".repeat(20_000) + " HTTP/1.1", "Host: localhost",
        "Connection: close")).startsWith("HTTP/1.1 4");
  }
}
