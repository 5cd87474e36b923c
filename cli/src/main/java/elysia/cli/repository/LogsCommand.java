package elysia.cli.repository;

import elysia.cli.output.Text;
import elysia.cli.process.ExitCode;
import elysia.cli.process.Failure;
import elysia.cli.session.Session;
import elysia.core.repository.LogEntry;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `elysiactl repo logs`.
@Command(name = "logs", description = "Show what happened to a repository, newest last")
final class LogsCommand implements Callable<Integer> {
  private static final int MOST = 1_000;
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss",
      Locale.ROOT);

  @Parameters(paramLabel = "NAME", description = "a repository")
  String name = "";

  @Option(names = "--tail", paramLabel = "N", description = "how many entries (default 20)")
  int tail = 20;

  @Option(names = {"-f", "--follow"}, description = "go on until Ctrl-C")
  boolean follow;

  private final Session session;

  LogsCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    if (tail < 1 || tail > MOST)
      throw Failure.usage("--tail: " + tail + " (expected: 1 to " + MOST + ")", "");
    List<LogEntry> entries = session.api().log(name, tail, Optional.empty());
    if (!session.output().table() && !follow) {
      session.output().many(entries.iterator());
      return ExitCode.OK;
    }
    entries.forEach(this::print);
    if (follow)
      new LogFollower(session, name, entries.isEmpty() ? 0 : entries.getLast().seq(), this::print)
          .follow();
    return ExitCode.OK;
  }

  private void print(LogEntry entry) {
    if (session.output().table())
      session.console().data(TIME.format(entry.at().atZone(session.environment().zone())) + "  "
          + session.console().bold(Text.safe(entry.type())) + "  " + Text.safe(entry.message()));
    else
      session.output().line(entry); // an array that never ends would help nobody
  }
}
