package elysia.cli;

import static org.assertj.core.api.Assertions.assertThat;

import elysia.core.cluster.ClusterStatus;
import elysia.core.collection.CollectionStatus;
import elysia.core.identity.FilePath;
import elysia.core.json.Json;
import elysia.core.repository.Estimate;
import elysia.core.repository.FileFailure;
import elysia.core.repository.LogEntry;
import elysia.core.repository.Page;
import elysia.core.repository.RepositoryStatus;
import elysia.core.repository.RepositoryStatus.State;
import elysia.core.search.SearchHit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What every command prints, as golden files.
class OutputTest {
  private final FakeApi api = new FakeApi();
  private final Cli cli = new Cli(api);

  @AfterEach
  void close() {
    api.close();
  }

  private static RepositoryStatus synced() {
    return Samples.repository().state(State.IDLE, "in step with main").synced("s1").get();
  }

  private static SearchHit hit(String repo, String path, String content) {
    return new SearchHit(0.03125, "code", repo, path, 10, 30, "java", content, "abcdef0123456789",
        Optional.of("0123456789abcdef"));
  }

  private static String long_(String middle) {
    return IntStream.range(0, 10).mapToObj(i -> i == 7 ? middle : "\tline " + i)
        .collect(Collectors.joining("\n"));
  }

  private void golden(String name, String... args) {
    Cli.Result result = cli.run(args);
    assertThat(result.exitCode()).as(result.err()).isZero();
    Golden.check(name, result.out());
  }

  @Test
  void listFollowsCursorsAndShowsRelativeTimes() {
    api.ok("GET /v1/repositories?limit=500",
        new Page<>(List.of(synced()), Optional.of("a b")));
    api.ok("GET /v1/repositories?limit=500&cursor=a%20b", new Page<>(
        List.of(Samples.repository().name("other").failures(2).get()), Optional.empty()));
    golden("repo-list.txt", "repo", "list");
    golden("repo-list.json", "repo", "list", "-o", "json");
    golden("repo-list.jsonl", "repo", "list", "-o", "jsonl");
  }

  @Test
  void statusShowsOneRepository() {
    api.ok("GET /v1/repositories/demo", Samples.repository().synced("s1")
        .trouble("pull_failed", "cannot reach example.org", "check the network").failures(1).get());
    api.ok("GET /v1/repositories/demo/failures", List.of(new FileFailure(new FilePath("src/A.java"),
        "embed_failed", "the embedder timed out", 2, Cli.NOW)));
    golden("repo-status.txt", "repo", "status", "demo", "--verbose");
    golden("repo-status.json", "repo", "status", "demo", "-o", "json");
  }

  @Test
  void statusWithoutNameCountsAll() {
    api.ok("GET /v1/repositories?limit=500", new Page<>(List.of(synced(), Samples.repository()
        .name("bad").trouble("pull_failed", "cannot reach example.org", "").get()),
        Optional.empty()));
    golden("repo-overview.txt", "repo", "status");
    golden("repo-overview.json", "repo", "status", "-o", "json");
  }

  @Test
  void overviewSaysHowLongARepositoryWaits() {
    Samples held = Samples.repository().trouble("embedder_busy", "rate limit of example.org", "");
    api.ok("GET /v1/repositories?limit=500", new Page<>(List.of(
        held.name("held").state(State.WAITING, "waiting 42 s: rate limit of example.org").get(),
        held.name("again").state(State.PULLING, "pulling").get()), Optional.empty()));
    Cli.Result result = cli.run("repo", "status");
    assertThat(result.exitCode()).isZero();
    assertThat(result.out()).containsPattern("held .* waiting 42 s: rate limit of example.org")
        .containsPattern("again .*  rate limit of example.org");
  }

  @Test
  void logsAreLinesOfTimeTypeAndMessage() {
    api.ok("GET /v1/repositories/demo/log?limit=2", new Page<>(List.of(
        new LogEntry(7, Cli.NOW, "sync_started", "full sync of main", Json.mapper().nullNode()),
        new LogEntry(8, Cli.NOW.plusSeconds(5), "sync_completed", "118 files",
            Json.mapper().createObjectNode().put("files", 118))),
        Optional.empty()));
    golden("repo-logs.txt", "repo", "logs", "demo", "--tail", "2");
    golden("repo-logs.json", "repo", "logs", "demo", "--tail", "2", "-o", "json");
  }

  @Test
  void searchShowsPlacesAndTheLinesWithTheWords() {
    api.ok("POST /v1/search", List.of(
        hit("demo", "src/Greeting.java", long_("  // who prints the greeting")),
        hit("other", "README.md", "short")));
    golden("search.txt", "search", "who", "prints", "the", "greeting");
    golden("search.json", "search", "who prints the greeting", "-o", "json");
    assertThat(api.requests.getFirst()).contains("\"query\":\"who prints the greeting\"");
  }

  @Test
  void collectionsAreListedAndShown() {
    CollectionStatus code = new CollectionStatus("code", "embedded", "all-minilm-l6-v2", 384, 1_200,
        14_000, List.of("demo", "other"), List.of("demo"));
    api.ok("GET /v1/collections", List.of(code)).ok("GET /v1/collections/code", code);
    golden("col-list.txt", "col", "list");
    golden("col-show.txt", "col", "show", "code");
    golden("col-list.json", "col", "list", "-o", "json");
  }

  @Test
  void serverStatusShowsMembersAndHealth() {
    api.ok("GET /v1/cluster", new ClusterStatus("0.1.0", Cli.NOW, "n1", Optional.of("n1"),
        List.of(new ClusterStatus.Member("n1", Set.of("worker", "coordinator"), "up", false,
            "0.1.0",
            Optional.of(12), Optional.of(3), Optional.of(0), Optional.of(2), Optional.of(21.53))),
        List.of(), "embedded, 14,000 chunks", true, "H2 in the home", true, "all-minilm-l6-v2",
        List.of("only one node: it does not survive its machine")));
    Cli.Result result = cli.run("server", "status");
    assertThat(result.exitCode()).isZero();
    Golden.check("server-status.txt", result.out().replace(api.url().toString(), "URL"));
    assertThat(result.err()).isEqualTo("warning: only one node: it does not survive its machine\n");
    golden("server-status.json", "server", "status", "-o", "json");
  }

  @Test
  void dryRunPrintsTheEstimate() {
    api.ok("POST /v1/repositories?dry_run=true",
        new Estimate("demo", "demo", "0123456789abcdef",
            new RepositoryStatus.Discovery(122, 14, 1_234_567, Map.of("java", 100L, "xml", 12L),
                "maven", Map.of(), 1_430, 75),
            118, Map.of("binary", 4L), 1_430, 1_280, 250_000, 74.6, Optional.of(0.005)));
    golden("repo-add-dry-run.txt", "repo", "add", "--dry-run", "https://example.org/demo.git");
    golden("repo-add-dry-run.json", "repo", "add", "--dry-run", "https://example.org/demo.git",
        "-o", "json");
  }

  @Test
  void hostileTextNeverReachesTheTerminal() {
    String hostile = "a\u001b[2J\u009b31m\u202eb\r\n";
    api.ok("GET /v1/repositories?limit=500", new Page<>(
        List.of(Samples.repository().name(hostile).state(State.IDLE, hostile).get()),
        Optional.empty()));
    api.ok("POST /v1/search", List.of(hit(hostile, hostile, hostile + "\tx")));
    api.problem("GET /v1/collections", 404, "x", hostile, hostile);
    cli.terminal = true;
    cli.variables.put("NO_COLOR", "1");
    for (String[] args : List.of(new String[]{"repo", "list"}, new String[]{"search", "query"},
        new String[]{"repo", "list", "-o", "json"}, new String[]{"col", "list"},
        new String[]{"repo", hostile}, new String[]{"repo", "list", "--server", hostile})) {
      Cli.Result result = cli.run(args);
      assertThat(result.out() + result.err()).doesNotContain("\u001b", "\u009b", "\u202e", "\r");
    }
  }

  @Test
  void coloursOnlyOnATerminalThatWantsThem() {
    api.ok("POST /v1/search", List.of(hit("demo", "a.java", "the Retried batch")));
    assertThat(cli.run("search", "retried").out()).doesNotContain("\u001b");
    cli.terminal = true;
    assertThat(cli.run("search", "retried").out()).contains("the \u001b[33mRetried\u001b[0m batch");
    assertThat(cli.run("search", "retried", "-o", "json").out()).doesNotContain("\u001b");
    cli.variables.put("NO_COLOR", "1");
    assertThat(cli.run("search", "retried").out()).doesNotContain("\u001b");
  }

  @Test
  void fieldsOfANewerNodeAreIgnored() {
    api.raw("GET /v1/collections", 200, "application/json",
        "[{\"name\":\"c\",\"vectorizer\":\"v\",\"model\":\"m\",\"dimension\":3,\"files\":1,"
            + "\"chunks\":1,\"repos\":[],\"managed\":[],\"new_thing\":{}}]");
    assertThat(cli.run("col", "list").exitCode()).isZero();
  }
}
