package elysia.cli;

import static org.assertj.core.api.Assertions.assertThat;

import elysia.core.auth.Access;
import elysia.core.auth.NewToken;
import elysia.core.auth.TokenInfo;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenTest {
  private static final TokenInfo CI = new TokenInfo("ci", Access.WRITE,
      Instant.parse("2026-11-01T08:00:00.123Z"), Optional.of(Instant.parse("2026-11-20T00:00:00Z")),
      "root");
  private final FakeApi api = new FakeApi();
  private final Cli cli = new Cli(api);
  @TempDir
  private Path folder;

  @AfterEach
  void end() {
    api.close();
  }

  @Test
  void madeTokenStandsAloneOnStandardOutput() {
    api.answer("POST /v1/tokens", 201, new NewToken("elysiactl_aa", CI));
    Cli.Result result = cli.run("token", "create", "--name", "ci", "--scope", "write", "--expires",
        "2d");
    assertThat(result.exitCode()).isZero();
    assertThat(result.out()).isEqualTo("elysiactl_aa\n");
    assertThat(result.err()).contains("ci (write", "not shown again");
    assertThat(api.requests).containsExactly("POST /v1/tokens"
        + " {\"name\":\"ci\",\"scope\":\"write\",\"expires_at\":\"2026-11-23T12:00:00Z\"}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"--name|a b|--scope|read", "--name|a|--scope|root",
      "--name|a|--scope|read|--expires|soon", "--name|a", "--scope|read"})
  void wrongWishesAreUsageErrors(String options) {
    assertThat(cli.run(("token|create|" + options).split("\\|", -1)).exitCode()).isEqualTo(2);
    assertThat(api.requests).isEmpty();
  }

  @Test
  void listShowsWhatIsExpired() {
    api.ok("GET /v1/tokens", List.of(CI, new TokenInfo("me", Access.ADMIN,
        Instant.parse("2026-10-01T08:00:00Z"), Optional.empty(), "(local)")));
    assertThat(cli.run("token", "list").out().lines()).containsExactly(
        "NAME  SCOPE  CREATED               BY       EXPIRES",
        "ci    write  2026-11-01T08:00:00Z  root     expired 2026-11-20T00:00:00Z",
        "me    admin  2026-10-01T08:00:00Z  (local)  never");
  }

  @Test
  void revokedLastTokenIsAskedForByName() {
    api.ok("DELETE /v1/tokens/ci?last=true", CI);
    assertThat(cli.run("token", "revoke", "ci", "--last").exitCode()).isZero();
    assertThat(cli.run("token", "revoke", "other").exitCode()).isEqualTo(2);
  }

  @Test
  void tokenComesFromOptionFileStandardInputOrEnvironment() throws Exception {
    api.ok("GET /v1/tokens", List.of());
    cli.workingDirectory = folder;
    Files.writeString(folder.resolve("t"), "from-file\n");
    cli.input = "from-input\n";
    cli.variables.put("ELYSIACTL_TOKEN", "from-environment");
    cli.run("token", "list", "--token", "from-option", "--token-file", "t");
    cli.run("token", "list", "--token-file", "t");
    cli.run("token", "list", "--token-file", "-");
    cli.run("token", "list");
    cli.variables.remove("ELYSIACTL_TOKEN");
    cli.variables.put("ELYSIACTL_TOKEN_FILE", "t");
    cli.run("token", "list");
    assertThat(api.authorizations).containsExactly("Bearer from-option", "Bearer from-file",
        "Bearer from-input", "Bearer from-environment", "Bearer from-file");
    assertThat(cli.run("token", "list", "--token-file", "none").exitCode()).isEqualTo(2);
  }

  @Test
  void refusedCallerEndsWithFour() {
    api.problem("GET /v1/tokens", 401, "unauthenticated", "token: missing", "");
    Cli.Result result = cli.run("token", "list");
    assertThat(result.exitCode()).isEqualTo(4);
    assertThat(result.err()).contains("token: missing", "ELYSIACTL_TOKEN");
  }
}
