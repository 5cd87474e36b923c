package elysia.coordinator.repository;

import elysia.coordinator.dispatch.Dispatcher;
import elysia.coordinator.sync.Checkpoint;
import elysia.coordinator.sync.PlannedBatch;
import elysia.coordinator.sync.SyncPlan;
import elysia.coordinator.sync.SyncRun;
import elysia.core.batch.Batch;
import elysia.core.batch.BatchResult;
import elysia.core.batch.FileTask;
import elysia.core.identity.FilePath;
import elysia.core.identity.RepositoryName;
import elysia.core.outcome.Outcome;
import elysia.core.outcome.Problem;
import elysia.core.repository.FileFailure;
import elysia.core.repository.SyncCounts;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads a sync's plan, offers its batches to the workers and takes what becomes of them. Used by
/// the actor's thread only; persists nothing.
final class SyncDelivery {
  private static final Logger LOG = LoggerFactory.getLogger(SyncDelivery.class);

  record Failure(Problem problem, boolean retryable) {}

  /// Where a sync stood when this incarnation took it up, and when that was by the monotonic clock:
  /// for its rate.
  record Since(SyncCounts counts, long bytes, Instant at) {}

  private final ActorContext<RepositoryCommand> context;
  private final TimerScheduler<RepositoryCommand> timers;
  private final RepositoryName name;
  private final RepositoryRuntime runtime;
  private final Background background;
  private final ActorRef<Dispatcher.Report> reports;
  private @Nullable SyncExecution execution;
  private int activity;
  private Since since;

  SyncDelivery(ActorContext<RepositoryCommand> context, TimerScheduler<RepositoryCommand> timers,
      RepositoryName name, RepositoryRuntime runtime, Background background) {
    this.context = context;
    this.timers = timers;
    this.name = name;
    this.runtime = runtime;
    this.background = background;
    this.reports = context.messageAdapter(Dispatcher.Report.class, RepositoryCommand.Reported::new);
    this.since = new Since(SyncCounts.NONE, 0, monotonic());
  }

  private Instant now() {
    return runtime.clock().instant();
  }

  private Instant monotonic() {
    return runtime.monotonic().instant();
  }

  /// @param fence
  ///          until when a write of an earlier incarnation's deliveries may still arrive
  /// @param resumed
  ///          an earlier incarnation, or try, may have written part of the first batches
  void start(RepositoryState state, SyncPlan plan, Optional<Instant> fence, boolean resumed,
      int newActivity) {
    activity = newActivity;
    execution = new SyncExecution(plan,
        new SyncRun(plan, runtime.source(), runtime.store(), runtime.settings().batch()), fence,
        resumed);
    since = new Since(state.sync().map(RepositoryState.Sync::counts).orElse(SyncCounts.NONE),
        state.sync().map(RepositoryState.Sync::bytesDone).orElse(0L), monotonic());
  }

  Since since() {
    return since;
  }

  /// Why batches wait, or are tried again.
  Optional<SyncExecution.Waiting> waiting() {
    return execution == null ? Optional.empty() : execution.trouble();
  }

  /// Until when a write of a delivery that was given up may still arrive.
  Optional<Instant> lastWrite() {
    return execution == null ? Optional.empty() : execution.lastWrite();
  }

  /// Tells the dispatcher that nobody wants its batches any more.
  void withdraw() {
    if (execution != null && !execution.delivered().isEmpty())
      runtime.dispatcher().tell(new Dispatcher.Withdraw(execution.delivered()));
  }

  /// The plan is not read any more; late reports are ignored.
  void end() {
    if (execution != null) {
      SyncRun run = execution.run();
      runtime.blocking().execute(run::close);
    }
    execution = null;
  }

  /// Files that were written by another than the batches that are out.
  void suspect(List<FilePath> paths) {
    if (execution != null)
      execution.suspect(paths);
  }

  /// Reads the next part of the plan, if there is room for it.
  ///
  /// @return false when it is paused and all that was out has come back
  boolean advance(RepositoryState state) {
    SyncExecution sync = execution;
    if (sync == null)
      return true;
    if (state.removal().isPresent())
      sync.fail(Problem.of("removed", "the repository is being removed"), false);
    if (sync.failure().isPresent()) {
      if (sync.idle())
        context.getSelf().tell(RepositoryCommand.Wake.WAKE);
      return true;
    }
    if (sync.draining() && sync.idle())
      sync.drained();
    if (state.paused() && sync.idle() && !sync.ended())
      return false;
    if (!state.paused() && sync.wantsMore(runtime.settings().window())) {
      sync.reading(true);
      background.run(activity, sync.run()::next, RepositoryCommand.StepRead::new);
    } else if (sync.startFinishing())
      background.run(activity,
          () -> runtime.store().count(state.settings().orElseThrow().collection(),
              Optional.of(name)),
          RepositoryCommand.Counted::new);
    return true;
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
      case Outcome.Busy<SyncRun.Step> busy -> sync.fail(busy.problem(), true);
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
      case Dispatcher.Deferred deferred -> deferred(sync, out.get(), deferred);
      case Dispatcher.Failed(_, var problem, var lastWrite) -> {
        sync.wrote(lastWrite);
        sync.fail(problem, false);
        sync.giveUp(out.get());
      }
    }
    return Optional.empty();
  }

  private void deferred(SyncExecution sync, SyncExecution.Out out, Dispatcher.Deferred deferred) {
    sync.wrote(deferred.lastWrite());
    Duration backoff = runtime.settings().redelivery().delay(out.deferrals() + 1,
        runtime.random());
    Duration delay = deferred.retryAfter().filter(asked -> asked.compareTo(backoff) > 0)
        .orElse(backoff);
    if (out.deferrals() == 0)
      LOG.warn("{}: batch waits {} ms: {}", name, delay.toMillis(), deferred.reason());
    sync.defer(out, deferred.reason(), monotonic().plus(delay), deferred.writeUnknown());
    if (sync.failure().isPresent()) {
      sync.giveUp(out);
      return;
    }
    int number = deferred.batch().number();
    timers.startSingleTimer("redeliver-" + number,
        new RepositoryCommand.Redeliver(activity, number), delay);
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

  /// The same for all that wait, at once.
  void redeliverAll() {
    if (execution != null)
      execution.waitingNumbers().forEach(this::redeliver);
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
    Optional<Checkpoint> moved = sync.confirm(number);
    SyncCounts counts = result.counts()
        .plus(SyncCounts.NONE.withFilesSkipped(planned.skipped()));
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
}
