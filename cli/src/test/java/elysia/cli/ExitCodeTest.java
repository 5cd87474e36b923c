package elysia.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What the exit code and the words on standard error are when something is wrong.
class ExitCodeTest {
  private final FakeApi api = new FakeApi();
  private final Cli cli = new Cli(api);

  @AfterEach
  void close() {
    api.close();
  }

  @ParameterizedTest
  @CsvSource({"400,2", "404,2", "409,2", "422,2", "401,4", "403,4", "429,3", "500,3", "503,3"})
  void problemsOfTheServerHaveTheirExitCode(int status, int exitCode) {
    api.problem("GET /v1/collections", status, "some_code", "the detail", "the hint");
    Cli.Result result = cli.run("col", "list");
    assertThat(result.exitCode()).isEqualTo(exitCode);
    assertThat(result.err()).contains("the detail\n", "hint: the hint\n").startsWith("error: ");
    assertThat(result.out()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"repo lst", "repo", "bogus", "repo add", "repo list -o xml", "repo sync",
      "search", "search q --mode psychic", "search q --limit 0", "repo logs demo --tail 0",
      "repo add x --max-file-size huge", "repo add x --watch --schedule 2h", "repo list --server x",
      "repo add-batch /does/not/exist", "repo status ..", "repo list --token a\u0001b"})
  void wrongUsageIsTwo(String line) {
    Cli.Result result = cli.run(line.split(" "));
    assertThat(result.exitCode()).as(result.err()).isEqualTo(2);
    assertThat(result.err()).startsWith("error: ").doesNotContain("\tat ");
    assertThat(api.requests).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"repo list --server https://user:s3cret@host",
      "repo list --server user:s3cret@host", "repo list --server https://user:s3/cret@host",
      "repo list https://user:s3cret@host", "repo status https://user:s3cret@host/x"})
  void passwordInAnAddressIsNotRepeated(String line) {
    Cli.Result result = cli.run(line.split(" "));
    assertThat(result.exitCode()).as(result.err()).isEqualTo(2);
    assertThat(result.err()).startsWith("error: ").contains("***@host")
        .doesNotContain("s3", "cret");
  }

  @Test
  void nearMissIsSuggested() {
    assertThat(cli.run("repo", "lst").err()).contains("hint: did you mean list");
  }

  @Test
  void unreachableServerIsThreeAndSaysWhatToDo() {
    String gone = api.url().toString();
    api.close();
    Cli.Result result = cli.run("repo", "list", "--server", gone);
    assertThat(result.exitCode()).isEqualTo(3);
    assertThat(result.err()).contains("no node answers at " + gone, "hint: ");
  }

  @Test
  void somethingElseAtTheAddressIsThree() {
    api.raw("GET /v1/collections", 200, "text/html", "<html>");
    Cli.Result result = cli.run("col", "list");
    assertThat(result.exitCode()).isEqualTo(3);
    assertThat(result.err()).contains("not the API of a node");
  }

  @Test
  void answerOfAnotherShapeIsThree() {
    api.raw("GET /v1/collections", 200, "application/json", "[{\"dimension\":\"many\"}]");
    assertThat(cli.run("col", "list").exitCode()).isEqualTo(3);
    assertThat(cli.run("col", "list", "--verbose").err()).contains("cause: ");
  }

  @Test
  void tokenTravelsAsBearer() {
    api.ok("GET /v1/collections", List.of());
    cli.variables.put("ELYSIACTL_TOKEN", "from-env");
    assertThat(cli.run("col", "list").exitCode()).isZero();
    assertThat(cli.run("--token", "given", "col", "list").exitCode()).isZero();
    assertThat(api.authorizations).containsExactly("Bearer from-env", "Bearer given");
  }

  @Test
  void helpAndVersionAreDataAndZero() {
    assertThat(cli.run("--version").out()).startsWith("elysiactl ");
    for (String command : List.of("server start", "repo add", "search", "col delete")) {
      Cli.Result result = cli.run((command + " --help").split(" "));
      assertThat(result.exitCode()).isZero();
      assertThat(result.out()).startsWith("Usage: elysiactl " + command).contains("--server",
          "--home", "--quiet");
    }
  }
}
