package elysia.cli.repository;

import elysia.cli.session.Session;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `elysiactl repo retry`.
@Command(name = "retry", description = "Try at once what waits for its next try, and the files that failed")
final class RetryCommand implements Callable<Integer> {
  @Parameters(paramLabel = "NAME", description = "a repository")
  String name = "";

  @Option(names = "--no-wait", description = "return at once; the sync runs on the node")
  boolean noWait;

  private final Session session;

  RetryCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    return Action.sync(session, name, "retry", noWait);
  }
}
