package elysia.coordinator.repository;

import elysia.coordinator.repository.Activity.Idle;
import elysia.coordinator.repository.RepositoryCommand.Answer;
import elysia.coordinator.repository.RepositoryCommand.Refusal;
import elysia.coordinator.repository.RepositoryCommand.Reply;
import elysia.core.identity.FilePath;
import elysia.core.outcome.Outcome;
import elysia.core.outcome.Problem;
import elysia.core.repository.LogEntry;
import elysia.core.repository.RepositorySettings;
import elysia.core.repository.RepositoryStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityContext;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityTypeKey;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.apache.pekko.persistence.typed.RecoveryCompleted;
import org.apache.pekko.persistence.typed.javadsl.CommandHandler;
import org.apache.pekko.persistence.typed.javadsl.Effect;
import org.apache.pekko.persistence.typed.javadsl.EffectBuilder;
import org.apache.pekko.persistence.typed.javadsl.EventHandler;
import org.apache.pekko.persistence.typed.javadsl.EventSourcedBehavior;
import org.apache.pekko.persistence.typed.javadsl.RetentionCriteria;
import org.apache.pekko.persistence.typed.javadsl.SignalHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One repository of the cluster: pulls on its schedule, on request and after failures, syncs what
/// changed, and remembers how far it came. Sharded, event-sourced; never does two things at a time:
/// [Activity] has its states, [RepositoryMachine] carries them out.
public final class RepositoryActor
    extends
      EventSourcedBehavior<RepositoryCommand, RepositoryEvent, RepositoryState> {
  /// Under which repositories are sharded; the entity id is the repository's name.
  public static final EntityTypeKey<RepositoryCommand> TYPE_KEY = EntityTypeKey
      .create(RepositoryCommand.class, "repository");
  private static final Logger LOG = LoggerFactory.getLogger(RepositoryActor.class);
  /// The longest wait between looks whether the journal is back; the pool of connections and its
  /// breaker keep ten thousand lookers from hurting it.
  private static final Duration JOURNAL_BACK = Duration.ofSeconds(2);
  private static final SyncDelivery.Failure BEING_REMOVED = new SyncDelivery.Failure(
      Problem.of("removed", "the repository is being removed"), false);

  private final ActorContext<RepositoryCommand> context;
  private final String id;
  private final EntityLifecycle lifecycle;
  private final RepositoryRuntime runtime;
  private final RepositoryMachine machine;
  private boolean leaving;

  private RepositoryActor(ActorContext<RepositoryCommand> context,
      TimerScheduler<RepositoryCommand> timers, String id, EntityLifecycle lifecycle,
      RepositoryRuntime runtime) {
    super(PersistenceId.of(TYPE_KEY.name(), id),
        SupervisorStrategy.restartWithBackoff(JOURNAL_BACK.dividedBy(4), JOURNAL_BACK, 0.2));
    this.context = context;
    this.id = id;
    this.lifecycle = lifecycle;
    this.runtime = runtime;
    this.machine = new RepositoryMachine(context, timers, id, runtime, this::sequence);
  }

  public static Behavior<RepositoryCommand> create(EntityContext<RepositoryCommand> entity,
      RepositoryRuntime runtime) {
    return Behaviors.setup(context -> create(entity.getEntityId(),
        new EntityLifecycle.Shard(context, entity), runtime));
  }

  static Behavior<RepositoryCommand> create(String id, EntityLifecycle lifecycle,
      RepositoryRuntime runtime) {
    return Behaviors.setup(context -> Behaviors
        .withTimers(timers -> new RepositoryActor(context, timers, id, lifecycle, runtime)));
  }

  @Override
  public RepositoryState emptyState() {
    return RepositoryState.empty();
  }

  @Override
  public EventHandler<RepositoryState, RepositoryEvent> eventHandler() {
    return RepositoryState::apply;
  }

  @Override
  public CommandHandler<RepositoryCommand, RepositoryEvent, RepositoryState> commandHandler() {
    return this::onCommand;
  }

  @Override
  public RetentionCriteria retentionCriteria() {
    return RetentionCriteria.snapshotEvery(runtime.settings().snapshotEvery(), 2)
        .withDeleteEventsOnSnapshot();
  }

  @Override
  public SignalHandler<RepositoryState> signalHandler() {
    return newSignalHandlerBuilder().onSignal(RecoveryCompleted.instance(), this::recovered)
        .onSignal(PostStop.instance(), _ -> machine.close()).build();
  }

  private long sequence() {
    return lastSequenceNumber(context);
  }

  private Instant now() {
    return runtime.clock().instant();
  }

  private void recovered(RepositoryState state) {
    if (state.settings().isEmpty() && sequence() > 0) // it may have ended before it could say so
      runtime.listener().removed(id, sequence());
    machine.start(state);
  }

  private Effect<RepositoryEvent, RepositoryState> onCommand(RepositoryState state,
      RepositoryCommand command) {
    return switch (command) {
      case RepositoryCommand.Add(var settings, var replyTo) -> add(state, settings, replyTo);
      case RepositoryCommand.GetStatus(var replyTo) ->
        existing(state, replyTo, _ -> answer(state, replyTo, false));
      case RepositoryCommand.GetFailures(var replyTo) ->
        query(state, replyTo, new RepositoryCommand.Failures(state.failures()));
      case RepositoryCommand.GetSettings(var replyTo) ->
        query(state, replyTo, new RepositoryCommand.SettingsReply(state.settings()));
      case RepositoryCommand.Update(var settings, var replyTo) -> existing(state, replyTo,
          current -> current.equals(settings)
              ? answer(state, replyTo, false)
              : persist(state, new RepositoryEvent.SettingsChanged(settings, now()), replyTo));
      case RepositoryCommand.Sync(var full, var replyTo) -> existing(state, replyTo, _ -> {
        machine.retryNow();
        return persist(state, new RepositoryEvent.SyncRequested(full, now()), replyTo);
      });
      case RepositoryCommand.Pause(var replyTo) -> existing(state, replyTo,
          _ -> state.paused()
              ? answer(state, replyTo, false)
              : persist(state, new RepositoryEvent.Paused(now()), replyTo));
      case RepositoryCommand.Resume(var replyTo) -> existing(state, replyTo,
          _ -> state.paused()
              ? persist(state, new RepositoryEvent.Resumed(now()), replyTo)
              : answer(state, replyTo, false));
      case RepositoryCommand.Retry(var replyTo) ->
        existing(state, replyTo, _ -> retry(state, replyTo));
      case RepositoryCommand.Verify(var deep, var repair, var replyTo) ->
        existing(state, replyTo, _ -> verify(state, deep, repair, replyTo));
      case RepositoryCommand.Remove(var deleteCollection, var replyTo) ->
        existing(state, replyTo, _ -> remove(state, deleteCollection, replyTo));
      case RepositoryCommand.LateWrites(var paths) -> state.settings().isEmpty()
          ? Effect().none()
          : lateWrites(state, paths);
      case RepositoryCommand.Wake.WAKE -> drive(state);
      case RepositoryCommand.Stop.STOP -> stop(state);
      case RepositoryCommand.SlotGranted(var kind) -> {
        machine.granted(kind);
        yield drive(state);
      }
      case RepositoryCommand.Result(var generation, var result) ->
        machine.current(generation) ? onResult(state, result) : Effect().none();
    };
  }

  private Effect<RepositoryEvent, RepositoryState> add(RepositoryState state,
      RepositorySettings settings, ActorRef<Reply> replyTo) {
    if (state.settings().isEmpty())
      return persist(state, new RepositoryEvent.Added(settings, now()), replyTo);
    if (state.wanted().removal().isPresent())
      return refuse(replyTo, "conflict", "repository " + settings.name() + " is being removed",
          "try again when it is gone");
    if (state.settings().get().equals(settings))
      return answer(state, replyTo, false);
    return refuse(replyTo, "repository_exists",
        "repository " + settings.name() + " exists with other settings",
        "change it with `repo update " + settings.name() + "`, or choose another --name");
  }

  private Effect<RepositoryEvent, RepositoryState> existing(RepositoryState state,
      ActorRef<Reply> replyTo,
      Function<RepositorySettings, Effect<RepositoryEvent, RepositoryState>> then) {
    return state.settings().isPresent()
        ? then.apply(state.settings().get())
        : query(state, replyTo, new Refusal(Problem.of("repository_not_found",
            "no repository " + id, "see `repo list`")));
  }

  private <T> Effect<RepositoryEvent, RepositoryState> query(RepositoryState state,
      ActorRef<? super T> replyTo, T reply) {
    return Effect().none().thenRun((RepositoryState _) -> {
      replyTo.tell(reply);
      if (state.settings().isEmpty())
        leave();
    });
  }

  private void leave() {
    leaving = true;
    lifecycle.leave(context.getSelf());
  }

  /// A repository that was added after its actor had asked to leave comes back: the shard would
  /// forget it.
  private Effect<RepositoryEvent, RepositoryState> stop(RepositoryState state) {
    if (leaving && state.settings().isPresent())
      lifecycle.comeBack();
    return Effect().stop();
  }

  private Effect<RepositoryEvent, RepositoryState> retry(RepositoryState state,
      ActorRef<Reply> replyTo) {
    machine.retryNow();
    machine.delivery().ifPresent(SyncDelivery::redeliverAll);
    if (state.sync().isEmpty())
      return persist(state, new RepositoryEvent.SyncRequested(false, now()), replyTo);
    return Effect().none().thenRun((RepositoryState _) -> {
      machine.drive(state);
      replyTo.tell(new Answer(machine.status(state), true));
    });
  }

  private Effect<RepositoryEvent, RepositoryState> verify(RepositoryState state, boolean deep,
      boolean repair, ActorRef<Reply> replyTo) {
    if (state.synced().isEmpty())
      return refuse(replyTo, "conflict", "repository " + id + " has not been synced yet",
          "see `repo status`");
    if (repair && state.paused())
      return refuse(replyTo, "conflict", "repository " + id + " is paused",
          "resume it to repair");
    return persist(state, new RepositoryEvent.VerifyRequested(deep, repair, now()), replyTo);
  }

  private Effect<RepositoryEvent, RepositoryState> remove(RepositoryState state,
      boolean deleteCollection, ActorRef<Reply> replyTo) {
    if (state.wanted().removal().isPresent())
      return answer(state, replyTo, false);
    machine.delivery().ifPresent(delivery -> delivery.fail(BEING_REMOVED));
    return persist(state, withSyncFailure(state,
        List.of(new RepositoryEvent.RemovalRequested(deleteCollection, now())))).thenRun(
            (RepositoryState after) -> replyTo.tell(new Answer(machine.status(after), true)));
  }

  private Effect<RepositoryEvent, RepositoryState> lateWrites(RepositoryState state,
      List<FilePath> paths) {
    machine.delivery().ifPresent(delivery -> delivery.suspect(paths));
    return persist(state,
        List.of(new RepositoryEvent.FilesSuspected(paths, "late_write", now())));
  }

  private Effect<RepositoryEvent, RepositoryState> refuse(ActorRef<Reply> replyTo, String code,
      String message, String hint) {
    return Effect().reply(replyTo, new Refusal(Problem.of(code, message, hint)));
  }

  private Effect<RepositoryEvent, RepositoryState> answer(RepositoryState state,
      ActorRef<Reply> replyTo, boolean changed) {
    return Effect().reply(replyTo, new Answer(machine.status(state), changed));
  }

  private Effect<RepositoryEvent, RepositoryState> onResult(RepositoryState state,
      ActivityResult result) {
    return switch (result) {
      case ActivityResult.PullEnded(var outcome) -> end(state, Ending.pulled(state,
          (Activity.Pulling) machine.activity(), outcome, machine.indexing(state), tries()));
      case ActivityResult.PreparationEnded(var outcome) -> prepared(state, outcome);
      case ActivityResult.StepRead(var outcome) -> delivered(state,
          machine.delivery().flatMap(delivery -> delivery.stepRead(state, outcome)));
      case ActivityResult.Reported(var report) -> {
        Optional<RepositoryEvent> confirmed = machine.delivery()
            .flatMap(delivery -> delivery.reported(state, report));
        if (confirmed.isEmpty() && machine.delivery().flatMap(SyncDelivery::waiting).isPresent())
          machine.publish(state);
        yield delivered(state, confirmed);
      }
      case ActivityResult.RedeliveryDue(var number) -> {
        machine.delivery().ifPresent(delivery -> delivery.redeliver(number));
        yield Effect().none();
      }
      case ActivityResult.Counted(var outcome) ->
        end(state, Ending.counted(state, outcome, machine.timing().fenced(
            machine.delivery().flatMap(SyncDelivery::writesPossibleUntil)), tries()));
      case ActivityResult.VerifyEnded(var verification) ->
        end(state, machine.rounds().end(state, verification, now()));
      case ActivityResult.RemovalEnded(var outcome) -> removed(state, outcome);
    };
  }

  private Ending.Tries tries() {
    return machine.timing().tries();
  }

  private Effect<RepositoryEvent, RepositoryState> end(RepositoryState state, Ending ending) {
    machine.become(ending.transition(), ending.next());
    return ending.events().isEmpty() ? drive(state) : persist(state, ending.events());
  }

  private Effect<RepositoryEvent, RepositoryState> prepared(RepositoryState state,
      Outcome<SyncPreparation.Prepared> outcome) {
    if (!(outcome instanceof Outcome.Ok<SyncPreparation.Prepared>(var prepared)))
      return end(state, Ending.notPrepared(state, outcome, tries()));
    if (state.wanted().removal().isPresent())
      return end(state, new Ending(Transition.DROPPED, Idle.NEW, List.of()));
    Activity.Preparing preparing = (Activity.Preparing) machine.activity();
    machine.sync(state.settings().orElseThrow(), prepared.plan(), state.sync());
    return state.sync().isPresent()
        ? drive(state)
        : persist(state, List.of(Ending.syncStarted(preparing, prepared, now())));
  }

  private Effect<RepositoryEvent, RepositoryState> delivered(RepositoryState state,
      Optional<RepositoryEvent> event) {
    List<RepositoryEvent> events = withSyncFailure(state,
        event.map(List::of).orElse(List.of()));
    return events.isEmpty() ? drive(state) : persist(state, events);
  }

  /// A sync that has failed ends once nothing of it is out any more.
  private List<RepositoryEvent> withSyncFailure(RepositoryState state,
      List<RepositoryEvent> events) {
    Optional<SyncDelivery.Failure> failure = machine.delivery().flatMap(SyncDelivery::failed);
    if (failure.isEmpty())
      return events;
    Ending ending = Ending.syncFailed(state, events, failure.get(), tries());
    machine.become(ending.transition(), ending.next());
    return ending.events();
  }

  private Effect<RepositoryEvent, RepositoryState> removed(RepositoryState state,
      Outcome<Boolean> outcome) {
    if (!(outcome instanceof Outcome.Ok)) {
      int failed = ((Activity.Removing) machine.activity()).failed() + 1;
      machine.become(Transition.REMOVAL_FAILED, new Idle(false, failed));
      Duration delay = machine.timing().delay(failed, Optional.empty());
      LOG.warn("{}: removal failed, next try in {} ms: {}", id, delay.toMillis(), outcome);
      machine.wakeAt(now().plus(delay));
      return Effect().none();
    }
    machine.become(Transition.REMOVED, Idle.NEW);
    return persist(state, List.of(new RepositoryEvent.Removed(now())))
        .thenRun((RepositoryState _) -> {
          LOG.info("{}: removed", id);
          runtime.listener().removed(id, sequence());
          leave();
        });
  }

  private Effect<RepositoryEvent, RepositoryState> drive(RepositoryState state) {
    machine.drive(state);
    return Effect().none();
  }

  private Effect<RepositoryEvent, RepositoryState> persist(RepositoryState state,
      RepositoryEvent event, ActorRef<Reply> replyTo) {
    return persist(state, List.of(event)).thenRun(
        (RepositoryState after) -> replyTo.tell(new Answer(machine.status(after), true)));
  }

  /// Every event goes this way: none is persisted without being announced.
  private EffectBuilder<RepositoryEvent, RepositoryState> persist(RepositoryState state,
      List<RepositoryEvent> events) {
    return Effect().persist(events)
        .thenRun((RepositoryState after) -> announce(state, events, after));
  }

  /// Tells the world, then goes on.
  private void announce(RepositoryState before, List<RepositoryEvent> events,
      RepositoryState after) {
    long first = sequence() - events.size() + 1;
    List<Optional<LogEntry>> lines = new ArrayList<>();
    RepositoryState state = before;
    for (RepositoryEvent event : events) {
      state = state.apply(event);
      runtime.listener().happened(id, event, state);
      History.log(LOG, id, event, state);
      machine.asked(event);
      lines.add(History.line(first + lines.size(), event, state));
    }
    machine.drive(after);
    if (after.settings().isEmpty())
      return;
    RepositoryStatus status = machine.status(after);
    for (int i = 0; i < lines.size(); i++)
      if (lines.get(i).isPresent() || i == lines.size() - 1)
        machine.publish(first + i, status, lines.get(i));
  }
}
