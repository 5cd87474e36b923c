package elysia.cli.repository;

import elysia.cli.session.Session;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `elysiactl repo pause`.
@Command(name = "pause", description = "Stop syncing until resume; the index stays")
final class PauseCommand implements Callable<Integer> {
  @Mixin
  Selection selection = new Selection();

  private final Session session;

  PauseCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    return Action.each(session, selection.names(session),
        name -> Action.tell(session, session.api().act(name, "pause"), "Paused"));
  }
}
