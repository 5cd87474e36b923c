package elysia.coordinator.repository;

import elysia.coordinator.dispatch.Dispatcher;
import elysia.coordinator.repository.Activity.Idle;
import elysia.coordinator.repository.Activity.Preparing;
import elysia.coordinator.repository.Activity.Pulled;
import elysia.coordinator.repository.Activity.Pulling;
import elysia.coordinator.repository.Activity.Removing;
import elysia.coordinator.repository.Activity.Syncing;
import elysia.coordinator.repository.Activity.Verifying;
import elysia.coordinator.sync.SyncPlan;
import elysia.core.identity.RepositoryName;
import elysia.core.outcome.Outcome;
import elysia.core.repository.LogEntry;
import elysia.core.repository.RepositorySettings;
import elysia.core.repository.RepositoryStatus;
import java.time.Instant;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/// The activity of one incarnation of a repository's actor: carries decisions out. Used by the
/// actor's thread only; persists nothing.
final class RepositoryMachine {
  private static final String WAKE = "wake";

  private final ActorContext<RepositoryCommand> context;
  private final TimerScheduler<RepositoryCommand> timers;
  private final RepositoryName name;
  private final RepositoryRuntime runtime;
  private final LongSupplier lastSequence;
  private final SyncPreparation preparation;
  private final AsyncWork work;
  private final Slot slot;
  private final Timing timing;
  private final VerifyRounds rounds = new VerifyRounds();

  private Activity activity = Idle.NEW;
  private int generation;

  RepositoryMachine(ActorContext<RepositoryCommand> context,
      TimerScheduler<RepositoryCommand> timers, String name, RepositoryRuntime runtime,
      LongSupplier lastSequence) {
    this.context = context;
    this.timers = timers;
    this.name = new RepositoryName(name);
    this.runtime = runtime;
    this.lastSequence = lastSequence;
    this.preparation = new SyncPreparation(runtime.source(), runtime.store(), runtime.chunker(),
        runtime.settings().expectedChunksPerSecond());
    this.work = new AsyncWork(context, name, runtime);
    this.slot = new Slot(runtime.slots(), context.getSelf());
    this.timing = new Timing(runtime, name.hashCode());
  }

  Activity activity() {
    return activity;
  }

  Timing timing() {
    return timing;
  }

  VerifyRounds rounds() {
    return rounds;
  }

  /// Whether somebody waits for the results of this activity.
  boolean current(int ofActivity) {
    return ofActivity == generation;
  }

  Optional<SyncDelivery> delivery() {
    return activity instanceof Syncing(var delivery) ? Optional.of(delivery) : Optional.empty();
  }

  String indexing(RepositoryState state) {
    return state.settings().map(preparation::indexing).orElse("");
  }

  /// Takes up what the last incarnation left. After a failure of the journal it may be this one,
  /// and what it thought it was doing may not be what the journal says.
  void start(RepositoryState state) {
    delivery().ifPresent(SyncDelivery::withdraw);
    become(Transition.START, Idle.NEW);
    rounds.reset();
    timers.cancelAll();
    slot.reset();
    timing.recovered(state);
    if (state.settings().isPresent())
      publish(state);
    drive(state);
  }

  void become(Transition transition, Activity next) {
    transition.check(activity, next);
    delivery().ifPresent(ended -> {
      timing.writesPossible(ended.writesPossibleUntil());
      ended.close();
    });
    activity = next;
    generation++;
    runtime.listener().moved(name.value(), transition);
  }

  /// Remembers what is asked for between a pull and the start of its sync.
  void asked(RepositoryEvent event) {
    activity = activity.asked(event);
  }

  /// What waits for its next try has it now; what is being tried is not tried twice.
  void retryNow() {
    if (activity instanceof Idle(_, var failedRemovals))
      activity = new Idle(true, failedRemovals);
  }

  void granted(Slots.Kind kind) {
    slot.granted(kind);
  }

  void wakeAt(Instant at) {
    timers.startSingleTimer(WAKE, RepositoryCommand.Wake.WAKE, timing.until(at));
  }

  /// Starts giving out batches.
  ///
  /// @param resumed the sync that an earlier incarnation, or try, has begun
  void sync(RepositorySettings settings, SyncPlan plan, Optional<RepositoryState.Sync> resumed) {
    int next = generation + 1;
    DeliveryEffects effects = new DeliveryEffects(work, timers, next, settings.collection(),
        context.messageAdapter(Dispatcher.Report.class,
            report -> new RepositoryCommand.Result(next, new ActivityResult.Reported(report))));
    become(Transition.SYNC, new Syncing(new SyncDelivery(runtime, effects, plan, resumed,
        timing.writesPossibleUntil())));
  }

  /// Decides what comes next and starts it; called whenever anything changed.
  void drive(RepositoryState state) {
    if (!(activity instanceof Syncing))
      timers.cancel(WAKE);
    Decision decision = Decision.next(state, activity, runtime.clock().instant(),
        timing.conditions(state, slot.held()));
    switch (decision) {
      case Decision.Pull _ -> {
        become(Transition.PULL, new Pulling(Optional.empty()));
        work.pull(generation, settings(state));
      }
      case Decision.Prepare(var target) -> prepare(state, target);
      case Decision.Deliver _ -> deliver(state);
      case Decision.Verify(var asked) -> {
        become(activity instanceof Pulled ? Transition.VERIFY_PAUSED : Transition.VERIFY,
            new Verifying());
        rounds.begin(asked);
        work.verify(generation, settings(state), state.syncedCommit(), asked);
        publish(state);
      }
      case Decision.Remove(var removal) -> {
        slot.release();
        remove(state, removal);
      }
      case Decision.AcquireSlot(var kind) -> slot.acquire(kind);
      case Decision.WaitUntil(var at) -> {
        slot.release();
        wakeAt(at);
      }
      case Decision.Rest _ -> {
        slot.release();
        if (activity instanceof Pulled)
          become(Transition.FORGET, new Idle(true, 0));
      }
      case Decision.Await _ -> {
      }
    }
  }

  private static RepositorySettings settings(RepositoryState state) {
    return state.settings().orElseThrow();
  }

  private void prepare(RepositoryState state, Optional<elysia.core.source.Pulled> target) {
    RepositorySettings settings = settings(state);
    Supplier<Outcome<SyncPreparation.Prepared>> plan;
    if (activity instanceof Pulled(var pulled, var pending)) {
      become(Transition.PREPARE, new Preparing(target, pending));
      plan = () -> preparation.fresh(settings, state, pulled);
    } else {
      become(Transition.RESUME, new Preparing(Optional.empty(), Optional.empty()));
      RepositoryState.Sync sync = state.sync().orElseThrow();
      plan = () -> preparation.resumed(settings, sync, state.failures());
    }
    work.prepare(generation, plan);
  }

  private void deliver(RepositoryState state) {
    if (delivery().orElseThrow().advance(state.paused()))
      return;
    become(Transition.SUSPENDED, Idle.NEW); // its slot is for another meanwhile
    slot.release();
    publish(state);
    drive(state);
  }

  private void remove(RepositoryState state, RepositoryState.Removal removal) {
    int failed = activity instanceof Idle(_, var before) ? before : 0;
    become(activity instanceof Pulled ? Transition.REMOVE_PULLED : Transition.REMOVE,
        new Removing(failed));
    work.remove(generation, settings(state), removal.deleteCollection());
  }

  RepositoryStatus status(RepositoryState state) {
    return StatusOf.of(name, state,
        new StatusOf.Now(activity, slot.waitedFor(), delivery().flatMap(SyncDelivery::waiting),
            timing.scheduled(state),
            state.request().isPresent() ? timing.fenced() : Optional.empty(),
            delivery().map(SyncDelivery::since), rounds.report(state), runtime.node(),
            runtime.clock().instant(), runtime.monotonic().instant()));
  }

  void publish(RepositoryState state) {
    publish(lastSequence.getAsLong(), status(state), Optional.empty());
  }

  /// @param entry the line of its history that belongs to the event with this number
  void publish(long sequence, RepositoryStatus status, Optional<LogEntry> entry) {
    runtime.listener().changed(name.value(), sequence, status, entry);
  }

  void close() {
    delivery().ifPresent(SyncDelivery::close);
  }
}
