package elysia.cli.repository;

import elysia.cli.output.Text;
import elysia.cli.process.ExitCode;
import elysia.cli.session.Session;
import elysia.core.diagnose.Check;
import elysia.core.diagnose.Check.Area;
import elysia.core.diagnose.Check.Status;
import elysia.core.diagnose.Diagnosis;
import elysia.core.repository.RepositoryStatus;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// `elysiactl repo fix-auth`: tests the access to a remote, says how to give credentials, and syncs
/// when it works. It never asks for a credential: those belong into Git's own stores.
@Command(name = "fix-auth", description = "Test the access to the remote, say how to give credentials, sync when it works")
final class FixAuthCommand implements Callable<Integer> {
  @Parameters(paramLabel = "NAME", description = "a repository")
  String name = "";

  private final Session session;

  FixAuthCommand(Session session) {
    this.session = session;
  }

  /// The command's data.
  ///
  /// @param status after the sync was started; absent when the remote still cannot be read
  record Fixed(Diagnosis access, Optional<RepositoryStatus> status) {}

  @Override
  public Integer call() {
    Diagnosis access = test();
    while (access.result() == Status.FAILED && session.console().terminal()
        && session.output().table()) {
      new Findings(session.console()).print(access);
      String answer = session.environment().prompt()
          .ask("Enter tests again, q gives up: ");
      if (answer == null || answer.strip().toLowerCase(Locale.ROOT).startsWith("q"))
        return exitCode(access);
      access = test();
    }
    boolean readable = access.result() != Status.FAILED;
    Optional<RepositoryStatus> started = readable
        ? Optional.of(session.api().act(name, "retry"))
        : Optional.empty();
    Diagnosis last = access;
    session.output().one(new Fixed(last, started), () -> {
      new Findings(session.console()).print(last);
      started.ifPresent(status -> session.console()
          .data(
              "A sync of " + Text.safe(name) + " has been started: " + Text.safe(status.detail())));
    });
    return exitCode(access);
  }

  private Diagnosis test() {
    session.console().progress("Testing the access …");
    return session.api().diagnose(name, true);
  }

  private static int exitCode(Diagnosis access) {
    if (access.result() != Status.FAILED)
      return ExitCode.OK;
    return access.checks().stream().anyMatch(FixAuthCommand::refused)
        ? ExitCode.REFUSED
        : ExitCode.PARTIAL;
  }

  private static boolean refused(Check check) {
    return check.area() == Area.AUTHENTICATION && check.status() == Status.FAILED;
  }
}
