package elysia.cli.repository;

import elysia.cli.output.Text;
import elysia.cli.process.ExitCode;
import elysia.cli.process.Failure;
import elysia.cli.session.Session;
import elysia.core.repository.RepositoryStatus;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;

/// Steps that the short commands share: ask the node for each repository, print what it answered.
final class Action {
  private record Asked(SyncEnd.Mark before, RepositoryStatus status) {}

  private Action() {}

  static int tell(Session session, RepositoryStatus status, String what) {
    session.output().one(status, () -> session.console().note(what + " " + Text.safe(status.name())
        + (status.detail().isEmpty() ? "" : ": " + Text.safe(status.detail()))));
    return ExitCode.OK;
  }

  /// Does the same with each of several repositories. One that fails does not hold up the others.
  ///
  /// @param action gives an exit code for a name
  /// @return the exit code of all together
  static int each(Session session, List<String> names, ToIntFunction<String> action) {
    if (names.size() == 1)
      return action.applyAsInt(names.getFirst());
    if (names.isEmpty())
      session.console().note("No repository matches");
    int[] result = {ExitCode.OK};
    session.output().together(() -> {
      for (String name : names)
        try {
          result[0] = action.applyAsInt(name) == ExitCode.OK ? result[0] : ExitCode.PARTIAL;
        } catch (Failure e) {
          fail(session, name, e);
          result[0] = ExitCode.PARTIAL;
        }
    });
    return result[0];
  }

  /// @throws Failure no other repository would fare better
  private static void fail(Session session, String name, Failure e) {
    if (e.exitCode() != ExitCode.USAGE && e.exitCode() != ExitCode.PARTIAL)
      throw e;
    session.console().error(Text.safe(name) + ": " + Text.safe(e.text()));
    if (!e.hint().isEmpty())
      session.console().error("hint: " + Text.safe(e.hint()));
  }

  /// Asks for a sync of each, and waits for all of them.
  static int sync(Session session, List<String> names, String action, boolean noWait) {
    if (noWait)
      return each(session, names, name -> tell(session, session.api().act(name, action),
          "Asked for a sync of"));
    Map<String, Asked> asked = new LinkedHashMap<>();
    int result = each(session, names, name -> {
      SyncEnd.Mark before = SyncEnd.Mark.of(session.api().repository(name));
      asked.put(name, new Asked(before, session.api().act(name, action)));
      return ExitCode.OK;
    });
    if (asked.isEmpty())
      return result;
    int ended = each(session, new ArrayList<>(asked.keySet()), name -> {
      Asked one = asked.getOrDefault(name, new Asked(SyncEnd.Mark.NEW, session.api()
          .repository(name)));
      return Summary.tell(session, new SyncWatch(session).await(one.before(), one.status()));
    });
    return result == ExitCode.OK ? ended : result;
  }
}
