package elysia.worker.pipeline;

import elysia.core.batch.Batch;
import elysia.core.batch.BatchResult;
import elysia.core.identity.FilePath;
import elysia.core.outcome.Outcome;
import elysia.core.repository.SyncCounts;
import elysia.core.store.VectorStore;
import elysia.worker.pipeline.Stages.Stage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/// One try of a batch under its lease, and what came of it so far. One thread.
final class BatchAttempt {
  private final Batch batch;
  private final Lease lease;
  private final Stages stages = new Stages();
  private final List<BatchResult.Failure> failures = new ArrayList<>();
  private final List<BatchResult.Note> notes = new ArrayList<>();
  private final Set<FilePath> late = new HashSet<>();
  private SyncCounts counts = SyncCounts.NONE;
  private final long embeddedBefore;
  private boolean writeUnknown;
  private Stage at = Stage.CHUNK;

  /// @param embeddedBefore texts that earlier tries have embedded
  BatchAttempt(Batch batch, Lease lease, long embeddedBefore) {
    this.embeddedBefore = embeddedBefore;
    this.batch = batch;
    this.lease = lease;
  }

  Batch batch() {
    return batch;
  }

  Stages stages() {
    return stages;
  }

  SyncCounts counts() {
    return counts;
  }

  void count(SyncCounts more) {
    counts = counts.plus(more);
  }

  void fail(FilePath path, String reason, String message) {
    failures.add(new BatchResult.Failure(path, reason, message));
  }

  void note(List<BatchResult.Note> more) {
    notes.addAll(more);
  }

  /// Something was done that must not be done again by a delivery that does not know of it.
  void begunMoving() {
    writeUnknown = true;
  }

  void checkLease() throws AttemptEnd {
    if (!lease.valid())
      throw new AttemptEnd(new Processed.Expired(List.copyOf(late)));
  }

  /// Asks the store something.
  <T> T lookUp(Supplier<Outcome<T>> question) throws AttemptEnd {
    return ok(Stage.LOOKUP, stages.timed(Stage.LOOKUP, question));
  }

  /// Before a write, so that one that was not begun is not called unknown.
  void awaitPermit(VectorStore store) throws AttemptEnd {
    ok(Stage.WRITE, stages.timed(Stage.WRITE, store::awaitPermit));
  }

  /// Changes the store, if the lease allows it.
  ///
  /// @param touched files that it is about
  <T> T write(Set<FilePath> touched, Supplier<Outcome<T>> write) throws AttemptEnd {
    checkLease();
    Outcome<T> outcome = stages.timed(Stage.WRITE, write);
    if (lease.overrun().compareTo(Duration.ZERO) > 0)
      late.addAll(touched);
    if (outcome instanceof Outcome.Busy)
      writeUnknown = true;
    return ok(Stage.WRITE, outcome);
  }

  /// What was tried last.
  Stage at() {
    return at;
  }

  /// The value of a call, or the end of this try.
  <T> T ok(Stage stage, Outcome<T> outcome) throws AttemptEnd {
    at = stage;
    return switch (outcome) {
      case Outcome.Ok<T>(var value) -> value;
      case Outcome.Busy<T>(_, var reason, var retryAfter) -> throw new AttemptEnd(
          new Processed.Deferred(reason, retryAfter, writeUnknown, List.copyOf(late)));
      case Outcome.Refused<T>(var problem) -> throw new AttemptEnd(new Processed.Failed(problem));
    };
  }

  long embeddedSoFar() {
    return embeddedBefore + counts.chunksEmbedded();
  }

  Processed done() {
    long before = Math.min(embeddedBefore, counts.chunksReused());
    SyncCounts timed = counts.plus(SyncCounts.NONE.withChunksEmbedded(before)
        .withChunksReused(-before).withStageMillis(stages.millis()));
    return new Processed.Done(new BatchResult(timed, failures, notes), List.copyOf(late));
  }
}
