package elysia.cli.repository;

import elysia.cli.process.ExitCode;
import elysia.cli.session.Session;
import elysia.core.diagnose.Check.Status;
import elysia.core.diagnose.Diagnosis;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// `elysiactl repo diagnose`.
@Command(name = "diagnose", description = "Look for what is wrong: remote, credentials, clone, store, embedder, disk, journal, last errors")
final class DiagnoseCommand implements Callable<Integer> {
  @Parameters(paramLabel = "NAME", description = "a repository")
  String name = "";

  private final Session session;

  DiagnoseCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    session.console().progress("Looking …");
    Diagnosis found = session.api().diagnose(name, false);
    session.output().one(found, () -> new Findings(session.console()).print(found));
    return found.result() == Status.FAILED ? ExitCode.PARTIAL : ExitCode.OK;
  }
}
