package elysia.http.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import elysia.core.json.Json;
import elysia.core.outcome.Outcome;
import elysia.core.outcome.Unit;
import elysia.testkit.process.Await;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FeedIT {
  private static final String CHANGES = "/v1/collections/code/changes";
  /// A feed counts itself once its answer has been sent.
  private static final Duration COUNTED = Duration.ofSeconds(20);
  private TestServer server;

  @BeforeEach
  void start() throws Exception {
    server = TestServer.open();
  }

  @AfterEach
  void end() {
    server.close();
  }

  private static String change(String path) {
    return "{\"repo\":\"r\",\"op\":\"modify\",\"path\":\"" + path + "\",\"content\":\"x\"}\n";
  }

  private List<JsonNode> post(String path, String body, String... headers) throws Exception {
    HttpRequest.Builder request = HttpRequest.newBuilder(server.uri(path))
        .header("Content-Type", "application/x-ndjson").POST(BodyPublishers.ofString(body));
    if (headers.length > 0)
      request.headers(headers);
    HttpResponse<String> response = server.client.send(request.build(), BodyHandlers.ofString());
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    List<JsonNode> lines = new ArrayList<>();
    for (String line : response.body().lines().toList())
      lines.add(Json.mapper().readTree(line));
    return lines;
  }

  @Test
  void badLinesAreReportedAndTheOthersApplied() throws Exception {
    List<JsonNode> lines = post(CHANGES,
        change("a") + "{\"repo\":\"r\",\"op\":\"what\",\"path\":\"b\"}\n" + change("bad")
            + change("c"));
    assertThat(server.fake.changes.applied).containsExactly("MODIFY a", "MODIFY bad", "MODIFY c");
    assertThat(lines).filteredOn(line -> line.has("error"))
        .extracting(line -> line.path("line").asInt() + " " + line.path("error").path("code")
            .asText())
        .containsExactlyInAnyOrder("2 bad_line", "3 no_content");
    assertThat(lines.getLast().path("updated").asInt()).isEqualTo(2);
    assertThat(lines.getLast().path("failed").asInt()).isEqualTo(2);
    assertThat(lines).anySatisfy(
        line -> assertThat(line.path("acknowledged").asInt()).isEqualTo(4));
  }

  @Test
  void lineThatIsNoObjectIsAFaultOfItsLineNeverAPath() throws Exception {
    List<JsonNode> lines = post(CHANGES, change("a") + "epo\":\"r\",\"op\":\"add\"}\n"
        + "src/main.py\n"
        + "{\"repo\":\"r\",\"op\":\"add\",\"path\":\"/etc/passwd\",\"content\":\"x\"}\n"
        + "{broken}\n" + change("b"));
    assertThat(server.fake.changes.applied).containsExactly("MODIFY a", "MODIFY b");
    assertThat(lines).filteredOn(line -> line.has("error"))
        .extracting(line -> line.path("line").asInt() + " " + line.at("/error/code").asText())
        .containsExactlyInAnyOrder("2 bad_line", "3 bad_line", "4 bad_line", "5 bad_line");
  }

  @Test
  void feedIsRefusedBeforeItIsReadWhileChangesCannotBeTaken() throws Exception {
    server.fake.changes.ready
        .set(new Outcome.Busy<>("journal_unavailable", "the journal is down",
            Duration.ofMillis(900)));
    for (String path : List.of(CHANGES, CHANGES + "?dry_run=true")) {
      HttpResponse<String> refused = server.client.send(
          HttpRequest.newBuilder(server.uri(path)).header("Content-Type", "application/x-ndjson")
              .POST(BodyPublishers.ofString(change("a"))).build(),
          BodyHandlers.ofString());
      assertThat(refused.statusCode()).as(refused.body()).isEqualTo(503);
      assertThat(refused.headers().firstValue("Retry-After")).contains("1");
      assertThat(refused.body()).contains("the journal is down");
    }
    assertThat(server.fake.changes.applied).isEmpty();
    server.fake.changes.ready.set(Unit.ok());
    assertThat(post(CHANGES, change("a")).getLast().path("updated").asInt()).isEqualTo(1);
  }

  @Test
  void longInputGoesInGroupsInOrder() throws Exception {
    List<JsonNode> lines = post(CHANGES,
        IntStream.range(0, 5_000).mapToObj(i -> change("f" + i)).collect(Collectors.joining()));
    assertThat(lines.getLast().path("updated").asInt()).isEqualTo(5_000);
    assertThat(server.fake.changes.applied).hasSize(5_000).startsWith("MODIFY f0", "MODIFY f1")
        .endsWith("MODIFY f4999");
    assertThat(server.fake.changes.groups.get()).isBetween(10, 200);
  }

  @Test
  void dryRunAppliesNothing() throws Exception {
    List<JsonNode> lines = post(CHANGES + "?dry_run=true", change("a"));
    assertThat(server.fake.changes.applied).isEmpty();
    assertThat(lines.getLast().path("chunks_embedded").asInt()).isEqualTo(5);
  }

  @Test
  void secondUploadUnderTheSameKeySkipsWhatIsAcknowledged() throws Exception {
    post(CHANGES, change("a") + change("b"), "Idempotency-Key", "k");
    List<JsonNode> lines = post(CHANGES, change("a") + change("b") + change("c"),
        "Idempotency-Key", "k");
    assertThat(server.fake.changes.applied)
        .containsExactly("MODIFY a", "MODIFY b", "MODIFY c again");
    assertThat(lines.getLast().path("done_before").asInt()).isEqualTo(2);
    Await.asserted(COUNTED, () -> {
      assertThat(server.fake.changes.counted.get().totals().updated()).isEqualTo(3);
      assertThat(server.fake.changes.ends).containsExactly("done", "done");
    });
    assertThat(lines.getLast().path("updated").asInt()).isEqualTo(1);
  }

  private HttpResponse<String> under(String key, String path, String body) throws Exception {
    return server.send("POST", path, body, "Content-Type", "application/x-ndjson",
        "Idempotency-Key", key);
  }

  @Test
  void otherBodyUnderAUsedKeyIsRefusedBeforeItIsAnswered() throws Exception {
    post(CHANGES, change("a") + change("b"), "Idempotency-Key", "used");
    for (String other : List.of(change("a") + change("c"), change("x") + change("b"),
        change("x") + change("y") + change("z"), change("a"), "\n" + change("a") + change("b"),
        "")) {
      HttpResponse<String> refused = under("used", CHANGES, other);
      assertThat(refused.statusCode()).as(other + refused.body()).isEqualTo(422);
      assertThat(refused.headers().firstValue("Content-Type").orElse(""))
          .startsWith("application/problem+json");
      assertThat(Json.mapper().readTree(refused.body()).path("code").asText())
          .isEqualTo("idempotency_key_reused");
    }
    assertThat(server.fake.changes.applied).containsExactly("MODIFY a", "MODIFY b");
    assertThat(under("used", CHANGES, change("a") + change("b")).statusCode()).isEqualTo(200);
    assertThat(under("used", CHANGES, change("a") + change("b") + change("c")).statusCode())
        .as("the body whose beginning was cut off").isEqualTo(200);
    assertThat(server.fake.changes.applied).containsExactly("MODIFY a", "MODIFY b",
        "MODIFY c again");
  }

  @Test
  void otherBodyThatIsSentAgainStopsAtTheLastLineThatWasAcknowledged() throws Exception {
    post(CHANGES, change("a") + change("b"), "Idempotency-Key", "again");
    List<JsonNode> lines = post(CHANGES + "?again=true",
        change("a") + change("x") + change("after"), "Idempotency-Key", "again");
    assertThat(lines.getLast().at("/stopped/code").asText()).isEqualTo("idempotency_key_reused");
    assertThat(server.fake.changes.applied).doesNotContain("MODIFY after again");
  }

  @Test
  void longOtherBodyIsRefusedWithoutBeingHeld() throws Exception {
    String line = "{\"repo\":\"r\",\"op\":\"modify\",\"path\":\"f\",\"content\":\""
        + "x".repeat(5_000)
        + "\"}\n";
    post(CHANGES, line.repeat(2_000), "Idempotency-Key", "long");
    int applied = server.fake.changes.applied.size();
    HttpResponse<String> refused = under("long", CHANGES,
        line.repeat(1_999) + line.replace("modify", "delete") + line.repeat(2_000));
    assertThat(refused.statusCode()).isEqualTo(422);
    assertThat(server.fake.changes.applied).hasSize(applied);
  }

  @Test
  void compressedBodyIsRefused() throws Exception {
    HttpResponse<String> response = server.send("POST", CHANGES, change("a"), "Content-Type",
        "application/x-ndjson", "Content-Encoding", "gzip");
    assertThat(response.statusCode()).isEqualTo(415);
    assertThat(response.body()).contains("Content-Encoding: gzip");
    assertThat(server.fake.changes.applied).isEmpty();
  }

  @Test
  void changesSentAgainAreAllDoneOnceMoreAndTheirFailuresToldOnceMore() throws Exception {
    post(CHANGES, change("a") + change("bad"), "Idempotency-Key", "again");
    List<JsonNode> lines = post(CHANGES + "?again=true", change("a") + change("bad"),
        "Idempotency-Key", "again");
    assertThat(server.fake.changes.applied).as("wholly done before").containsExactly("MODIFY a",
        "MODIFY bad", "MODIFY a", "MODIFY bad");
    assertThat(lines).anySatisfy(line -> {
      assertThat(line.path("line").asInt()).isEqualTo(2);
      assertThat(line.at("/error/code").asText()).isEqualTo("no_content");
    });
    assertThat(lines.getLast().path("updated").asInt()).isEqualTo(1);
    Await.asserted(COUNTED, () -> {
      assertThat(server.fake.changes.ends).hasSize(2);
      assertThat(server.fake.changes.counted.get().totals().updated()).as("in the metrics")
          .isEqualTo(1);
    });
  }

  @Test
  void whatMayBeDoneInPartOrMovesIsSentAgainAsSuch() throws Exception {
    String rename = "{\"repo\":\"r\",\"op\":\"rename\",\"path\":\"a\",\"new_path\":\"b\"}\n";
    post(CHANGES, rename, "Idempotency-Key", "moved");
    post(CHANGES + "?again=true", rename, "Idempotency-Key", "moved");
    post(CHANGES, change("x"), "Idempotency-Key", "longer");
    post(CHANGES + "?again=true", change("x") + change("y"), "Idempotency-Key", "longer");
    post(CHANGES + "?again=true", change("z"), "Idempotency-Key", "unknown");
    for (int i = 0; i < 3; i++)
      post(CHANGES + "?again=true", change("w"), "Idempotency-Key", "thrice");
    assertThat(server.fake.changes.applied).containsExactly("RENAME a", "RENAME a again",
        "MODIFY x", "MODIFY x again", "MODIFY y again", "MODIFY z again", "MODIFY w again",
        "MODIFY w", "MODIFY w again");
  }

  @Test
  void groupOfAnUploadEndsBeforeAPathThatItMoves() throws Exception {
    String rename = "{\"repo\":\"r\",\"op\":\"rename\",\"path\":\"a\",\"new_path\":\"b\"}\n";
    post(CHANGES, change("x") + rename + change("a"), "Idempotency-Key", "moves");
    assertThat(server.fake.changes.groups.get()).isEqualTo(2);
    post(CHANGES, change("x") + rename + change("a"));
    assertThat(server.fake.changes.groups.get()).as("without a name").isEqualTo(4);
  }

  @Test
  void busyStoreStopsResumably() throws Exception {
    String before = IntStream.range(0, 400).mapToObj(i -> change("f" + i))
        .collect(Collectors.joining());
    JsonNode last = post(CHANGES, before + change("busy") + change("after")).getLast();
    assertThat(last.path("stopped").path("code").asText()).isEqualTo("busy");
    assertThat(last.path("acknowledged").asInt()).isBetween(0, 400);
    assertThat(server.fake.changes.applied).doesNotContain("MODIFY after")
        .hasSize(last.path("acknowledged").asInt());
  }

  @Test
  void filesOfARepositoryAreListed() throws Exception {
    HttpResponse<String> response = server.get("/v1/collections/code/files?repo=r");
    assertThat(response.body().lines()).hasSize(1_000)
        .contains("{\"path\":\"r/999\",\"file_hash\":\"h999\"}");
    assertThat(server.get("/v1/collections/none/files?repo=r").body()).isEmpty();
    assertThat(server.get("/v1/collections/code/files").statusCode()).isEqualTo(400);
  }

  @Test
  void schemaIsThereForAnybody() throws Exception {
    assertThat(TestServer.tree(server.get("/schema/change.json")).path("$schema").asText())
        .contains("2020-12");
  }

  @Test
  void otherTypesAndNamesAreRefused() throws Exception {
    assertThat(server.json("POST", CHANGES, "{}").statusCode()).isEqualTo(415);
    assertThat(server.send("POST", "/v1/collections/%20/changes", "x", "Content-Type",
        "application/x-ndjson").statusCode()).isEqualTo(400);
  }
}
