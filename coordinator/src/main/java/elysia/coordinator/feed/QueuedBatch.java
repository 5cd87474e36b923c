package elysia.coordinator.feed;

import elysia.core.batch.Batch;
import elysia.core.batch.BatchId;
import elysia.core.batch.FileTask;
import elysia.core.identity.FilePath;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// A batch that a change queue has accepted and not answered yet.
final class QueuedBatch {
  final ChangeQueue.Submit submit;
  final Set<FilePath> paths;
  private final Instant since;
  private final Instant deadline;
  Batch batch;
  /// Its sender still waits for it.
  boolean begun;
  /// It is with the dispatcher, or will be again after a wait.
  boolean dispatched;
  int deferrals;
  /// Until when an attempt that was given up may still write.
  Optional<Instant> writesPossibleUntil = Optional.empty();

  /// @param deliveryTimeout how long it is tried
  QueuedBatch(ChangeQueue.Submit submit, BatchId id, Instant now, Duration deliveryTimeout) {
    this.submit = submit;
    this.since = now;
    this.deadline = now.plus(deliveryTimeout);
    this.paths = paths(submit.tasks());
    this.batch = new Batch(id, submit.collection(), submit.model(), submit.repo(),
        submit.commit(), submit.tasks(), submit.redelivered());
  }

  int number() {
    return batch.id().number();
  }

  Duration age(Instant now) {
    return Duration.between(since, now);
  }

  /// Whether its time is over at this time.
  boolean endsBefore(Instant time) {
    return time.isAfter(deadline);
  }

  void mayWriteUntil(Optional<Instant> until) {
    if (until.isPresent()
        && (writesPossibleUntil.isEmpty() || writesPossibleUntil.get().isBefore(until.get())))
      writesPossibleUntil = until;
  }

  private static Set<FilePath> paths(List<FileTask> tasks) {
    Set<FilePath> paths = new HashSet<>();
    for (FileTask task : tasks) {
      paths.add(task.path());
      if (task instanceof FileTask.Move(_, var to))
        paths.add(to);
    }
    return paths;
  }
}
