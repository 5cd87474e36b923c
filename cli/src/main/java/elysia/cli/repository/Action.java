package elysia.cli.repository;

import elysia.cli.output.Text;
import elysia.cli.process.ExitCode;
import elysia.cli.session.Session;
import elysia.core.repository.RepositoryStatus;

/// The common part of the short commands: ask the node, print its answer.
final class Action {
  private Action() {}

  static int tell(Session session, RepositoryStatus status, String what) {
    session.output().one(status, () -> session.console().note(what + " " + Text.safe(status.name())
        + (status.detail().isEmpty() ? "" : ": " + Text.safe(status.detail()))));
    return ExitCode.OK;
  }

  static int sync(Session session, String name, String action, boolean noWait) {
    SyncEnd.Mark before = SyncEnd.Mark.of(session.api().repository(name));
    RepositoryStatus asked = session.api().act(name, action);
    if (noWait)
      return tell(session, asked, "Asked for a sync of");
    return Summary.tell(session, new SyncWatch(session).await(before, asked));
  }
}
