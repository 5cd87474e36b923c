package elysia.cli;

import static org.assertj.core.api.Assertions.assertThat;

import elysia.core.repository.Page;
import elysia.core.repository.RepositoryStatus;
import elysia.core.repository.RepositoryStatus.State;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Commands for many repositories, and the help that leads to them.
class BulkTest {
  private static final String ALL = "GET /v1/repositories?limit=500";
  private final FakeApi api = new FakeApi();
  private final Cli cli = new Cli(api);

  @BeforeEach
  void makeRepositories() {
    List<RepositoryStatus> all = List.of(
        Samples.repository().name("c").synced("s").get(),
        Samples.repository().name("a").trouble("pull_failed", "no", "").get(),
        Samples.repository().name("b").state(State.PAUSED, "").failures(2).get());
    api.ok(ALL, new Page<>(all, Optional.empty()));
    for (RepositoryStatus one : all)
      api.ok("POST /v1/repositories/" + one.name() + "/pause", one);
  }

  @AfterEach
  void close() {
    api.close();
  }

  private List<String> posted() {
    List<String> posted = api.requests.stream().filter(request -> request.startsWith("POST"))
        .map(request -> request.strip()).toList();
    api.requests.clear();
    return posted;
  }

  @Test
  void repositoriesAreNamedByNameByFilterOrAll() {
    assertThat(cli.run("repo", "pause", "a", "c", "a").exitCode()).isZero();
    assertThat(posted()).containsExactly("POST /v1/repositories/a/pause",
        "POST /v1/repositories/c/pause");
    assertThat(cli.run("repo", "pause", "--filter", "state=failed").exitCode()).isZero();
    assertThat(posted()).containsExactly("POST /v1/repositories/a/pause",
        "POST /v1/repositories/b/pause");
    assertThat(cli.run("repo", "pause", "--filter", "state=failed,collection=b").exitCode())
        .isZero();
    assertThat(posted()).containsExactly("POST /v1/repositories/b/pause");
    assertThat(cli.run("repo", "pause", "--all").exitCode()).isZero();
    assertThat(posted()).hasSize(3);
  }

  @Test
  void whatNamesNothingOrTwiceIsRefused() {
    assertThat(cli.run("repo", "pause").err()).contains("no repository is named");
    assertThat(cli.run("repo", "pause", "a", "--all").err()).contains("in two ways");
    Cli.Result result = cli.run("repo", "pause", "--filter", "state=tired");
    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err()).contains("expected: ", "paused", "failed");
    assertThat(posted()).isEmpty();
  }

  @Test
  void oneThatFailsDoesNotHoldUpTheOthers() {
    api.problem("POST /v1/repositories/nope/pause", 404, "repository_not_found", "there is none",
        "");
    Cli.Result result = cli.run("repo", "pause", "nope", "c", "-o", "json");
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.err()).contains("nope: there is none");
    assertThat(result.out()).startsWith("[\n").contains("\"c\"").endsWith("]\n");
    assertThat(posted()).hasSize(2);
  }

  @Test
  void removalOfSeveralAsksOnceAndNotAboutWhatIsNotThere() {
    api.problem("GET /v1/repositories/nope", 404, "repository_not_found", "there is none", "");
    cli.terminal = true;
    assertThat(cli.run("repo", "remove", "nope").exitCode()).isNotZero();
    assertThat(cli.questions).isEmpty();
    api.ok("GET /v1/repositories/a", Samples.repository().name("a").get())
        .ok("GET /v1/repositories/b", Samples.repository().name("b").get());
    cli.typed.add("n");
    assertThat(cli.run("repo", "remove", "a", "b").exitCode()).isEqualTo(130);
    assertThat(cli.questions).hasSize(1).first().asString().contains("2 repositories (a, b)");
  }

  @Test
  void listIsFilteredAndSorted() {
    assertThat(
        cli.run("repo", "list", "--sort", "name").out().lines()
            .map(line -> line.substring(0, line.indexOf(" ")))
            .toList())
        .containsExactly("NAME", "a", "b", "c");
    assertThat(cli.run("repo", "list", "--filter", "state=paused").out().lines()).hasSize(2);
    assertThat(cli.run("repo", "list", "--sort", "age").err()).contains("expected: name, state");
  }

  @Test
  void helpAndCompletionKnowEveryCommand() {
    assertThat(cli.run("help").out()).isEqualTo(cli.run("--help").out());
    assertThat(cli.run("help", "repo", "pause").out()).contains("--filter=FIELD=VALUE");
    assertThat(cli.run("help", "index", "sync").out())
        .contains("--on-error=continue|stop|retry");
    assertThat(cli.run("help", "nope").exitCode()).isEqualTo(2);
    assertThat(cli.run("completion").out()).startsWith("#!/").contains("--detect-changes",
        "complete -F _complete_elysiactl");
  }
}
