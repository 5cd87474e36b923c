package elysia.cli.repository;

import elysia.cli.output.Console;
import elysia.cli.output.Text;
import elysia.cli.process.ExitCode;
import elysia.cli.process.Failure;
import elysia.cli.process.Interrupts;
import elysia.cli.session.Session;
import elysia.core.repository.RepositoryStatus;
import elysia.core.repository.RepositoryStatus.Discovery;
import java.time.Duration;
import java.time.Instant;

/// Waits until a sync is over, showing its progress. Ctrl-C leaves it running on the node.
final class SyncWatch {
  private static final Duration LOOK = Duration.ofMillis(300);
  /// How long a repository that was asked to sync may stand idle before it is taken as done.
  private static final Duration IDLE_PATIENCE = Duration.ofSeconds(3);
  /// A node that restarts is back within this time; the sync resumes where it was.
  private static final Duration ABSENCE_PATIENCE = Duration.ofMinutes(1);

  record Ended(SyncEnd end, RepositoryStatus status) {}

  private final Session session;
  private final Console console;

  SyncWatch(Session session) {
    this.session = session;
    this.console = session.console();
  }

  /// @param first what the request was answered with
  Ended await(SyncEnd.Mark before, RepositoryStatus first) {
    String name = Text.safe(first.name());
    try (Interrupts.Registration _ = session.environment().interrupts()
        .onInterrupt(() -> sayWhatGoesOn(name))) {
      return look(before, first);
    } finally {
      console.clearProgress();
    }
  }

  private Ended look(SyncEnd.Mark before, RepositoryStatus first) {
    ProgressLine line = new ProgressLine(console);
    Instant asked = session.now();
    boolean active = false;
    boolean discovered = false;
    RepositoryStatus now = first;
    while (true) {
      active |= SyncEnd.working(now);
      boolean patient = session.now().isBefore(asked.plus(IDLE_PATIENCE));
      SyncEnd end = SyncEnd.of(before, now, active, patient);
      if (end != SyncEnd.RUNNING)
        return new Ended(end, now);
      if (!discovered && now.progress().flatMap(RepositoryStatus.Progress::discovery).isPresent()) {
        discovered = true;
        now.progress().flatMap(RepositoryStatus.Progress::discovery).ifPresent(this::tell);
      }
      line.show(now, session.now());
      session.environment().pace().pause(LOOK);
      now = next(first.name());
    }
  }

  private RepositoryStatus next(String name) {
    Instant until = session.now().plus(ABSENCE_PATIENCE);
    boolean told = false;
    while (true) {
      try {
        return session.api().repository(name);
      } catch (Failure e) {
        if (e.exitCode() != ExitCode.UNREACHABLE || session.now().isAfter(until))
          throw e;
        if (!told)
          console.note("The node does not answer; waiting for it to come back …");
        told = true;
        session.environment().pace().pause(LOOK);
      }
    }
  }

  private void tell(Discovery found) {
    Summary.discovery(found).lines(0).forEach(console::note);
  }

  private void sayWhatGoesOn(String name) {
    console.error("Interrupted. The sync of " + name + " goes on on the node.");
    console.error("Look at it: elysiactl repo status " + name + "   Stop it: elysiactl repo pause "
        + name);
  }
}
