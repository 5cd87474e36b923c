package elysia.coordinator.repository;

import elysia.coordinator.sync.Checkpoint;
import elysia.coordinator.sync.PlannedBatch;
import elysia.coordinator.sync.SyncPlan;
import elysia.coordinator.sync.SyncRun;
import elysia.core.batch.Batch;
import elysia.core.batch.BatchId;
import elysia.core.identity.FilePath;
import elysia.core.identity.RepositoryName;
import elysia.core.outcome.Problem;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// One incarnation's work on a sync: which batches are out, and how far everything before them is
/// confirmed. Owned by the actor's thread; forgotten with it.
final class SyncExecution {
  /// A batch that is not confirmed.
  static final class Out {
    private final PlannedBatch planned;
    private Batch batch;
    private int deferrals;
    private @Nullable Waiting waiting;
    private boolean confirmed;
    private boolean givenUp;
    private final Set<FilePath> suspected = new HashSet<>();

    Out(PlannedBatch planned, Batch batch) {
      this.planned = planned;
      this.batch = batch;
    }

    PlannedBatch planned() {
      return planned;
    }

    Batch batch() {
      return batch;
    }

    int deferrals() {
      return deferrals;
    }

    /// Files of which another write came in after this batch was made: it does not clear them.
    Set<FilePath> suspected() {
      return suspected;
    }
  }

  /// A batch that waits for its next delivery.
  record Waiting(String reason, Instant until) {}

  private final SyncPlan plan;
  private final SyncRun run;
  private final boolean resumed;
  private final String runId = UUID.randomUUID().toString();
  private final TreeMap<Integer, Out> out = new TreeMap<>();
  private int nextNumber;
  private boolean reading;
  private boolean draining;
  private boolean ended;
  private boolean finishing;
  private Optional<Instant> lastWrite;
  private @Nullable Waiting trouble;
  private @Nullable Problem failure;
  private boolean failureRetryable;

  /// @param lastWrite
  ///          until when a write of an earlier incarnation's deliveries may still arrive
  SyncExecution(SyncPlan plan, SyncRun run, Optional<Instant> lastWrite, boolean resumed) {
    this.resumed = resumed;
    this.plan = plan;
    this.run = run;
    this.lastWrite = lastWrite;
  }

  SyncRun run() {
    return run;
  }

  /// Whether another batch should be read now.
  boolean wantsMore(int window) {
    return !reading && !draining && !ended && failure == null && out.size() < window
        && waiting().isEmpty();
  }

  void reading(boolean now) {
    reading = now;
  }

  /// Takes a planned batch up.
  ///
  /// Files of earlier failures travel first, and what the index has of them is not to be trusted.
  Batch take(PlannedBatch planned, RepositoryName repo) {
    boolean suspected = planned.through().map(mark -> mark.phase() == Checkpoint.Phase.RETRY)
        .orElse(false);
    Batch batch = new Batch(new BatchId(runId, nextNumber), plan.collection(), plan.model(), repo,
        plan.to().orElse(""), planned.tasks(),
        suspected || (resumed && nextNumber < RESUMED_BATCHES));
    out.put(nextNumber++, new Out(planned, batch));
    return batch;
  }

  /// After a resumption the first batches may have been written in part by the incarnation before.
  private static final int RESUMED_BATCHES = 32;

  Optional<Out> find(BatchId id) {
    return id.run().equals(runId) ? Optional.ofNullable(out.get(id.number())) : Optional.empty();
  }

  Optional<Out> find(int number) {
    return Optional.ofNullable(out.get(number));
  }

  /// A batch is in the index.
  ///
  /// @return the new mark, when it moved
  Optional<Checkpoint> confirm(int number) {
    Out done = out.get(number);
    if (done != null) {
      done.confirmed = true;
      if (!done.planned.tasks().isEmpty())
        trouble = null;
    }
    Optional<Checkpoint> moved = Optional.empty();
    while (!out.isEmpty() && out.firstEntry().getValue().confirmed) {
      Optional<Checkpoint> mark = out.pollFirstEntry().getValue().planned.through();
      if (mark.isPresent())
        moved = mark;
    }
    return moved;
  }

  /// The batch could not be done now and is retried later.
  void defer(Out batch, String reason, Instant until, boolean writeUnknown) {
    batch.deferrals++;
    trouble = new Waiting(reason, until);
    batch.waiting = trouble;
    if (writeUnknown)
      batch.batch = batch.batch.asRedelivered();
  }

  /// Whether it still waits for a delivery, which is now made.
  boolean redelivered(Out batch) {
    boolean waits = batch.waiting != null;
    batch.waiting = null;
    return waits;
  }

  void suspect(List<FilePath> paths) {
    out.values().forEach(o -> o.suspected.addAll(paths));
  }

  /// Batches that a worker may have.
  List<BatchId> delivered() {
    return out.values().stream().filter(o -> !o.confirmed && !o.givenUp && o.waiting == null)
        .map(o -> o.batch.id()).toList();
  }

  /// Why batches wait, and until when the first of them does.
  Optional<Waiting> waiting() {
    return out.values().stream().map(o -> o.waiting).filter(w -> w != null)
        .min((a, b) -> a.until().compareTo(b.until()));
  }

  /// Why batches wait, or are tried again, until a delivery has succeeded.
  Optional<Waiting> trouble() {
    return waiting().or(() -> Optional.ofNullable(trouble));
  }

  List<Integer> waitingNumbers() {
    return out.values().stream().filter(o -> o.waiting != null).map(o -> o.batch.id().number())
        .toList();
  }

  void wrote(Optional<Instant> until) {
    if (until.isPresent() && (lastWrite.isEmpty() || lastWrite.get().isBefore(until.get())))
      lastWrite = until;
  }

  Optional<Instant> lastWrite() {
    return lastWrite;
  }

  /// Stops reading; what is out is waited for.
  void fail(Problem problem, boolean retryable) {
    if (failure == null) {
      failure = problem;
      failureRetryable = retryable;
    }
    for (Out o : out.values())
      if (o.waiting != null)
        giveUp(o);
  }

  /// It will not be confirmed by this execution: the mark cannot pass it.
  void giveUp(Out batch) {
    batch.givenUp = true;
    batch.waiting = null;
  }

  Optional<Problem> failure() {
    return Optional.ofNullable(failure);
  }

  boolean failureRetryable() {
    return failureRetryable;
  }

  void drain() {
    draining = true;
  }

  void drained() {
    draining = false;
  }

  boolean draining() {
    return draining;
  }

  void end() {
    ended = true;
  }

  boolean ended() {
    return ended;
  }

  /// True the first time it is asked after everything is done.
  boolean startFinishing() {
    if (finishing || !ended || !idle())
      return false;
    finishing = true;
    return true;
  }

  /// Nothing is out and nothing is being read.
  boolean idle() {
    return !reading && out.values().stream().allMatch(o -> o.confirmed || o.givenUp);
  }
}
