package elysia.cli.repository;

import com.fasterxml.jackson.databind.JsonNode;
import elysia.cli.api.Live;
import elysia.cli.output.Console;
import elysia.cli.output.Output;
import elysia.cli.process.ExitCode;
import elysia.cli.process.Failure;
import elysia.cli.session.Session;
import elysia.core.repository.LogEntry;
import elysia.core.repository.RepositoryStatus;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// Follows a repository's history without end. The node tells live that something happened; what
/// happened is then read from the history, so that nothing is missed or told twice whatever breaks.
final class LogFollower {
  private static final int MOST = 1_000;
  /// An event is told a moment before its entry can be read.
  private static final Duration SETTLE = Duration.ofMillis(300);
  private static final Duration LOOK = Duration.ofSeconds(1);
  /// Without any event: an entry may have become readable late.
  private static final Duration QUIET = Duration.ofSeconds(10);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

  private final Session session;
  private final Console console;
  private final String name;
  private final Consumer<LogEntry> printer;
  private final ProgressLine progress;
  private long last;

  /// @param last number of the last entry that was printed
  LogFollower(Session session, String name, long last, Consumer<LogEntry> printer) {
    this.session = session;
    this.console = session.console();
    this.name = name;
    this.last = last;
    this.printer = printer;
    this.progress = new ProgressLine(console);
  }

  /// Ends by an exception only: Ctrl-C, or a repository that is gone.
  void follow() {
    Duration pause = LOOK;
    boolean lost = false;
    while (true) {
      try {
        Optional<Live> opened = session.api().live(name);
        if (lost)
          console.note("The node answers again.");
        lost = false;
        pause = LOOK;
        if (opened.isEmpty())
          poll();
        try (Live live = opened.orElseThrow()) {
          listen(live);
        }
        console.note("The node closed the connection; connecting again …");
      } catch (Failure e) {
        if (e.exitCode() != ExitCode.UNREACHABLE)
          throw e;
        if (!lost)
          console.note("The node does not answer; connecting again until Ctrl-C …");
        lost = true;
        session.environment().pace().pause(pause);
        pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0
            ? pause.multipliedBy(2)
            : LONGEST_PAUSE;
      }
    }
  }

  /// For a node that tells nothing live.
  private void poll() {
    while (true) {
      session.environment().pace().pause(LOOK);
      read();
    }
  }

  private void listen(Live live) {
    read();
    long readAt = System.nanoTime() + QUIET.toNanos();
    while (!live.ended()) {
      Optional<JsonNode> event = live
          .next(Duration.ofNanos(Math.max(0, readAt - System.nanoTime())));
      if (event.isPresent()) {
        show(event.get());
        if (!event.get().path("type").asText().equals("sync:progress"))
          readAt = Math.min(readAt, System.nanoTime() + SETTLE.toNanos());
      }
      if (System.nanoTime() >= readAt) {
        read();
        readAt = System.nanoTime() + QUIET.toNanos();
      }
    }
  }

  private void show(JsonNode event) {
    if (!session.output().table() || !event.path("type").asText().equals("sync:progress"))
      return;
    try {
      RepositoryStatus status = Output.lenient().convertValue(event.path("data").path("status"),
          RepositoryStatus.class);
      if (status != null)
        progress.show(status, session.now());
    } catch (IllegalArgumentException e) { // a newer node; its history tells the rest
      console.clearProgress();
    }
  }

  private void read() {
    List<LogEntry> more;
    do {
      more = session.api().log(name, MOST, Optional.of(last));
      for (LogEntry entry : more) {
        printer.accept(entry);
        last = entry.seq();
      }
    } while (more.size() == MOST);
  }
}
