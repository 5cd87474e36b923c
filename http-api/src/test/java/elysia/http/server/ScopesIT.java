package elysia.http.server;

import static org.assertj.core.api.Assertions.assertThat;

import elysia.core.auth.Authenticator;
import elysia.core.auth.Scope;
import elysia.http.route.Endpoint;
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
  private static final Set<String> OPEN = Set.of("/alive", "/ready");
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
    boolean reads = method.equals("GET") || endpoint.template().equals("/v1/search");
    boolean admin = method.equals("DELETE") && endpoint.template().startsWith("/v1/collections");
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
  void browserMayGiveTheTokenAsPassword() throws Exception {
    assertThat(server.get("/").headers().allValues("WWW-Authenticate"))
        .anyMatch(value -> value.startsWith("Basic"));
    String basic = "Basic "
        + Base64.getEncoder().encodeToString("any:r".getBytes(StandardCharsets.UTF_8));
    assertThat(server.send("GET", "/", "", "Authorization", basic).statusCode()).isEqualTo(200);
    assertThat(server.send("GET", "/", "", "Authorization", "Basic !").statusCode())
        .isEqualTo(401);
  }
}
