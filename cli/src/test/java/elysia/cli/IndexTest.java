package elysia.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import elysia.core.json.Json;
import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// `elysiactl index`.
class IndexTest extends IndexFixture {
  private static final String DEFAULT = "POST /v1/collections/SRC_ENTERPRISE__/changes";
  private static final String TOTALS = "{\"acknowledged\":1}\n{\"updated\":1,\"added\":0,"
      + "\"deleted\":0,\"skipped\":0,\"failed\":0,\"unindexable\":0,\"chunks\":3,"
      + "\"chunks_embedded\":2,\"chunks_reused\":1,\"seconds\":0.1}\n";

  private Path tree;

  @BeforeEach
  void makeTree() throws IOException {
    tree = folder.resolve("shop");
    Files.createDirectories(tree.resolve(".git"));
    Files.createDirectories(tree.resolve("src"));
    Files.writeString(tree.resolve("src/a.py"), "print('ä')\n");
    Files.writeString(tree.resolve("b.py"), "b\n");
    cli.workingDirectory = tree;
  }

  /// The changes that were sent, in order.
  private List<JsonNode> sent() throws IOException {
    List<JsonNode> sent = new ArrayList<>();
    for (String request : api.requests)
      if (request.startsWith("POST"))
        for (String line : request.substring(request.indexOf('{')).lines().toList())
          sent.add(Json.mapper().readTree(line));
    return sent;
  }

  @Test
  void pathsFromAPipeAreReadAndSent() throws IOException {
    api.raw(DEFAULT, 200, TYPE, TOTALS);
    cli.input = "src/a.py\n./b.py\nsrc\n";
    Cli.Result result = cli.run("index", "sync", "--stdin");
    assertThat(result.exitCode()).as(result.err()).isZero();
    assertThat(result.out()).startsWith("""
        Syncing to collection: SRC_ENTERPRISE__
        Processing 2 changes...
        [UPDATE] src/a.py (0.0kb)
        [UPDATE] b.py (0.0kb)
        Summary:
          Updated: 1
          Added: 0
          Deleted: 0
          Errors: 0
          Time:""");
    assertThat(sent()).extracting(line -> line.path("repo").asText() + " "
        + line.path("op").asText() + " " + line.path("path").asText())
        .containsExactly("shop modify src/a.py", "shop modify b.py");
    assertThat(Base64.getDecoder().decode(sent().getFirst().path("content_base64").asText()))
        .isEqualTo("print('ä')\n".getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void listingOfTheWholeFolderHasGitsOwnFilesInItAndTheyArePassedOver() throws IOException {
    api.raw(DEFAULT, 200, TYPE, TOTALS);
    Files.writeString(tree.resolve(".git/config"), "[core]");
    cli.input = """
        .
        ./.git
        ./.git/config
        ./src
        ./src/a.py
        """;
    Cli.Result result = cli.run("index", "sync", "--stdin");
    assertThat(result.exitCode()).as(result.err()).isZero();
    assertThat(result.out()).contains("Processing 1 changes...");
    assertThat(sent()).extracting(line -> line.path("path").asText()).containsExactly("src/a.py");
  }

  @Test
  void inputThatIsNoFileAndValuesThatMeanNothingCostNoState() throws IOException {
    Path state = Files.createDirectories(folder.resolve("s"));
    for (String[] command : List.of(new String[]{"--input", folder.toString()},
        new String[]{"--input", "nowhere"}, new String[]{"--from-line", "0"},
        new String[]{"--max-retries", "-1"}, new String[]{"--batch-size", "0"})) {
      Cli.Result result = cli.run("index", "sync", "--state-dir", state.toString(), command[0],
          command[1]);
      assertThat(result.exitCode()).as(command[0]).isEqualTo(2);
      assertThat(result.err()).startsWith("error: ").contains(command[1]);
    }
    assertThat(state).isEmptyDirectory();
    assertThat(api.requests).isEmpty();
  }

  @Test
  void pathsFromTheTopOfTheTreeAreFoundFromASubfolder() throws IOException {
    api.raw(DEFAULT, 200, TYPE, TOTALS);
    cli.workingDirectory = tree.resolve("src");
    cli.input = "src/a.py\n";
    assertThat(cli.run("index", "sync", "--stdin").exitCode()).isZero();
    assertThat(sent().getFirst().path("path").asText()).isEqualTo("src/a.py");
  }

  @Test
  void goneFileIsNamedAndOnlyDeletedWithPermission() throws IOException {
    api.raw(DEFAULT, 200, TYPE, TOTALS).raw("GET /v1/collections/SRC_ENTERPRISE__/files?repo=shop",
        200, TYPE, "{\"path\":\"b.py\",\"file_hash\":\"x\"}\n{\"path\":\"old.py\","
            + "\"file_hash\":\"y\"}\n");
    cli.input = "gone.py\n";
    Cli.Result result = cli.run("index", "sync");
    assertThat(result.exitCode()).isZero();
    assertThat(result.out()).contains("Processing 1 changes...",
        "[SKIP]   gone.py (deleted; --delete-missing removes it from the index)", "Skipped: 1");
    assertThat(api.requests).isEmpty();
    assertThat(cli.run("index", "sync", "--stdin", "--delete-missing").exitCode()).isZero();
    assertThat(sent()).extracting(line -> line.path("op").asText() + " "
        + line.path("path").asText()).containsExactly("delete gone.py", "delete old.py");
  }

  @Test
  void namesOfAnyBytesAreReadAndSentAsTheyAre() throws IOException {
    api.raw(DEFAULT, 200, TYPE, TOTALS);
    Path latin = Path.of(URI.create(tree.toUri() + "latin%E9.txt"));
    Files.writeString(latin, "l");
    Files.writeString(tree.resolve("back\\slash -> x"), "b");
    cli.input = "\"latin\\351.txt\"\n\"back\\\\slash -> x\"\n";
    Cli.Result result = cli.run("index", "sync", "--stdin");
    assertThat(result.exitCode()).as(result.err()).isZero();
    assertThat(sent()).extracting(line -> line.path("path").asText())
        .containsExactly("\"latin\\351.txt\"", "\"back\\\\slash -> x\"");
  }

  @Test
  void retriedLineTakesTheLaterOnesOfItsFileAlong() throws IOException {
    api.raw(DEFAULT, 200, TYPE, "{\"line\":1,\"path\":\"p\",\"error\":{\"code\":\"no\","
        + "\"message\":\"not now\"}}\n" + TOTALS).raw(DEFAULT, 200, TYPE, TOTALS);
    cli.input = """
        {"repo":"r","op":"add","path":"p","content":"1"}
        {"repo":"r","op":"delete","path":"q"}
        {"repo":"r","op":"delete","path":"p"}
        """;
    Cli.Result result = cli.run("index", "sync", "--stdin", "--on-error", "retry", "--state-dir",
        folder.resolve("s").toString());
    assertThat(result.exitCode()).as(result.err()).isZero();
    assertThat(result.out()).contains("[PROCESSED] Line 1-3: 2 success, 1 failed (will retry)",
        "[PROCESSED] Line 1-3: 3 success, 0 failed");
    assertThat(sent()).extracting(line -> line.path("path").asText()).containsExactly("p", "q",
        "p", "p", "p");
  }

  @Test
  void stateThatCannotBeWrittenIsToldAtOnceAndTheRunGoesOn() throws IOException {
    api.raw(DEFAULT, 200, TYPE, TOTALS);
    Path state = Files.createDirectories(folder.resolve("s"));
    Files.createSymbolicLink(state.resolve("state.json.next"), Path.of("/dev/full"));
    String[] more = {"--batch-size", "10", "--metrics-file", folder.resolve("m").toString()};
    Cli.Result result = cli.run("index", "sync", "--input", lines(25).toString(), "--state-dir",
        state.toString(), more[0], more[1], more[2], more[3]);
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.err()).containsOnlyOnce("warning: the state cannot be written");
    assertThat(sent()).hasSize(25);
    assertThat(folder.resolve("m")).content().contains("reason=\"state_not_written\"} 1",
        "status=\"failure\"");
    Path file = Files.writeString(folder.resolve("file"), "");
    assertThat(cli.run("index", "sync", "--input", lines(1).toString(), "--state-dir",
        file.toString()).exitCode()).as("a state directory that cannot be made").isEqualTo(1);
    assertThat(sent()).hasSize(26);
  }

  @Test
  void storeThatStaysAwayStopsTheRunAfterSomeTries() throws IOException {
    api.raw(DEFAULT, 200, TYPE, "{\"acknowledged\":0,\"seconds\":0.1,\"stopped\":{\"code\":"
        + "\"busy\",\"message\":\"the store is away\",\"hint\":\"\"}}\n");
    Cli.Result result = cli.run("index", "sync", "--input", lines(1).toString(), "--state-dir",
        folder.resolve("s").toString(), "--max-retries", "2");
    assertThat(result.exitCode()).isEqualTo(3);
    assertThat(api.requests).hasSize(3);
    assertThat(result.err()).contains("the store is away", "failed-run-",
        "the same command goes on there");
  }

  @Test
  void contractLinesGetTheirContentFromWhereItIsAllowed() throws IOException {
    api.raw(DEFAULT, 200, TYPE, TOTALS);
    Path outside = Files.writeString(folder.resolve("secret"), "s");
    Path allowed = Files.createDirectories(folder.resolve("refs"));
    Files.writeString(allowed.resolve("large.txt"), "large");
    Files.createSymbolicLink(allowed.resolve("link"), outside);
    cli.input = "{\"repo\":\"r\",\"op\":\"add\",\"path\":\"a\",\"content_ref\":\""
        + allowed.resolve("large.txt") + "\",\"size\":5}\n"
        + "{\"repo\":\"r\",\"op\":\"add\",\"path\":\"b\",\"content_ref\":\"" + outside + "\"}\n"
        + "{\"repo\":\"r\",\"op\":\"add\",\"path\":\"c\",\"content_ref\":\""
        + allowed.resolve("link") + "\"}\n"
        + "{\"repo\":\"r\",\"op\":\"add\",\"path\":\"d\",\"content_ref\":\""
        + allowed.resolve("large.txt") + "\",\"size\":6}\n"
        + "{\"repo\":\"shop\",\"op\":\"modify\",\"path\":\"b.py\"}\n"
        + "{\"repo\":\"nowhere\",\"op\":\"modify\",\"path\":\"x\"}\n"
        + "{\"repo\":\"r\",\"op\":\"rename\",\"path\":\"x\",\"new_path\":\"y\"}\n";
    Cli.Result result = cli.run("index", "sync", "--stdin", "--content-root", allowed.toString());
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(sent()).extracting(line -> line.path("path").asText() + " "
        + line.has("content_base64")).containsExactly("a true", "b.py true", "x false");
    assertThat(result.err().lines().filter(line -> line.startsWith("line")))
        .extracting(line -> line.substring(0, 9))
        .containsExactly("line 2: b", "line 3: c", "line 4: d", "line 6: x");
  }

  @Test
  void dryRunAsksForADryRunAndLeavesNoState() {
    api.raw(DEFAULT + "?dry_run=true", 200, TYPE, TOTALS);
    cli.input = "b.py\n";
    Cli.Result result = cli.run("index", "sync", "--stdin", "--dry-run");
    assertThat(result.exitCode()).as(result.err()).isZero();
    assertThat(result.out()).contains("Dry run: nothing was written. Would embed 2 of 3 chunks.");
    assertThat(folder.resolve("home")).doesNotExist();
  }

  private Path lines(int count) throws IOException {
    StringBuilder text = new StringBuilder();
    for (int i = 1; i <= count; i++)
      text.append("{\"repo\":\"r\",\"op\":\"delete\",\"path\":\"p").append(i).append("\"}\n");
    return Files.writeString(folder.resolve("changes.jsonl"), text.toString());
  }

  @Test
  void stoppedRunGoesOnWhereItStoppedForTheSameInputOnly() throws IOException {
    Path input = lines(25);
    api.raw(DEFAULT, 200, TYPE, TOTALS).raw(DEFAULT, 500, "application/problem+json",
        "{\"status\":500,\"detail\":\"down\",\"code\":\"internal\"}");
    String[] command = {"index", "sync", "--input", input.toString(), "--state-dir",
        folder.resolve("s").toString(), "--batch-size", "10", "--max-retries", "0"};
    Cli.Result result = cli.run(command);
    assertThat(result.exitCode()).isEqualTo(3);
    JsonNode state = Json.mapper().readTree(folder.resolve("s/state.json").toFile());
    int processed = state.path("current_batch").path("processed_lines").asInt();
    assertThat(processed).isIn(0, 10);
    assertThat(state.path("current_batch").path("total_lines").asInt()).isEqualTo(25);
    assertThat(folder.resolve("s")).isDirectoryContaining("glob:**failed-run-*.json");
    Cli.Result status = cli.run("index", "sync", "--status", "--state-dir",
        folder.resolve("s").toString());
    assertThat(Json.mapper().readTree(status.out()).path("next_resume_position").asInt())
        .isEqualTo(processed + 1);

    try (FakeApi healthy = new FakeApi().raw(DEFAULT, 200, TYPE, TOTALS)) {
      cli.variables.put("ELYSIACTL_SERVER", healthy.url().toString());
      Cli.Result resumed = cli.run(command);
      assertThat(resumed.exitCode()).as(resumed.err()).isZero();
      assertThat(resumed.out()).contains("[PROCESSED] Line 21-25: 5 success, 0 failed");
      assertThat(String.join("\n", healthy.requests)).contains("p" + (processed + 1) + "\"")
          .doesNotContain(processed == 0 ? "p0\"" : "\"p10\"");
      healthy.requests.clear();
      cli.run(command);
      assertThat(String.join("\n", healthy.requests)).as("done before: all of it again")
          .contains("\"p1\"");
    }
  }

  @Test
  void whereProducersSayThatTheyStandIsKeptAcrossRuns() throws IOException {
    api.raw(DEFAULT, 200, TYPE, TOTALS);
    cli.input = """
        {"repo":"a","new_changeset":{"commit":"1","branch":"main"}}
        {"repo":"b","new_changeset":{"commit":"2"}}
        """;
    assertThat(cli.run("index", "sync", "--stdin").exitCode()).isZero();
    cli.input = """
        {"repo":"b","op":"delete","path":"b.py"}
        {"repo":"b","new_changeset":{"commit":"3"}}
        """;
    assertThat(cli.run("index", "sync", "--stdin").exitCode()).isZero();
    JsonNode status = Json.mapper().readTree(cli.run("index", "sync", "--status").out());
    assertThat(status.at("/changesets/a/commit").asText()).isEqualTo("1");
    assertThat(status.at("/changesets/a/branch").asText()).isEqualTo("main");
    assertThat(status.at("/changesets/b/commit").asText()).isEqualTo("3");
  }

  @Test
  void failedLinesAreToldByTheirNumberInTheInput() throws IOException {
    Path input = lines(3);
    api.raw(DEFAULT, 200, TYPE, "{\"line\":2,\"path\":\"p3\",\"error\":{\"code\":\"no\","
        + "\"message\":\"not this one\",\"hint\":\"\"}}\n" + TOTALS);
    Cli.Result result = cli.run("index", "process-jsonl", input.toString(), "--from-line", "2",
        "--metrics-file", folder.resolve("m.prom").toString());
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.err()).contains("line 3: p3: not this one");
    assertThat(result.out()).contains("[PROCESSED] Line 1-3: 2 success, 1 failed", "Errors: 1");
    assertThat(folder.resolve("m.prom")).content().contains(
        "elysiactl_sync_files_processed_total{operation=\"updated\"} 1",
        "elysiactl_sync_failures_total{reason=\"no\"} 1");
  }

  @Test
  void secondRunOnOneStateDirectoryIsRefused() throws IOException {
    Path input = lines(1);
    Path state = Files.createDirectories(folder.resolve("s"));
    try (FileChannel other = FileChannel.open(state.resolve("lock"), StandardOpenOption.CREATE,
        StandardOpenOption.WRITE)) {
      assertThat(other.lock().isValid()).isTrue();
      Cli.Result result = cli.run("index", "sync", "--input", input.toString(), "--state-dir",
          state.toString());
      assertThat(result.exitCode()).isEqualTo(2);
      assertThat(result.err()).contains("another run uses the state directory");
    }
  }

  @Test
  void messageOfABadLineHasItsNumberOnce() {
    cli.input = "{\"repo\":\"r\",\"op\":\"delete\",\"path\":\"../x\"}\n";
    Cli.Result result = cli.run("index", "sync", "--stdin");
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.err()).startsWith("line 1, byte ").containsOnlyOnce("line 1");
  }

  @Test
  void whatCannotBeMeantIsToldBeforeAnythingElse() {
    cli.input = "b.py\n";
    Cli.Result result = cli.run("index", "sync", "--stdin", "--server", "ftp://x");
    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.out()).isEmpty();
    assertThat(result.err()).startsWith("error: --server: \"ftp://x\" (expected: a URL");
    assertThat(cli.run("index", "sync", "--on-error", "bogus").err())
        .contains("\"bogus\" (expected: continue, stop, retry)");
    assertThat(cli.run("index", "sync", "-o", "xml").err()).contains("table, json, jsonl");
    assertThat(folder.resolve("home")).doesNotExist();
  }

  @Test
  void whatIsSentAndNotIndexedIsCountedAndSaidWhy() {
    api.raw(DEFAULT, 200, TYPE, TOTALS.replace("\"unindexable\":0", "\"unindexable\":2"));
    String large = "x".repeat(10_000_001);
    cli.input = "{\"repo\":\"r\",\"op\":\"add\",\"path\":\"large\",\"content\":\"" + large
        + "\"}\n{\"repo\":\"r\",\"op\":\"add\",\"path\":\"left\",\"skip_index\":true}\n";
    Cli.Result result = cli.run("index", "sync", "--stdin");
    assertThat(result.exitCode()).as(result.err()).isZero();
    assertThat(result.out()).contains("[SKIP]   large (more than 10,000,000 bytes)\n",
        "[SKIP]   left (as its line says)\n",
        "  Not indexable: 2 (empty, binary or too large)\n  Errors: 0\n");
  }

  @Test
  void validateNamesEachBadLine() throws IOException {
    Path input = Files.writeString(folder.resolve("x.jsonl"),
        "{\"repo\":\"r\",\"op\":\"delete\",\"path\":\"a\"}\n{\"op\":\"what\",\"path\":\"a\"}\n");
    Cli.Result result = cli.run("index", "validate", input.toString());
    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.out()).contains("line 2, byte ", "expected: add, modify, delete or rename",
        "2 lines, 1 change, 1 bad");
    assertThat(cli.run("index", "validate", "--schema").out()).contains("2020-12");
  }
}
