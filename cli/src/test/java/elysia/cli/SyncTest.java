package elysia.cli;

import static org.assertj.core.api.Assertions.assertThat;

import elysia.core.identity.FilePath;
import elysia.core.repository.FileFailure;
import elysia.core.repository.RepositoryStatus.State;
import elysia.core.repository.VerifyReport.Difference;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Commands that start something on the node and wait for it.
class SyncTest {
  private static final String DEMO = "/v1/repositories/demo";
  private final FakeApi api = new FakeApi();
  private final Cli cli = new Cli(api);

  @AfterEach
  void close() {
    api.close();
  }

  private void addedThenSynced() {
    api.answer("POST /v1/repositories", 201,
        Samples.repository().state(State.PULLING, "cloning").get())
        .ok("GET " + DEMO, Samples.repository().syncing(0, Optional.empty()).get())
        .ok("GET " + DEMO, Samples.repository().syncing(60, Optional.of("the store is busy")).get())
        .ok("GET " + DEMO, Samples.repository().syncing(90, Optional.of("waiting 5 s: store down"))
            .trouble("store_down", "an older trouble", "").get())
        .ok("GET " + DEMO, Samples.repository().synced("s1").get());
  }

  @Test
  void addWaitsAndPrintsTheSummary() {
    addedThenSynced();
    Cli.Result result = cli.run("repo", "add", ".", "--verbose", "--include-pattern",
        "*.{java,kt},docs/**", "--max-file-size", "500k", "--watch");
    assertThat(result.exitCode()).as(result.err()).isZero();
    Golden.check("repo-add.txt", result.out());
    Golden.check("repo-add.err.txt", result.err());
    assertThat(api.requests.getFirst()).contains("\"location\":\"/work dir\"",
        "\"include_pattern\":[\"*.{java,kt}\",\"docs/**\"]", "\"max_file_size\":500000",
        "\"schedule\":\"30m\"");
  }

  @Test
  void progressRedrawsOneLineOnATerminal() {
    addedThenSynced();
    cli.terminal = true;
    String err = cli.run("repo", "add", "u@host:demo.git").err();
    assertThat(err)
        .contains("\r[###########-------------]  49%  60/122 files  21.5 chunks/s  ETA 1m 05s")
        .contains("\r\u001b[K");
    assertThat(api.requests.getFirst()).contains("\"location\":\"u@host:demo.git\"");
  }

  @Test
  void failedFilesAreListedAndExitIsOne() {
    api.ok("GET " + DEMO, Samples.repository().synced("s0").get())
        .ok("GET " + DEMO, Samples.repository().synced("s1").failures(1).get());
    api.ok("POST " + DEMO + "/sync", Samples.repository().state(State.PULLING, "").get());
    api.ok("GET " + DEMO + "/failures", List.of(new FileFailure(new FilePath("src/A.java"),
        "embed_failed", "the embedder timed out", 1, Cli.NOW)));
    Cli.Result result = cli.run("repo", "sync", "demo");
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.err())
        .contains("1 file failed", "src/A.java  embed_failed: the embedder timed out");
  }

  @Test
  void failedSyncSaysWhyAndWhatNext() {
    api.ok("GET " + DEMO, Samples.repository().get()).ok("GET " + DEMO, Samples.repository()
        .trouble("pull_failed", "cannot reach example.org", "check the network").get());
    api.ok("POST " + DEMO + "/sync?full=true", Samples.repository().state(State.PULLING, "").get());
    Cli.Result result = cli.run("repo", "sync", "demo", "--full", "--quiet");
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.err()).isEqualTo("""
        error: the sync of demo failed: cannot reach example.org
        hint: check the network
        The node tries again in 1m; at once: elysiactl repo retry demo
        """);
  }

  @Test
  void nothingChangedIsUpToDate() {
    api.ok("GET " + DEMO, Samples.repository().synced("s1").get());
    api.ok("POST " + DEMO + "/sync",
        Samples.repository().synced("s1").state(State.PULLING, "").get());
    Cli.Result result = cli.run("repo", "sync", "demo");
    assertThat(result.exitCode()).isZero();
    assertThat(result.out()).isEqualTo("demo is up to date at 01234567\n");
  }

  @Test
  void interruptLeavesTheSyncRunningAndSaysSo() {
    api.answer("POST /v1/repositories", 201, Samples.repository().state(State.PULLING, "").get())
        .ok("GET " + DEMO, Samples.repository().syncing(10, Optional.empty()).get());
    cli.interruptAtPause = 3;
    Cli.Result result = cli.run("repo", "add", "https://example.org/demo.git");
    assertThat(result.exitCode()).isEqualTo(130);
    assertThat(result.err()).contains("The sync of demo goes on on the node",
        "elysiactl repo status demo");
    assertThat(cli.interruptActions).isEmpty();
  }

  @Test
  void noWaitReturnsAfterTheAdd() {
    api.answer("POST /v1/repositories", 201, Samples.repository().state(State.PULLING, "").get());
    Cli.Result result = cli.run("repo", "add", "https://example.org/demo.git", "--no-wait");
    assertThat(result.exitCode()).isZero();
    assertThat(result.out()).isEqualTo("demo\n");
    assertThat(api.requests).hasSize(1);
  }

  @Test
  void addWithoutArgumentAsksOnATerminal() {
    addedThenSynced();
    cli.terminal = true;
    cli.typed.addAll(List.of("", "demo", "", "", "none", "*.java", "", ""));
    assertThat(cli.run("repo", "add").exitCode()).isZero();
    assertThat(cli.questions).hasSize(8);
    assertThat(api.requests.getFirst()).contains("\"location\":\"/work dir\"", "\"name\":\"demo\"",
        "\"include_pattern\":[\"*.java\"]").doesNotContain("schedule", "branch");
  }

  @Test
  void batchReportsEachLineAndGoesOnAfterBadOnes() {
    addedThenSynced();
    cli.input = """
        # mine
        https://example.org/demo.git --name 'demo' --exclude-pattern "a b/**"  # first
        https://example.org/x.git --bogus
        "open
        """;
    Cli.Result result = cli.run("repo", "add-batch", "-");
    assertThat(result.exitCode()).isEqualTo(1);
    Golden.check("repo-add-batch.txt", result.out());
    assertThat(result.err()).contains("line 2: demo added", "line 3: https://example.org/x.git",
        "line 4:", "is not closed", "line 2: demo synced, 118 files");
    assertThat(api.requests.getFirst()).contains("\"exclude_pattern\":[\"a b/**\"]");
  }

  @Test
  void batchDoesNotRepeatThePasswordOfALine() {
    api.problem("POST /v1/repositories", 422, "credentials_in_location", "a password in it", "");
    cli.input = """
        https://user:s3cret@example.org/a.git
        https://user:s3cret@example.org/b.git https://user:s3cret@example.org/c.git
        "https://user:s3cret@example.org/d.git
        """;
    Cli.Result result = cli.run("repo", "add-batch", "-");
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.out() + result.err()).contains("https://***@example.org/a.git",
        "https://***@example.org/b.git", "***@example.org/d.git").doesNotContain("s3cret");
  }

  @Test
  void verifyListsDifferencesAndFailsUntilRepaired() {
    Difference missing = new Difference("missing", "src/\u001bA.java", 2, "not in the index");
    api.ok("GET " + DEMO, Samples.repository().get())
        .ok("GET " + DEMO,
            Samples.repository().verify(Samples.report("done", Cli.NOW, missing)).get());
    api.ok("POST " + DEMO + "/verify?deep=false&repair=false",
        Samples.repository().state(State.VERIFYING, "").get());
    Cli.Result result = cli.run("repo", "verify", "demo");
    assertThat(result.exitCode()).isEqualTo(1);
    Golden.check("repo-verify.txt", result.out());
  }

  @Test
  void repairIsProvedByAnotherComparison() {
    Difference missing = new Difference("missing", "src/A.java", 2, "not in the index");
    api.ok("GET " + DEMO, Samples.repository().get())
        .ok("GET " + DEMO,
            Samples.repository().verify(Samples.report("done", Cli.NOW, missing)).get());
    api.ok("POST " + DEMO + "/verify?deep=true&repair=true",
        Samples.repository().verify(Samples.report("done", Cli.NOW, missing)).get());
    api.ok("POST " + DEMO + "/verify?deep=true&repair=false",
        Samples.repository().verify(Samples.report("done", Cli.NOW.plusSeconds(9))).get());
    Cli.Result result = cli.run("repo", "verify", "demo", "--deep", "--repair");
    assertThat(result.exitCode()).as(result.err()).isZero();
    assertThat(result.out()).contains("1 difference between", "After the repair:",
        "No differences");
  }

  @Test
  void removeAsksOnATerminalAndRefusesElsewhere() {
    api.answer("DELETE " + DEMO, 202, Samples.repository().state(State.REMOVING, "").get());
    assertThat(cli.run("repo", "remove", "demo").exitCode()).isEqualTo(2);
    assertThat(api.requests).isEmpty();
    assertThat(cli.run("repo", "remove", "demo", "--yes").exitCode()).isZero();
    cli.terminal = true;
    api.ok("GET " + DEMO, Samples.repository().get()).ok("GET " + DEMO, Samples.repository().get())
        .problem("GET " + DEMO, 404, "repository_not_found", "none", "");
    cli.typed.add("n");
    assertThat(cli.run("repo", "remove", "demo").exitCode()).isEqualTo(130);
    cli.typed.add("y");
    assertThat(cli.run("repo", "remove", "demo").err()).contains("Removed demo");
  }

  @Test
  void updateSendsOnlyWhatWasNamed() {
    api.ok("PATCH " + DEMO, Samples.repository().get());
    assertThat(cli.run("repo", "update", "demo").exitCode()).isEqualTo(2);
    assertThat(cli.run("repo", "update", "demo", "--schedule", "2h", "--include-pattern", "")
        .exitCode()).isZero();
    assertThat(api.requests).containsExactly(
        "PATCH " + DEMO + " {\"schedule\":\"2h\",\"include_pattern\":[]}");
  }

  @Test
  void followedLogGoesOnAfterTheLastEntry() {
    api.raw("GET " + DEMO + "/log?limit=20", 200, "application/json",
        "{\"items\":[{\"seq\":7,\"at\":\"2026-11-21T12:00:00Z\",\"type\":\"t\",\"message\":\"one\","
            + "\"data\":{}}]}");
    api.raw("GET " + DEMO + "/log?limit=1000&cursor=7", 200, "application/json",
        "{\"items\":[{\"seq\":9,\"at\":\"2026-11-21T12:00:01Z\",\"type\":\"t\",\"message\":\"two\","
            + "\"data\":{}}]}");
    api.raw("GET " + DEMO + "/log?limit=1000&cursor=9", 200, "application/json", "{\"items\":[]}");
    cli.interruptAtPause = 4;
    Cli.Result result = cli.run("repo", "logs", "demo", "--follow");
    assertThat(result.exitCode()).isEqualTo(130);
    assertThat(result.out())
        .isEqualTo("2026-11-21 12:00:00  t  one\n2026-11-21 12:00:01  t  two\n");
  }
}
