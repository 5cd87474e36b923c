package elysia.cli.repository;

import elysia.cli.session.Session;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `elysiactl repo retry`.
@Command(name = "retry", description = "Try at once what waits for its next try, and the files that failed")
final class RetryCommand implements Callable<Integer> {
  @Mixin
  Selection selection = new Selection();

  @Option(names = "--no-wait", description = "return at once; the sync runs on the node")
  boolean noWait;

  private final Session session;

  RetryCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    return Action.sync(session, selection.names(session), "retry", noWait);
  }
}
