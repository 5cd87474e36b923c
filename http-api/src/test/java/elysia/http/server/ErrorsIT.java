package elysia.http.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import elysia.core.auth.Authenticator;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ErrorsIT {
  private static TestServer server;

  @BeforeAll
  static void start() throws Exception {
    server = TestServer.with(Authenticator.open(), "elysia.http.max-body-size = 10000");
  }

  @AfterAll
  static void end() {
    server.close();
  }

  private static JsonNode problem(HttpResponse<String> response, int status, String code)
      throws Exception {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    assertThat(response.headers().firstValue("Content-Type"))
        .hasValueSatisfying(type -> assertThat(type).startsWith("application/problem+json"));
    JsonNode problem = TestServer.tree(response);
    assertThat(problem.path("status").asInt()).isEqualTo(status);
    assertThat(problem.path("code").asText()).isEqualTo(code);
    assertThat(problem.path("type").asText()).isEqualTo("urn:elysiactl:problem:" + code);
    for (String field : new String[]{"title", "detail", "instance"})
      assertThat(problem.path(field).asText()).as(field).isNotEmpty();
    return problem;
  }

  @ParameterizedTest
  @CsvSource({"busy, 503, busy", "taken, 409, repository_exists", "used, 409, collection_in_use",
      "odd, 422, auth_failed", "bad, 400, invalid", "missing, 404, repository_not_found"})
  void outcomesAreProblems(String name, int status, String code) throws Exception {
    HttpResponse<String> response = server.get("/v1/repositories/" + name);
    JsonNode problem = problem(response, status, code);
    assertThat(problem.path("instance").asText()).isEqualTo("/v1/repositories/" + name);
    if (status == 503)
      assertThat(response.headers().firstValue("Retry-After")).hasValue("7");
    if (name.equals("odd"))
      assertThat(problem.path("hint").asText()).isEqualTo("set credentials");
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {
      "{\"location\":\"/r\",\"nam\":\"x\"} | unknown_field | nam: unknown field",
      "{\"location\":\"/r\",            | bad_json | line 1, column",
      "{\"location\":\"/r\"} x          | bad_json | line 1, column",
      "{\"location\":\"/r\",\"location\":\"/s\"} | bad_json | uplicate",
      "{}                               | invalid  | location: missing",
      "{\"location\":\"/r\",\"max_file_size\":\"many\"} | invalid | max_file_size at line 1",
      "{\"location\":\"/r\",\"include_pattern\":{}}     | invalid | include_pattern at line 1",
      "null                             | invalid  | null", "[]           | invalid  | body"})
  void badBodiesAreToldByPlaceAndField(String body, String code, String detail) throws Exception {
    JsonNode problem = problem(server.json("POST", "/v1/repositories", body), 400, code);
    assertThat(problem.path("detail").asText()).contains(detail).doesNotContain("elysia.core");
  }

  @Test
  void bodyThatIsMalformedOnTheWayIsTheClientsFault() throws Exception {
    assertThat(server.raw("POST /v1/search HTTP/1.1", "Host: localhost",
        "Content-Type: application/json", "Transfer-Encoding: chunked", "Connection: close", "",
        "FFFFFFFFFFFFFFFF")).startsWith("HTTP/1.1 400").contains("malformed or cut off");
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {"{}|query: missing",
      "{\"query\":\" \"}|query: missing or blank",
      "{\"query\":\"x\",\"limit\":0}|limit: 0 (expected: 1 to 1000)",
      "{\"query\":\"x\",\"mode\":\"magic\"}|mode: magic (expected: hybrid",
      "{\"query\":\"x\",\"collections\":[\"../x\"]}|collection: \"../x\""})
  void recordsOwnWordsReachTheClient(String body, String detail) throws Exception {
    JsonNode problem = problem(server.json("POST", "/v1/search", body), 400, "invalid");
    assertThat(problem.path("detail").asText()).contains(detail);
  }

  @Test
  void emptyBodyIsToldApart() throws Exception {
    problem(server.json("POST", "/v1/search", " "), 400, "invalid");
  }

  @ParameterizedTest
  @CsvSource({"/v1/repositories?limit=0, invalid", "/v1/repositories?limit=x, invalid",
      "/v1/repositories?limit=10001, invalid", "/v1/repositories?limit=1&limit=2, invalid",
      "/v1/repositories?limt=1, unknown_parameter", "/v1/repositories/demo?x=1, unknown_parameter"})
  void badParametersAreRefused(String path, String code) throws Exception {
    problem(server.get(path), 400, code);
  }

  @Test
  void badFlagIsRefused() throws Exception {
    problem(server.send("POST", "/v1/repositories/demo/sync?full=maybe", ""), 400, "invalid");
  }

  @Test
  void unknownPathIsNotFound() throws Exception {
    problem(server.get("/v2/things"), 404, "path_not_found");
    problem(server.get("/v1/repositories/demo/log/more"), 404, "path_not_found");
  }

  @Test
  void wrongMethodNamesTheRightOnes() throws Exception {
    HttpResponse<String> response = server.send("PUT", "/v1/repositories/demo", "");
    problem(response, 405, "method_not_allowed");
    assertThat(response.headers().firstValue("Allow")).hasValue("DELETE, GET, PATCH");
  }

  @Test
  void deletedButUnknownCollectionIsNotFound() throws Exception {
    problem(server.send("DELETE", "/v1/collections/gone", ""), 404, "collection_not_found");
  }

  @Test
  void largeBodyIsRefusedAndTheConnectionGoesOn() throws Exception {
    JsonNode problem = problem(
        server.json("POST", "/v1/search", "{\"query\":\"" + "x".repeat(50_000) + "\"}"), 413,
        "too_large");
    assertThat(problem.path("detail").asText()).contains("at most 10000 bytes");
    assertThat(server.get("/alive").statusCode()).isEqualTo(200);
  }

  @Test
  void largeChunkedBodyIsRefused() throws Exception {
    String chunk = "x".repeat(20_000);
    String answer = server.raw("POST /v1/search HTTP/1.1", "Host: localhost",
        "Content-Type: application/json", "Transfer-Encoding: chunked", "Connection: close", "",
        Integer.toHexString(chunk.length()), chunk, "0");
    assertThat(answer).startsWith("HTTP/1.1 413").contains("too_large");
  }

  @ParameterizedTest
  @CsvSource({"text/plain", "application/x-www-form-urlencoded", "multipart/form-data"})
  void onlyJsonIsRead(String type) throws Exception {
    problem(server.send("POST", "/v1/search", "{\"query\":\"x\"}", "Content-Type", type), 415,
        "unsupported_media_type");
    problem(server.send("POST", "/v1/repositories/demo/sync", "a=b", "Content-Type", type), 415,
        "unsupported_media_type");
  }

  @Test
  void jsonWithACharsetParameterIsRead() throws Exception {
    assertThat(server.send("POST", "/v1/search", "{\"query\":\"x\"}", "Content-Type",
        "application/json; charset=utf-8").statusCode()).isEqualTo(200);
  }

  @Test
  void faultsHaveAnIdAndNoDetails() throws Exception {
    HttpResponse<String> response = server.get("/v1/repositories/broken");
    JsonNode problem = problem(response, 500, "internal");
    String id = problem.path("instance").asText().replace("urn:uuid:", "");
    assertThat(id).hasSize(36);
    assertThat(problem.path("hint").asText()).contains(id);
    assertThat(response.body()).doesNotContain("secret", "Exception");
  }

  @Test
  void whatIsNoWebSocketClientIsToldSo() throws Exception {
    problem(server.get("/ws"), 426, "upgrade_required");
  }

  @Test
  void lateAnswerIsBusy() throws Exception {
    try (TestServer hasty = TestServer.with(Authenticator.open(),
        "elysia.http.request-timeout = 200ms")) {
      problem(hasty.get("/v1/repositories/hanging"), 503, "timeout");
    }
  }
}
