package elysia.coordinator.repository;

import elysia.coordinator.dispatch.Dispatcher;
import elysia.coordinator.sync.Checkpoint;
import elysia.coordinator.sync.PlannedBatch;
import elysia.coordinator.sync.SyncPlan;
import elysia.coordinator.sync.SyncRun;
import elysia.core.batch.Batch;
import elysia.core.batch.BatchId;
import elysia.core.batch.BatchResult;
import elysia.core.batch.FileTask;
import elysia.core.identity.FilePath;
import elysia.core.outcome.Outcome;
import elysia.core.outcome.Problem;
import elysia.core.outcome.Retry;
import elysia.core.repository.FileFailure;
import elysia.core.repository.SyncCounts;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The delivery of one sync by one incarnation of its actor: reads the plan, offers its batches to
/// the workers, and knows how far everything before them is confirmed. Used by the actor's thread
/// only; persists nothing.
final class SyncDelivery {
  private static final Logger LOG = LoggerFactory.getLogger(SyncDelivery.class);
  /// After a resumption the first batches may have been written in part by the incarnation before;
  /// it had no more than its window out.
  static final int RESUMED_BATCHES = 32;

  /// How a delivery reaches the world outside its actor.
  interface Effects {
    /// Answered with [ActivityResult.StepRead].
    void read(SyncRun run);

    /// Answered with [ActivityResult.Counted].
    void count();

    /// Answered with [ActivityResult.Reported].
    void offer(Batch batch);

    void withdraw(List<BatchId> batches);

    /// Answered with [ActivityResult.RedeliveryDue].
    void remind(int number, Duration delay);

    void close(SyncRun run);
  }

  /// Why a sync cannot come to its end.
  record Failure(Problem problem, boolean retryable) {}

  /// A batch that waits for its next delivery.
  ///
  /// @param until by the monotonic clock
  record Waiting(String reason, Instant until) {}

  /// The position of a sync when this delivery began: for its rate.
  ///
  /// @param at by the monotonic clock
  record Since(SyncCounts counts, long bytes, Instant at) {}

  private enum Phase {
    OFFERING,
    /// What follows removes: everything that is out has to come back first.
    DRAINING,
    /// The plan is read to its end.
    ENDED,
    /// Everything is in the index, whose chunks are being counted.
    COUNTING
  }

  /// A batch that is not confirmed.
  private static final class Out {
    private final PlannedBatch planned;
    private Batch batch;
    private int deferrals;
    private @Nullable Waiting waiting;
    private boolean confirmed;
    private boolean givenUp;
    /// Files of which another write came in after this batch was made: it does not clear them.
    private final Set<FilePath> suspected = new HashSet<>();

    Out(PlannedBatch planned, Batch batch) {
      this.planned = planned;
      this.batch = batch;
    }
  }

  private final RepositoryRuntime runtime;
  private final Effects effects;
  private final SyncPlan plan;
  private final SyncRun run;
  private final boolean resumed;
  private final Since since;
  private final String runId = UUID.randomUUID().toString();
  private final TreeMap<Integer, Out> out = new TreeMap<>();
  private Phase phase = Phase.OFFERING;
  private boolean reading;
  private int nextNumber;
  private Optional<Instant> writesPossibleUntil;
  private Optional<Waiting> lastWait = Optional.empty();
  private Optional<Failure> failure = Optional.empty();

  /// @param sync that is resumed, whose first batches may have been written in part; empty for a
  ///          new one
  /// @param writesPossibleUntil of an earlier incarnation's deliveries, by the monotonic clock
  SyncDelivery(RepositoryRuntime runtime, Effects effects, SyncPlan plan,
      Optional<RepositoryState.Sync> sync, Optional<Instant> writesPossibleUntil) {
    this.runtime = runtime;
    this.effects = effects;
    this.plan = plan;
    this.run = new SyncRun(plan, runtime.source(), runtime.store(), runtime.settings().batch());
    this.resumed = sync.isPresent();
    this.since = new Since(sync.map(RepositoryState.Sync::counts).orElse(SyncCounts.NONE),
        sync.map(RepositoryState.Sync::bytesDone).orElse(0L), runtime.monotonic().instant());
    this.writesPossibleUntil = writesPossibleUntil;
  }

  Since since() {
    return since;
  }

  /// Why batches wait, or are tried again, until a delivery has succeeded.
  Optional<Waiting> waiting() {
    return firstWaiting().or(() -> lastWait);
  }

  private Optional<Waiting> firstWaiting() {
    return out.values().stream().map(o -> o.waiting).filter(w -> w != null)
        .min((a, b) -> a.until().compareTo(b.until()));
  }

  /// Until when a write of a delivery that was given up may still arrive, by the monotonic clock.
  Optional<Instant> writesPossibleUntil() {
    return writesPossibleUntil;
  }

  /// Tells the dispatcher that nobody wants its batches any more.
  void withdraw() {
    List<BatchId> delivered = out.values().stream()
        .filter(o -> !o.confirmed && !o.givenUp && o.waiting == null).map(o -> o.batch.id())
        .toList();
    if (!delivered.isEmpty())
      effects.withdraw(delivered);
  }

  /// The plan is not read any more.
  void close() {
    effects.close(run);
  }

  /// Files that were written by another than the batches that are out.
  void suspect(List<FilePath> paths) {
    out.values().forEach(o -> o.suspected.addAll(paths));
  }

  /// Reads the next part of the plan, if there is room for it.
  ///
  /// @return false when it is paused and all that was out has come back
  boolean advance(boolean paused) {
    if (failure.isPresent())
      return true;
    if (phase == Phase.DRAINING && idle())
      phase = Phase.OFFERING;
    boolean read = phase == Phase.ENDED || phase == Phase.COUNTING;
    if (paused && idle() && !read)
      return false;
    if (!paused && wantsMore()) {
      reading = true;
      effects.read(run);
    } else if (phase == Phase.ENDED && idle()) {
      phase = Phase.COUNTING;
      effects.count();
    }
    return true;
  }

  private boolean wantsMore() {
    return !reading && phase == Phase.OFFERING && out.size() < runtime.settings().window()
        && firstWaiting().isEmpty();
  }

  /// Nothing is out and nothing is being read.
  private boolean idle() {
    return !reading && out.values().stream().allMatch(o -> o.confirmed || o.givenUp);
  }

  /// A step of the plan was read.
  ///
  /// @return the event of a batch that needs no worker
  Optional<RepositoryEvent> stepRead(RepositoryState state, Outcome<SyncRun.Step> outcome) {
    reading = false;
    switch (outcome) {
      case Outcome.Ok<SyncRun.Step>(SyncRun.Step.Ready(var planned)) -> {
        Out next = take(planned);
        if (planned.tasks().isEmpty())
          return Optional.of(confirmed(state, next, new BatchResult(SyncCounts.NONE, List.of())));
        effects.offer(next.batch);
      }
      case Outcome.Ok<SyncRun.Step>(SyncRun.Step.Drain _) -> phase = Phase.DRAINING;
      case Outcome.Ok<SyncRun.Step>(SyncRun.Step.End _) -> phase = Phase.ENDED;
      case Outcome.Busy<SyncRun.Step> busy -> fail(new Failure(busy.problem(), true));
      case Outcome.Refused<SyncRun.Step>(var problem) -> fail(new Failure(problem, false));
    }
    return Optional.empty();
  }

  /// Files of earlier failures travel first, and what the index has of them is not to be trusted.
  private Out take(PlannedBatch planned) {
    boolean suspected = planned.through().filter(t -> t.phase() == Checkpoint.Phase.RETRY)
        .isPresent();
    Out next = new Out(planned, new Batch(new BatchId(runId, nextNumber), plan.collection(),
        plan.model(), plan.source().name(), plan.to().orElse(""), planned.tasks(),
        suspected || (resumed && nextNumber < RESUMED_BATCHES)));
    out.put(nextNumber++, next);
    return next;
  }

  /// A worker is done with a batch, or gave it back: such batches are retried after a wait.
  ///
  /// @return the event of a batch that is in the index; none of one that is not waited for
  Optional<RepositoryEvent> reported(RepositoryState state, Dispatcher.Report report) {
    Out batch = report.batch().run().equals(runId) ? out.get(report.batch().number()) : null;
    if (batch == null)
      return Optional.empty();
    switch (report) {
      case Dispatcher.Confirmed(_, var result, var until) -> {
        writesPossible(until);
        return Optional.of(confirmed(state, batch, result));
      }
      case Dispatcher.Deferred deferred -> deferred(batch, deferred);
      case Dispatcher.Failed(_, var problem, var until) -> {
        writesPossible(until);
        fail(new Failure(problem, false));
        giveUp(batch);
      }
    }
    return Optional.empty();
  }

  private void writesPossible(Optional<Instant> until) {
    if (until.isPresent()
        && (writesPossibleUntil.isEmpty() || writesPossibleUntil.get().isBefore(until.get())))
      writesPossibleUntil = until;
  }

  private void deferred(Out batch, Dispatcher.Deferred deferred) {
    writesPossible(deferred.writesPossibleUntil());
    Duration delay = Retry.delay(runtime.settings().redelivery(), batch.deferrals + 1,
        deferred.retryAfter(), runtime.random());
    if (batch.deferrals == 0)
      LOG.warn("{}: batch waits {} ms: {}", plan.source().name(), delay.toMillis(),
          deferred.reason());
    batch.deferrals++;
    Waiting waiting = new Waiting(deferred.reason(), runtime.monotonic().instant().plus(delay));
    lastWait = Optional.of(waiting);
    batch.waiting = waiting;
    if (deferred.writeUnknown())
      batch.batch = batch.batch.asRedelivered();
    if (failure.isPresent())
      giveUp(batch);
    else
      effects.remind(deferred.batch().number(), delay);
  }

  /// Batches that the store or the embedder could not take are retried here: offered to the
  /// workers again.
  void redeliver(int number) {
    Out batch = out.get(number);
    if (batch == null || batch.waiting == null)
      return;
    batch.waiting = null;
    effects.offer(batch.batch);
  }

  /// The same for all that wait, at once.
  void redeliverAll() {
    List.copyOf(out.keySet()).forEach(this::redeliver);
  }

  private RepositoryEvent confirmed(RepositoryState state, Out batch, BatchResult result) {
    Map<FilePath, FileFailure> known = state.indexed().failed().byPath();
    Instant now = runtime.clock().instant();
    Map<FilePath, FileFailure> failed = new HashMap<>();
    for (BatchResult.Failure one : result.failures()) {
      FileFailure before = known.get(one.path());
      failed.put(one.path(), new FileFailure(one.path(), one.reason(), one.message(),
          before == null ? 1 : before.attempts() + 1, before == null ? now : before.since()));
    }
    PlannedBatch planned = batch.planned;
    List<FilePath> cleared = known.isEmpty()
        ? List.of()
        : planned.tasks().stream().map(FileTask::path)
            .filter(path -> known.containsKey(path) && !failed.containsKey(path)
                && !batch.suspected.contains(path))
            .distinct().toList();
    Optional<Checkpoint> moved = confirm(batch);
    SyncCounts counts = result.counts()
        .plus(SyncCounts.NONE.withFilesSkipped(planned.skipped()));
    return new RepositoryEvent.BatchConfirmed(
        state.sync().map(RepositoryState.Sync::id).orElse(""), moved, planned.files(),
        planned.bytes(), counts, List.copyOf(failed.values()), cleared, now);
  }

  /// @return the new checkpoint, when it moved
  private Optional<Checkpoint> confirm(Out batch) {
    batch.confirmed = true;
    if (!batch.planned.tasks().isEmpty())
      lastWait = Optional.empty();
    Optional<Checkpoint> moved = Optional.empty();
    while (!out.isEmpty() && out.firstEntry().getValue().confirmed) {
      Optional<Checkpoint> through = out.pollFirstEntry().getValue().planned.through();
      if (through.isPresent())
        moved = through;
    }
    return moved;
  }

  /// Stops reading; what is out is waited for.
  void fail(Failure why) {
    if (failure.isEmpty())
      failure = Optional.of(why);
    for (Out o : out.values())
      if (o.waiting != null)
        giveUp(o);
  }

  /// It will not be confirmed by this delivery: the checkpoint cannot pass it.
  private static void giveUp(Out batch) {
    batch.givenUp = true;
    batch.waiting = null;
  }

  /// The sync's failure, once nothing of it is out any more.
  Optional<Failure> failed() {
    return failure.filter(_ -> idle());
  }
}
