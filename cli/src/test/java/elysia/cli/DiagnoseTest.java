package elysia.cli;

import static org.assertj.core.api.Assertions.assertThat;

import elysia.cli.process.ExitCode;
import elysia.core.diagnose.Check;
import elysia.core.diagnose.Check.Area;
import elysia.core.diagnose.Diagnosis;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DiagnoseTest {
  private static final Check WELL = Check.ok(Area.CONNECTIVITY, "remote", "example.org answers.");
  private static final Check CLOSED = Check.failed(Area.AUTHENTICATION, "access",
      "It wants credentials\u001b[2J (401).", "Nothing new is pulled.", "Store one, then test it.",
      "git credential approve");
  private static final Check LOW = Check.warning(Area.DISK, "clones", "The disk is getting full.",
      "Syncs will fail when it is full.", "Make room.", "df -h");
  private final FakeApi api = new FakeApi();
  private final Cli cli = new Cli(api);

  @AfterEach
  void close() {
    api.close();
  }

  private static Diagnosis found(Check... checks) {
    return Diagnosis.of("demo", "https://example.org/demo.git", Optional.of("node-1"), Cli.NOW,
        List.of(checks));
  }

  @Test
  void failedChecksAreShownWithTheirNextStepAndEndWithOne() {
    api.ok("POST /v1/repositories/demo/diagnose", found(WELL, CLOSED, LOW));
    Cli.Result result = cli.run("repo", "diagnose", "demo");
    assertThat(result.exitCode()).isEqualTo(ExitCode.PARTIAL);
    assertThat(result.out()).isEqualTo("""
        ok        connectivity    example.org answers.
        FAILED    authentication  It wants credentials\\u001b[2J (401).
                                  Nothing new is pulled.
                                  Next: Store one, then test it.
                                    git credential approve
        warning   disk            The disk is getting full.
                                  Syncs will fail when it is full.
                                  Next: Make room.
                                    df -h

        demo: 1 failed, 1 warning
        """);
    assertThat(cli.run("repo", "diagnose", "demo", "-o", "jsonl").out())
        .contains("\"result\":\"failed\"", "\"area\":\"authentication\"");
  }

  @Test
  void warningsAloneEndWellAndUnknownRepositoriesDoNot() {
    api.ok("POST /v1/repositories/demo/diagnose", found(WELL, LOW));
    assertThat(cli.run("repo", "diagnose", "demo").exitCode()).isEqualTo(ExitCode.OK);
    assertThat(cli.run("repo", "diagnose", "other").exitCode()).isEqualTo(ExitCode.USAGE);
  }

  @Test
  void fixAuthSyncsWhenTheRemoteCanBeRead() {
    api.ok("POST /v1/repositories/demo/diagnose?access_only=true", found(WELL))
        .ok("POST /v1/repositories/demo/retry", Samples.repository().get());
    Cli.Result result = cli.run("repo", "fix-auth", "demo");
    assertThat(result.exitCode()).isEqualTo(ExitCode.OK);
    assertThat(result.out()).contains("A sync of demo has been started");
    assertThat(api.requests).contains("POST /v1/repositories/demo/retry");
  }

  @Test
  void fixAuthAsksNothingOffATerminal() {
    api.ok("POST /v1/repositories/demo/diagnose?access_only=true", found(WELL, CLOSED));
    Cli.Result result = cli.run("repo", "fix-auth", "demo");
    assertThat(result.exitCode()).isEqualTo(ExitCode.REFUSED);
    assertThat(cli.questions).isEmpty();
    assertThat(result.out()).contains("git credential approve");
    assertThat(api.requests).noneMatch(request -> request.contains("retry"));
  }

  @Test
  void fixAuthTestsAgainUntilItWorksOrThePersonGivesUp() {
    cli.terminal = true;
    cli.variables.put("NO_COLOR", "1");
    api.ok("POST /v1/repositories/demo/diagnose?access_only=true", found(CLOSED))
        .ok("POST /v1/repositories/demo/diagnose?access_only=true", found(WELL))
        .ok("POST /v1/repositories/demo/retry", Samples.repository().get());
    cli.typed.add("");
    assertThat(cli.run("repo", "fix-auth", "demo").exitCode()).isEqualTo(ExitCode.OK);
    assertThat(cli.questions).hasSize(1);
  }
}
