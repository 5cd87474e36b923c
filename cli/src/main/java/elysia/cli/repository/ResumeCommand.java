package elysia.cli.repository;

import elysia.cli.session.Session;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `elysiactl repo resume`.
@Command(name = "resume", description = "Go on after a pause")
final class ResumeCommand implements Callable<Integer> {
  @Mixin
  Selection selection = new Selection();

  private final Session session;

  ResumeCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    return Action.each(session, selection.names(session),
        name -> Action.tell(session, session.api().act(name, "resume"), "Resumed"));
  }
}
