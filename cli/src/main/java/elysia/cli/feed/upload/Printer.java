package elysia.cli.feed.upload;

import elysia.cli.feed.content.ResolvedChange;
import elysia.cli.output.Text;
import elysia.cli.session.Session;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// The output of a run for a person: a line per file, and per batch where that was asked for.
public final class Printer {
  private record Look(long line, String text) {}

  private final Session session;
  private final boolean batches;

  /// @param batches whether each batch gets a line of its own
  public Printer(Session session, boolean batches) {
    this.session = session;
    this.batches = batches;
  }

  /// A line of the table.
  public void line(String text) {
    if (session.output().table())
      session.console().data(text);
  }

  /// Failed lines that are sent once more.
  public void again(LineBatch batch, int failed) {
    if (batches && batch.through().line() > 0)
      line(processed(batch, failed) + " (will retry)");
  }

  public void tell(LineBatch batch, List<LineBatch.Failed> failed) {
    Set<Long> lines = new HashSet<>();
    for (LineBatch.Failed one : failed) {
      lines.add(one.line());
      String line = "line " + one.line();
      boolean told = one.line() == 0 || one.message().startsWith(line + ", ");
      session.console().error((told ? "" : line + ": ")
          + (one.path().isEmpty() ? "" : Text.safe(one.path()) + ": ") + Text.safe(one.message()));
    }
    List<Look> looks = new ArrayList<>();
    for (ResolvedChange item : batch.items())
      if (item.line() == 0 || !lines.contains(item.line()))
        looks.add(new Look(item.line(), item.look()));
    for (LineBatch.Passed passed : batch.passed())
      looks.add(new Look(passed.line(),
          "[SKIP]   " + Text.safe(passed.path()) + " (" + passed.why() + ")"));
    looks.sort(Comparator.comparingLong(Look::line));
    if (!looks.isEmpty() && !session.console().quiet())
      line(looks.stream().map(Look::text).collect(Collectors.joining("\n")));
    if (batches && batch.through().line() > 0)
      line(processed(batch, lines.size()));
  }

  private static String processed(LineBatch batch, int failed) {
    return "[PROCESSED] Line " + batch.first() + "-" + batch.through().line() + ": "
        + (batch.lines() - failed) + " success, " + failed + " failed";
  }
}
