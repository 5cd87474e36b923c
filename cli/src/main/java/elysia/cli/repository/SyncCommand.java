package elysia.cli.repository;

import elysia.cli.session.Session;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `elysiactl repo sync`.
@Command(name = "sync", description = "Pull now and bring the index in step")
final class SyncCommand implements Callable<Integer> {
  @Mixin
  Selection selection = new Selection();

  @Option(names = "--full", description = "list the whole tree again instead of asking for what changed")
  boolean full;

  @Option(names = "--no-wait", description = "return at once; the sync runs on the node")
  boolean noWait;

  private final Session session;

  SyncCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    return Action.sync(session, selection.names(session), full ? "sync?full=true" : "sync", noWait);
  }
}
