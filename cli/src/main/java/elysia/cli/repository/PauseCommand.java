package elysia.cli.repository;

import elysia.cli.session.Session;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// `elysiactl repo pause`.
@Command(name = "pause", description = "Stop syncing until resume; the index stays")
final class PauseCommand implements Callable<Integer> {
  @Parameters(paramLabel = "NAME", description = "a repository")
  String name = "";

  private final Session session;

  PauseCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    return Action.tell(session, session.api().act(name, "pause"), "Paused");
  }
}
