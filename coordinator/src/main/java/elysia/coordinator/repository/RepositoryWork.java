package elysia.coordinator.repository;

import elysia.coordinator.dispatch.Dispatcher;
import elysia.coordinator.repository.RepositoryCommand.VerifyEnded;
import elysia.coordinator.schedule.Schedule;
import elysia.coordinator.sync.Mark;
import elysia.coordinator.sync.PlannedBatch;
import elysia.coordinator.sync.SyncPlan;
import elysia.coordinator.sync.SyncRun;
import elysia.coordinator.verify.Verifier;
import elysia.core.batch.Batch;
import elysia.core.batch.BatchResult;
import elysia.core.batch.FileTask;
import elysia.core.identity.FilePath;
import elysia.core.identity.RepositoryName;
import elysia.core.outcome.Outcome;
import elysia.core.outcome.Problem;
import elysia.core.repository.FileFailure;
import elysia.core.repository.LogEntry;
import elysia.core.repository.RepositorySettings;
import elysia.core.repository.RepositoryStatus;
import elysia.core.repository.SyncCounts;
import elysia.core.repository.VerifyReport;
import elysia.core.source.Pulled;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What one incarnation of a repository's actor is doing: its activity, its timers, its slots, the
/// batches that are out. Used by the actor's thread only; persists nothing.
final class RepositoryWork implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RepositoryWork.class);
  private static final String WAKE = "wake";
  /// The scheduler refuses delays of months, and a clock may be set.
  private static final Duration LONGEST_SLEEP = Duration.ofDays(1);
  /// Differences are mended at most this many thousand files at a time, so many times.
  private static final int MAX_REPAIR_ROUNDS = 20;

  /// @param round
  ///          repairs done so far
  /// @param found
  ///          differences of the first round
  /// @param left
  ///          differences of the last round
  private record VerifyRequest(boolean deep, boolean repair, int round, long found, long left,
      Instant startedAt) {}

  record Failure(Problem problem, boolean retryable) {}

  private final ActorContext<RepositoryCommand> context;
  private final TimerScheduler<RepositoryCommand> timers;
  private final RepositoryName name;
  private final RepositoryRuntime runtime;
  private final LongSupplier lastSequence;
  private final SyncPreparation preparation;
  private final ActorRef<Dispatcher.Report> reports;

  private Activity activity = Activity.IDLE;
  private int stamp;
  private Slots.@Nullable Kind held;
  private Slots.@Nullable Kind wanted;
  private @Nullable Pulled pulled;
  private @Nullable SyncExecution execution;
  private SyncCounts countsBefore = SyncCounts.NONE;
  private long bytesBefore;
  private Instant since;
  private @Nullable VerifyRequest verify;
  private @Nullable VerifyReport verifyReport;
  private Optional<Boolean> request = Optional.empty();
  private boolean retryNow;
  private int removals;
  private Optional<Instant> fence = Optional.empty();
  private Instant notBefore = Instant.EPOCH;

  RepositoryWork(ActorContext<RepositoryCommand> context, TimerScheduler<RepositoryCommand> timers,
      String name, RepositoryRuntime runtime, LongSupplier lastSequence) {
    this.context = context;
    this.timers = timers;
    this.name = new RepositoryName(name);
    this.runtime = runtime;
    this.lastSequence = lastSequence;
    this.preparation = new SyncPreparation(runtime.source(), runtime.store(), runtime.chunker(),
        runtime.settings().expectedChunksPerSecond());
    this.reports = context.messageAdapter(Dispatcher.Report.class, RepositoryCommand.Reported::new);
    this.since = runtime.clock().instant();
  }

  private Instant now() {
    return runtime.clock().instant();
  }

  /// Takes up what the last incarnation left; its deliveries may still be written by a lost node
  /// for a while.
  void recovered(RepositoryState state) {
    reset();
    if (state.sync().isPresent() || state.lastResult()
        .filter(last -> last.result().equals("abandoned")).isPresent())
      fence = Optional.of(now().plus(runtime.fence()));
    notBefore = now().plusMillis(
        (long) (runtime.random().nextDouble() * runtime.settings().restartSpread().toMillis()));
    if (state.settings().isPresent())
      publish(state, Optional.empty());
    drive(state);
  }

  /// The actor starts anew after its journal failed: what it thought it was doing may not be what
  /// the journal says.
  private void reset() {
    if (execution != null && !execution.delivered().isEmpty())
      runtime.dispatcher().tell(new Dispatcher.Withdraw(execution.delivered()));
    idle();
    verify = null;
    verifyReport = null;
    request = Optional.empty();
    timers.cancelAll();
    wanted = null;
    held = null;
    for (Slots.Kind kind : Slots.Kind.values())
      runtime.slots().tell(new Slots.Release(kind, context.getSelf()));
  }

  /// An event was persisted: tell the world, then go on.
  void happened(RepositoryEvent event, RepositoryState after) {
    runtime.outlet().happened(name.value(), event, after);
    if (activity == Activity.PULLING || activity == Activity.PREPARING || pulled != null)
      remember(event);
    drive(after);
    if (after.settings().isPresent())
      publish(after, History.line(lastSequence.getAsLong(), event, after));
  }

  private void remember(RepositoryEvent event) {
    boolean asks = event instanceof RepositoryEvent.SyncRequested
        || event instanceof RepositoryEvent.SettingsChanged
        || event instanceof RepositoryEvent.FilesSuspected;
    boolean full = event instanceof RepositoryEvent.SyncRequested(var everything, _)
        && everything;
    if (asks)
      request = Optional.of(full || request.orElse(false));
  }

  /// Whether another sync was asked for since the pull began, and whether a full one.
  Optional<Boolean> takeRequest() {
    Optional<Boolean> taken = request;
    request = Optional.empty();
    return taken;
  }

  /// Files that were written by another than the batches that are out.
  void suspect(List<FilePath> paths) {
    if (execution != null)
      execution.suspect(paths);
  }

  private void publish(RepositoryState state, Optional<LogEntry> entry) {
    runtime.outlet().changed(name.value(), lastSequence.getAsLong(), status(state), entry);
  }

  RepositoryStatus status(RepositoryState state) {
    Optional<Instant> fenced = fenced(state);
    return StatusOf.of(name, state,
        new StatusOf.Now(activity, wanted != null,
            execution == null ? Optional.empty() : execution.waiting(), next(state),
            state.request().isPresent() ? fenced : Optional.empty(), countsBefore, bytesBefore,
            since, Optional.ofNullable(verifyReport), runtime.node(), now()));
  }

  boolean current(int activityStamp) {
    return activityStamp == stamp;
  }

  String indexing(RepositoryState state) {
    return state.settings().map(preparation::indexing).orElse("");
  }

  void retryNow() {
    retryNow = true;
  }

  Duration delay(int attempt, Optional<Duration> retryAfter) {
    Duration delay = runtime.settings().retry().delay(attempt, runtime.random());
    return retryAfter.filter(asked -> asked.compareTo(delay) > 0).orElse(delay);
  }

  /// Decides what comes next and starts it; called whenever anything changed.
  void drive(RepositoryState state) {
    if (activity == Activity.SYNCING) {
      readMore(state);
      return;
    }
    if (activity != Activity.IDLE || state.settings().isEmpty())
      return;
    timers.cancel(WAKE);
    RepositorySettings settings = state.settings().get();
    if (state.removal().isPresent()) {
      startRemoval(state, settings, state.removal().get().deleteCollection());
      return;
    }
    if (verify != null && state.sync().isEmpty() && (state.request().isEmpty() || state.paused())
        && pulled == null) {
      if (acquire(Slots.Kind.SYNC))
        startVerify(state, settings);
      return;
    }
    if (state.paused()) {
      pulled = null;
      release();
      return;
    }
    Optional<Instant> hold = retryNow || pulled != null
        ? Optional.empty()
        : state.trouble().flatMap(RepositoryState.Trouble::nextTry).filter(t -> t.isAfter(now()));
    if (hold.isPresent()) {
      release();
      wakeAt(hold.get());
    } else if (state.sync().isPresent()) {
      if (acquire(Slots.Kind.SYNC))
        startPreparation(() -> preparation.resumed(settings, state.sync().get(), state.failures()));
    } else if (pulled != null) {
      Pulled target = pulled;
      if (acquire(Slots.Kind.SYNC))
        startPreparation(() -> preparation.fresh(settings, state, target));
    } else if (due(state)) {
      Optional<Instant> fenced = fenced(state);
      if (fenced.isPresent())
        wakeAt(fenced.get());
      else if (acquire(Slots.Kind.PULL))
        startPull(settings);
    } else {
      release();
      next(state).ifPresent(this::wakeAt);
    }
  }

  private boolean due(RepositoryState state) {
    return state.request().isPresent() || state.trouble().isPresent() || retryNow
        || next(state).filter(t -> !t.isAfter(now())).isPresent();
  }

  /// When the schedule says to pull.
  private Optional<Instant> next(RepositoryState state) {
    Optional<Instant> scheduled = state.settings().flatMap(RepositorySettings::schedule)
        .flatMap(s -> Schedule.parse(s).next(state.lastChecked().orElse(Instant.EPOCH),
            name.value().hashCode(), runtime.zone()));
    return scheduled.map(t -> t.isBefore(notBefore) ? notBefore : t);
  }

  /// Until when a lost worker may still write.
  private Optional<Instant> fenced(RepositoryState state) {
    if (!runtime.store().shared())
      return Optional.empty();
    Instant until = state.lastWrite().orElse(Instant.EPOCH);
    if (fence.isPresent() && fence.get().isAfter(until))
      until = fence.get();
    return until.isAfter(now()) ? Optional.of(until) : Optional.empty();
  }

  private void wakeAt(Instant at) {
    Duration delay = Duration.between(now(), at).plusMillis(5);
    Duration bounded = delay.compareTo(LONGEST_SLEEP) > 0 ? LONGEST_SLEEP : delay;
    timers.startSingleTimer(WAKE, RepositoryCommand.Wake.WAKE,
        bounded.isNegative() ? Duration.ZERO : bounded);
  }

  private boolean acquire(Slots.Kind kind) {
    if (held == kind)
      return true;
    if (held != null)
      release();
    if (wanted != kind) {
      if (wanted != null)
        runtime.slots().tell(new Slots.Release(wanted, context.getSelf()));
      wanted = kind;
      runtime.slots().tell(new Slots.Acquire(kind, context.getSelf()));
    }
    return false;
  }

  void granted(Slots.Kind kind) {
    if (wanted == kind) {
      wanted = null;
      held = kind;
    } else if (held != kind)
      runtime.slots().tell(new Slots.Release(kind, context.getSelf()));
  }

  private void release() {
    if (held != null)
      runtime.slots().tell(new Slots.Release(held, context.getSelf()));
    if (wanted != null)
      runtime.slots().tell(new Slots.Release(wanted, context.getSelf()));
    held = null;
    wanted = null;
  }

  private int begin(Activity next) {
    activity = next;
    retryNow = false;
    return ++stamp;
  }

  /// Whatever was going on has ended.
  void idle() {
    activity = Activity.IDLE;
    stamp++;
    pulled = null;
    if (execution != null)
      fence = later(fence, execution.lastWrite());
    closeRun();
    execution = null;
  }

  private static Optional<Instant> later(Optional<Instant> a, Optional<Instant> b) {
    return b.isPresent() && (a.isEmpty() || a.get().isBefore(b.get())) ? b : a;
  }

  private void closeRun() {
    if (execution == null)
      return;
    SyncRun run = execution.run();
    runtime.blocking().execute(run::close);
  }

  /// Runs what blocks away from the actor; an exception is a bug, answered as a refusal so that
  /// nothing hangs.
  private <T> void background(int activityStamp, Supplier<Outcome<T>> blocking,
      BiFunction<Integer, Outcome<T>, RepositoryCommand> message) {
    context.pipeToSelf(CompletableFuture.supplyAsync(blocking, runtime.blocking()),
        (outcome, error) -> {
          if (error == null)
            return message.apply(activityStamp, outcome);
          LOG.error("{}: unexpected failure", name, error);
          return message.apply(activityStamp, Outcome.refused("internal_error",
              "unexpected failure: " + error, "see the log of the node"));
        });
  }

  private <T> Supplier<T> timed(String stage, Supplier<T> work) {
    return () -> {
      long start = System.nanoTime();
      T result = work.get();
      runtime.outlet().timed(stage, Duration.ofNanos(System.nanoTime() - start));
      return result;
    };
  }

  private void startPull(RepositorySettings settings) {
    request = Optional.empty();
    background(begin(Activity.PULLING),
        timed("pull", () -> runtime.source().pull(settings.source())),
        RepositoryCommand.PullEnded::new);
  }

  void pulled(Pulled target) {
    activity = Activity.IDLE;
    pulled = target;
  }

  Optional<Pulled> takePulled() {
    Optional<Pulled> taken = Optional.ofNullable(pulled);
    pulled = null;
    return taken;
  }

  boolean nothingToDo(RepositoryState state, Pulled now) {
    boolean full = state.request().map(RepositoryState.Request::full).orElse(false);
    boolean same = state.synced()
        .map(s -> s.commit().equals(now.commit()) && s.indexing().equals(indexing(state)))
        .orElse(false);
    return same && !full && state.failures().isEmpty() && !state.failuresLost();
  }

  private void startPreparation(Supplier<Outcome<SyncPreparation.Prepared>> blocking) {
    background(begin(Activity.PREPARING), timed("detect", blocking),
        RepositoryCommand.PreparationEnded::new);
  }

  /// Starts giving out batches.
  ///
  /// @param resumed
  ///          an earlier incarnation, or try, may have written part of the first batches
  void sync(RepositoryState state, SyncPlan plan, boolean resumed) {
    begin(Activity.SYNCING);
    execution = new SyncExecution(plan,
        new SyncRun(plan, runtime.source(), runtime.store(), runtime.settings().batch()), fence,
        resumed);
    countsBefore = state.sync().map(RepositoryState.Sync::counts).orElse(SyncCounts.NONE);
    bytesBefore = state.sync().map(RepositoryState.Sync::bytesDone).orElse(0L);
    since = now();
    readMore(state);
  }

  private void readMore(RepositoryState state) {
    SyncExecution sync = execution;
    if (sync == null)
      return;
    if (state.removal().isPresent())
      sync.fail(Problem.of("removed", "the repository is being removed"), false);
    if (sync.failure().isPresent()) {
      if (sync.idle())
        context.getSelf().tell(RepositoryCommand.Wake.WAKE);
      return;
    }
    if (sync.draining() && sync.idle())
      sync.drained();
    if (state.paused() && sync.idle() && !sync.ended()) { // its place is for another meanwhile
      idle();
      release();
      publish(state, Optional.empty());
      drive(state);
      return;
    }
    if (!state.paused() && sync.wantsMore(runtime.settings().window())) {
      sync.reading(true);
      SyncRun run = sync.run();
      background(stamp, run::next, RepositoryCommand.StepRead::new);
    } else if (sync.startFinishing()) {
      RepositorySettings settings = state.settings().orElseThrow();
      background(stamp, () -> runtime.store().count(settings.collection(), Optional.of(name)),
          RepositoryCommand.Counted::new);
    }
  }

  /// A step of the plan was read.
  ///
  /// @return the event of a batch that needs no worker
  Optional<RepositoryEvent> stepRead(RepositoryState state, Outcome<SyncRun.Step> outcome) {
    SyncExecution sync = execution;
    if (sync == null)
      return Optional.empty();
    sync.reading(false);
    switch (outcome) {
      case Outcome.Ok<SyncRun.Step>(SyncRun.Step.Ready(var planned)) -> {
        Batch batch = sync.take(planned, name);
        if (planned.tasks().isEmpty())
          return Optional.of(confirmed(state, sync, planned, Set.of(), batch.id().number(),
              new BatchResult(SyncCounts.NONE, List.of())));
        runtime.dispatcher().tell(new Dispatcher.Offer(batch, reports));
      }
      case Outcome.Ok<SyncRun.Step>(SyncRun.Step.Drain _) -> sync.drain();
      case Outcome.Ok<SyncRun.Step>(SyncRun.Step.End _) -> sync.end();
      case Outcome.Busy<SyncRun.Step>(var reason, _) ->
        sync.fail(Problem.of("unavailable", reason), true);
      case Outcome.Refused<SyncRun.Step>(var problem) -> sync.fail(problem, false);
    }
    return Optional.empty();
  }

  /// A worker is done with a batch, or gave it back: such batches are retried after a wait.
  ///
  /// @return the event of a batch that is in the index
  Optional<RepositoryEvent> reported(RepositoryState state, Dispatcher.Report report) {
    SyncExecution sync = execution;
    Optional<SyncExecution.Out> out = sync == null ? Optional.empty() : sync.find(report.batch());
    if (sync == null || out.isEmpty())
      return Optional.empty();
    switch (report) {
      case Dispatcher.Confirmed(var batch, var result, var lastWrite) -> {
        sync.wrote(lastWrite);
        return Optional.of(confirmed(state, sync, out.get().planned(), out.get().suspected(),
            batch.number(), result));
      }
      case Dispatcher.Deferred(var batch, var reason, var retryAfter, var writeUnknown, var lastWrite) -> {
        sync.wrote(lastWrite);
        Duration backoff = runtime.settings().redelivery().delay(out.get().deferrals() + 1,
            runtime.random());
        Duration delay = retryAfter.filter(asked -> asked.compareTo(backoff) > 0).orElse(backoff);
        if (out.get().deferrals() == 0)
          LOG.warn("{}: batch waits {} ms: {}", name, delay.toMillis(), reason);
        sync.defer(out.get(), reason, now().plus(delay), writeUnknown);
        if (sync.failure().isPresent()) {
          sync.giveUp(out.get());
          return Optional.empty();
        }
        timers.startSingleTimer("redeliver-" + batch.number(),
            new RepositoryCommand.Redeliver(stamp, batch.number()), delay);
        publish(state, Optional.empty());
      }
      case Dispatcher.Failed(_, var problem, var lastWrite) -> {
        sync.wrote(lastWrite);
        sync.fail(problem, false);
        sync.giveUp(out.get());
      }
    }
    return Optional.empty();
  }

  /// Batches that the store or the embedder could not take are retried here: offered to the
  /// workers again.
  void redeliver(int number) {
    SyncExecution sync = execution;
    if (sync == null)
      return;
    sync.find(number).filter(sync::redelivered)
        .ifPresent(out -> runtime.dispatcher().tell(new Dispatcher.Offer(out.batch(), reports)));
  }

  private RepositoryEvent confirmed(RepositoryState state, SyncExecution sync, PlannedBatch planned,
      Set<FilePath> suspected, int number, BatchResult result) {
    Map<FilePath, FileFailure> known = new HashMap<>();
    for (FileFailure failure : state.failures())
      known.put(failure.path(), failure);
    Map<FilePath, FileFailure> failed = new HashMap<>();
    for (BatchResult.Failure failure : result.failures()) {
      FileFailure before = known.get(failure.path());
      failed.put(failure.path(),
          new FileFailure(failure.path(), failure.reason(), failure.message(),
              before == null ? 1 : before.attempts() + 1,
              before == null ? now() : before.since()));
    }
    List<FilePath> cleared = known.isEmpty()
        ? List.of()
        : planned.tasks().stream().map(FileTask::path)
            .filter(path -> known.containsKey(path) && !failed.containsKey(path)
                && !suspected.contains(path))
            .distinct()
            .toList();
    Optional<Mark> moved = sync.confirm(number);
    SyncCounts counts = result.counts()
        .plus(new SyncCounts(0, 0, 0, 0, 0, 0, 0, 0, planned.skipped(), Map.of()));
    String id = state.sync().map(RepositoryState.Sync::id).orElse("");
    return new RepositoryEvent.BatchConfirmed(id, moved, planned.files(), planned.bytes(), counts,
        List.copyOf(failed.values()), cleared, now());
  }

  /// The sync's failure, once nothing of it is out any more.
  Optional<Failure> failed() {
    SyncExecution sync = execution;
    return sync != null && sync.failure().isPresent() && sync.idle()
        ? Optional.of(new Failure(sync.failure().get(), sync.failureRetryable()))
        : Optional.empty();
  }

  Optional<Instant> lastWrite() {
    return execution == null
        ? Optional.empty()
        : execution.lastWrite().filter(t -> runtime.store().shared() && t.isAfter(now()));
  }

  void wantVerify(RepositoryState state, boolean deep, boolean repair) {
    if (verify != null)
      return;
    verify = new VerifyRequest(deep, repair, 0, 0, 0, now());
    verifyReport = new VerifyReport("running", deep, repair,
        state.synced().flatMap(RepositoryState.Synced::commit).orElse(""), now(), Optional.empty(),
        0, 0, Map.of(), 0, 0,
        0, 0, 0, 0, List.of(), Optional.empty());
  }

  private void startVerify(RepositoryState state, RepositorySettings settings) {
    VerifyRequest request = verify;
    if (request == null)
      return;
    Verifier verifier = new Verifier(runtime.source(), runtime.store(), runtime.chunker(),
        runtime.clock());
    Optional<String> commit = state.synced().flatMap(RepositoryState.Synced::commit);
    int activityStamp = begin(Activity.VERIFYING);
    context.pipeToSelf(CompletableFuture.supplyAsync(
        () -> verifier.verify(settings, commit, request.deep(), request.repair()),
        runtime.blocking()), (found, error) -> {
          if (error == null)
            return new VerifyEnded(activityStamp, found.report(), found.differing(), found.more());
          LOG.error("{}: verify failed unexpectedly", name, error);
          return new VerifyEnded(activityStamp,
              Verifier.failed(request.startedAt(), now(), commit.orElse(""), request.deep(),
                  request.repair(), "unexpected failure: " + error),
              List.of(), false);
        });
    publish(state, Optional.empty());
  }

  /// Whether the differences are to be mended and looked for again.
  boolean repairs(RepositoryState state, VerifyEnded ended) {
    VerifyRequest request = verify;
    if (request == null || !request.repair() || ended.report().total() == 0
        || !ended.report().state().equals("done") || request.round() >= MAX_REPAIR_ROUNDS
        || state.paused())
      return false;
    long left = ended.report().total();
    if (request.round() > 0 && left >= request.left())
      return false; // writing anew does not mend what is left
    verify = new VerifyRequest(request.deep(), true, request.round() + 1,
        request.round() == 0 ? left : request.found(), left, request.startedAt());
    return true;
  }

  RepositoryEvent verifyEnded(VerifyEnded ended) {
    VerifyRequest request = verify;
    verify = null;
    VerifyReport r = ended.report();
    long repaired = request == null || request.round() == 0
        ? 0
        : Math.max(0, request.found() - r.total());
    Instant startedAt = request == null ? r.startedAt() : request.startedAt();
    verifyReport = new VerifyReport(r.state(), r.deep(), r.repair(), r.commit(), startedAt,
        Optional.of(now()), r.files(), r.chunks(), r.skipped(), r.missing(), r.stale(),
        r.wrongLines(), r.extra(), r.unsearchable(), repaired, r.differences(), r.error());
    return new RepositoryEvent.Verified(r.deep(), r.repair(), r.commit(), r.files(), r.chunks(),
        r.missing(), r.stale(), r.wrongLines(), r.extra(), r.unsearchable(), repaired,
        r.error(), startedAt, now());
  }

  private void startRemoval(RepositoryState state, RepositorySettings settings,
      boolean deleteCollection) {
    release();
    Optional<Instant> fenced = fenced(state);
    if (fenced.isPresent()) {
      wakeAt(fenced.get());
      return;
    }
    background(begin(Activity.REMOVING), () -> runtime.store()
        .removeRepository(settings.collection(), name)
        .flatMap(
            _ -> deleteCollection ? runtime.store().drop(settings.collection()) : Outcome.ok(false))
        .flatMap(dropped -> runtime.source().forget(settings.source()).map(_ -> dropped)),
        RepositoryCommand.RemovalEnded::new);
  }

  void removalFailed(Outcome<Boolean> outcome) {
    Duration delay = delay(++removals, Optional.empty());
    LOG.warn("{}: removal failed, next try in {} ms: {}", name, delay.toMillis(), outcome);
    wakeAt(now().plus(delay));
  }

  @Override
  public void close() {
    closeRun();
  }
}
