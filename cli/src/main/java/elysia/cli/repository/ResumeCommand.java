package elysia.cli.repository;

import elysia.cli.session.Session;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// `elysiactl repo resume`.
@Command(name = "resume", description = "Go on after a pause")
final class ResumeCommand implements Callable<Integer> {
  @Parameters(paramLabel = "NAME", description = "a repository")
  String name = "";

  private final Session session;

  ResumeCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    return Action.tell(session, session.api().act(name, "resume"), "Resumed");
  }
}
