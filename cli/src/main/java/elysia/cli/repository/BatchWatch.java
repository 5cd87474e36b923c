package elysia.cli.repository;

import elysia.cli.output.Console;
import elysia.cli.output.Text;
import elysia.cli.process.ExitCode;
import elysia.cli.process.Failure;
import elysia.cli.repository.AddBatchCommand.BatchAdded;
import elysia.cli.session.Session;
import elysia.core.repository.RepositoryStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Waits for the syncs of many repositories, telling of each when it ends.
final class BatchWatch {
  private static final Duration LOOK = Duration.ofMillis(500);
  private static final Duration IDLE_PATIENCE = Duration.ofSeconds(3);
  private static final Duration ABSENCE_PATIENCE = Duration.ofMinutes(1);

  private static final class Pending {
    final BatchAdded line;
    final SyncEnd.Mark before;
    RepositoryStatus now;
    boolean active;
    Optional<SyncWatch.Ended> ended = Optional.empty();

    Pending(BatchAdded line, RepositoryStatus now, boolean created) {
      this.line = line;
      this.now = now;
      this.before = created ? SyncEnd.Mark.NEW : SyncEnd.Mark.of(now);
    }
  }

  private final Session session;
  private final Console console;
  private Instant answered;

  BatchWatch(Session session) {
    this.session = session;
    this.console = session.console();
    this.answered = session.now();
  }

  /// In the order of the lines.
  List<BatchResult> await(List<BatchAdded> lines) {
    List<Pending> pending = new ArrayList<>();
    for (BatchAdded line : lines)
      line.added().ifPresent(
          added -> pending.add(new Pending(line, added.status(), added.created())));
    Instant asked = session.now();
    while (pending.stream().anyMatch(one -> one.ended.isEmpty())) {
      boolean patient = session.now().isBefore(asked.plus(IDLE_PATIENCE));
      for (Pending one : pending)
        if (one.ended.isEmpty())
          look(one, patient);
      show(pending);
      session.environment().pace().pause(LOOK);
    }
    console.clearProgress();
    return lines.stream().map(line -> BatchResult.of(line, pending.stream()
        .filter(one -> one.line.equals(line)).findFirst().flatMap(one -> one.ended))).toList();
  }

  private void look(Pending one, boolean patient) {
    one.active |= SyncEnd.working(one.now);
    SyncEnd end = SyncEnd.of(one.before, one.now, one.active, patient);
    if (end != SyncEnd.RUNNING) {
      one.ended = Optional.of(new SyncWatch.Ended(end, one.now));
      tell(one.line, end, one.now);
      return;
    }
    try {
      one.now = session.api().repository(one.now.name());
      answered = session.now();
    } catch (Failure e) {
      if (e.exitCode() != ExitCode.UNREACHABLE
          || session.now().isAfter(answered.plus(ABSENCE_PATIENCE)))
        throw e;
    }
  }

  private void tell(BatchAdded line, SyncEnd end, RepositoryStatus status) {
    String head = "line " + line.line() + ": " + Text.safe(status.name()) + " ";
    switch (end) {
      case COMPLETED -> console.note(head + "synced" + status.lastResult().map(
          sync -> ", " + Text.count(sync.counts().filesIndexed(), "file") + ", "
              + Text.count(sync.counts().chunksWritten(), "chunk") + ", "
              + Text.duration(Summary.took(sync)))
          .orElse(""));
      case UP_TO_DATE -> console.note(head + "is up to date");
      case PAUSED -> console.note(head + "is paused");
      case FAILED, RUNNING -> console.error(head + "failed: " + Text.safe(status.trouble()
          .map(RepositoryStatus.LastError::message).orElse(status.detail())));
    }
  }

  private void show(List<Pending> pending) {
    long done = pending.stream().filter(one -> one.ended.isPresent()).count();
    long files = pending.stream().map(one -> one.now.progress())
        .mapToLong(p -> p.map(RepositoryStatus.Progress::filesDone).orElse(0L)).sum();
    console.progress(done + "/" + pending.size() + " repositories  " + Text.count(files, "file")
        + " of the running ones done");
  }
}
