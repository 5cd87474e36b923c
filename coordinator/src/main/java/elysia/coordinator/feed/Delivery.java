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

/// Tasks that came to a lane and are not answered yet.
final class Delivery {
  final Lane.Submit submit;
  final Set<FilePath> paths;
  private final Instant since;
  private final Instant deadline;
  Batch batch;
  /// Whoever sent them still waits for them.
  boolean wanted;
  /// They are with the dispatcher, or come to it again after a wait.
  boolean out;
  int deferrals;
  /// Until when an attempt that was given up may still write.
  Optional<Instant> lastWrite = Optional.empty();

  /// @param patience
  ///          how long they are tried
  Delivery(Lane.Submit submit, BatchId id, Instant now, Duration patience) {
    this.submit = submit;
    this.since = now;
    this.deadline = now.plus(patience);
    this.wanted = !submit.begins().orElse(false);
    this.paths = paths(submit.tasks());
    this.batch = new Batch(id, submit.collection(), submit.model(), submit.repo(),
        submit.commit(), submit.tasks(), submit.again());
  }

  int number() {
    return batch.id().number();
  }

  Duration age(Instant now) {
    return Duration.between(since, now);
  }

  /// Whether another try at this time would be one too many.
  boolean endsBefore(Instant time) {
    return time.isAfter(deadline);
  }

  void mayWriteUntil(Optional<Instant> until) {
    if (until.isPresent() && (lastWrite.isEmpty() || lastWrite.get().isBefore(until.get())))
      lastWrite = until;
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
