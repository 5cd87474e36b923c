package elysia.http.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import elysia.core.cluster.ClusterView.Readiness;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RoutesIT {
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
  @CsvSource(delimiter = '|', value = {
      "GET    | /v1/repositories                           | | 200 | list 100 -",
      "GET    | /v1/repositories?limit=10000&cursor=a%20b  | | 200 | list 10000 a b",
      "GET    | /v1/repositories/demo                      | | 200 | status demo",
      "DELETE | /v1/repositories/demo                      | | 200 | remove demo false",
      "DELETE | /v1/repositories/demo?delete_collection=true | | 200 | remove demo true",
      "POST   | /v1/repositories/demo/sync                 | | 202 | sync demo false",
      "POST   | /v1/repositories/demo/sync?full=true       | | 202 | sync demo true",
      "POST   | /v1/repositories/demo/pause                | | 200 | pause demo",
      "POST   | /v1/repositories/demo/resume               | | 200 | resume demo",
      "POST   | /v1/repositories/demo/retry                | | 202 | retry demo",
      "POST   | /v1/repositories/demo/verify?deep&repair=1 | | 202 | verify demo true true",
      "POST   | /v1/repositories/demo/diagnose             | | 200 | diagnose demo false",
      "POST   | /v1/repositories/demo/diagnose?access_only | | 200 | diagnose demo true",
      "GET    | /v1/repositories/demo/log?limit=5&cursor=7 | | 200 | log demo 5 7",
      "GET    | /v1/repositories/demo/failures             | | 200 | failures demo",
      "GET    | /v1/collections                            | | 200 | collections",
      "GET    | /v1/collections/demo                       | | 200 | collection demo",
      "DELETE | /v1/collections/demo                       | | 204 | delete demo",
      "GET    | /v1/tokens                                 | | 200 | tokens",
      "DELETE | /v1/tokens/demo                            | | 200 | token revoke demo false",
      "DELETE | /v1/tokens/demo?last=true                  | | 200 | token revoke demo true",
      "POST   | /v1/tokens | {\"name\":\"ci\",\"scope\":\"write\"} | 201 | token create ci WRITE",
      "PATCH  | /v1/repositories/demo | {\"schedule\":\"1h\"} | 200 | update demo 1h",
      "POST   | /v1/search | {\"query\":\"q\",\"mode\":\"vector\"} | 200 | search q VECTOR",
      "POST   | /v1/repositories | {\"location\":\"https://h/r.git\"}    | 201 | add https://h/r.git",
      "POST   | /v1/repositories | {\"location\":\"https://h/same.git\"} | 200 | add https://h/same.git",
      "POST   | /v1/repositories?dry_run=true | {\"location\":\"/r\"} | 200 | estimate /r"})
  void everyRouteReachesItsPort(String method, String path, String body, int status, String call)
      throws Exception {
    server.fake.calls.clear();
    HttpResponse<String> response = body == null
        ? server.send(method, path, "")
        : server.json(method, path, body);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    assertThat(server.fake.calls).containsExactly(call);
    if (status != 204)
      assertThat(response.headers().firstValue("Content-Type")).hasValue("application/json");
  }

  @Test
  void addedRepositoryIsNamedByLocation() throws Exception {
    HttpResponse<String> response = server.json("POST", "/v1/repositories",
        "{\"location\":\"/r\"}");
    assertThat(response.headers().firstValue("Location")).hasValue("/v1/repositories/demo");
    assertThat(TestServer.tree(response).path("synced_commit").asText()).isEqualTo("c0ffee");
  }

  @Test
  void listIsAPageWithACursor() throws Exception {
    JsonNode page = TestServer.tree(server.get("/v1/repositories"));
    assertThat(page.path("items").path(0).path("last_sync").asText())
        .isEqualTo("2026-01-02T03:04:05Z");
    assertThat(page.path("next_cursor").asText()).isEqualTo("demo");
    assertThat(page.path("items").path(0).has("branch")).isFalse();
  }

  @Test
  void probesAnswer() throws Exception {
    assertThat(server.get("/alive").statusCode()).isEqualTo(200);
    assertThat(TestServer.tree(server.get("/ready")).path("ready").asBoolean()).isTrue();
    server.fake.readiness = new Readiness(false, "not joined");
    HttpResponse<String> response = server.get("/ready");
    server.fake.readiness = new Readiness(true, "");
    assertThat(response.statusCode()).isEqualTo(503);
    assertThat(TestServer.tree(response).path("detail").asText()).isEqualTo("not joined");
  }

  @Test
  void clusterIsTold() throws Exception {
    assertThat(TestServer.tree(server.get("/v1/cluster")).path("members").path(0).path("address")
        .asText()).isEqualTo("node-1");
  }

  @Test
  void headIsAnsweredLikeGetWithoutABody() throws Exception {
    HttpResponse<String> response = server.send("HEAD", "/v1/repositories/demo", "");
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).isEmpty();
  }

  @Test
  void metricsCountRequestsByTemplateAndNothingThatClientsChoose() throws Exception {
    server.get("/v1/repositories/demo");
    server.get("/nowhere/at/all");
    HttpResponse<String> response = server.get("/metrics");
    assertThat(response.headers().firstValue("Content-Type")).get().asString()
        .startsWith("text/plain");
    assertThat(response.body()).contains("elysiactl_http_request_seconds_count",
        "route=\"/v1/repositories/{name}\"", "route=\"unmatched\"", "status=\"4xx\"",
        "elysiactl_http_websocket_clients")
        .doesNotContain("nowhere", "route=\"/v1/repositories/demo\"");
  }

  @Test
  void dashboardRunsOnlyItsOwnScriptAndAsksOnlyThisNode() throws Exception {
    HttpResponse<String> response = server.get("/");
    assertThat(response.body()).contains("<script>'use strict'", "<style>:root")
        .doesNotContain("innerHTML", "http://", "https://", "<!--s");
    assertThat(response.headers().allValues("Content-Security-Policy")).singleElement().asString()
        .contains("default-src 'none'", "script-src 'sha256-", "style-src 'sha256-")
        .doesNotContain("unsafe");
  }

  @Test
  void everyAnswerCarriesTheSecurityHeaders() throws Exception {
    for (String path : new String[]{"/alive", "/v1/repositories", "/none", "/"}) {
      var headers = server.get(path).headers();
      assertThat(headers.firstValue("X-Content-Type-Options")).hasValue("nosniff");
      assertThat(headers.firstValue("X-Frame-Options")).hasValue("DENY");
      assertThat(headers.firstValue("Referrer-Policy")).hasValue("no-referrer");
      assertThat(headers.firstValue("Content-Security-Policy")).isPresent();
      assertThat(headers.firstValue("Server")).isEmpty();
    }
  }
}
