package elysia.coordinator.repository;

import elysia.coordinator.repository.RepositoryCommand.Add;
import elysia.coordinator.repository.RepositoryCommand.Answer;
import elysia.coordinator.repository.RepositoryCommand.Counted;
import elysia.coordinator.repository.RepositoryCommand.Failures;
import elysia.coordinator.repository.RepositoryCommand.GetFailures;
import elysia.coordinator.repository.RepositoryCommand.GetSettings;
import elysia.coordinator.repository.RepositoryCommand.GetStatus;
import elysia.coordinator.repository.RepositoryCommand.LateWrites;
import elysia.coordinator.repository.RepositoryCommand.Pause;
import elysia.coordinator.repository.RepositoryCommand.PreparationEnded;
import elysia.coordinator.repository.RepositoryCommand.PullEnded;
import elysia.coordinator.repository.RepositoryCommand.Redeliver;
import elysia.coordinator.repository.RepositoryCommand.Refusal;
import elysia.coordinator.repository.RepositoryCommand.RemovalEnded;
import elysia.coordinator.repository.RepositoryCommand.Remove;
import elysia.coordinator.repository.RepositoryCommand.Reply;
import elysia.coordinator.repository.RepositoryCommand.Reported;
import elysia.coordinator.repository.RepositoryCommand.Resume;
import elysia.coordinator.repository.RepositoryCommand.Retry;
import elysia.coordinator.repository.RepositoryCommand.SettingsReply;
import elysia.coordinator.repository.RepositoryCommand.SlotGranted;
import elysia.coordinator.repository.RepositoryCommand.StepRead;
import elysia.coordinator.repository.RepositoryCommand.Sync;
import elysia.coordinator.repository.RepositoryCommand.Update;
import elysia.coordinator.repository.RepositoryCommand.Verify;
import elysia.coordinator.repository.RepositoryCommand.VerifyEnded;
import elysia.core.identity.FilePath;
import elysia.core.outcome.Outcome;
import elysia.core.outcome.Problem;
import elysia.core.repository.RepositorySettings;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
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
/// changed, and remembers how far it came. Sharded, event-sourced; never does two things at a time.
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

  private final ActorContext<RepositoryCommand> context;
  private final String id;
  private final EntityLifecycle lifecycle;
  private final RepositoryRuntime runtime;
  private final RepositoryWork work;
  private final ActivityResults results;
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
    this.work = new RepositoryWork(context, timers, id, runtime, this::sequence);
    this.results = new ActivityResults(Effect(), context.getSelf(), id, work, runtime.clock());
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
        .onSignal(PostStop.instance(), _ -> work.close()).build();
  }

  private long sequence() {
    return lastSequenceNumber(context);
  }

  private void recovered(RepositoryState state) {
    if (state.settings().isEmpty() && sequence() > 0) // it may have ended before it could say so
      runtime.listener().removed(id, sequence());
    work.recovered(state);
  }

  private Effect<RepositoryEvent, RepositoryState> onCommand(RepositoryState state,
      RepositoryCommand command) {
    return switch (command) {
      case Add(var settings, var replyTo) -> add(state, settings, replyTo);
      case GetStatus(var replyTo) -> existing(state, replyTo, _ -> answer(state, replyTo, false));
      case GetFailures(var replyTo) ->
        query(state, replyTo, new Failures(state.failures()));
      case GetSettings(var replyTo) -> query(state, replyTo,
          new SettingsReply(state.settings().map(List::of).orElse(List.of())));
      case Update(var settings, var replyTo) -> existing(state, replyTo,
          current -> current.equals(settings)
              ? answer(state, replyTo, false)
              : persist(new RepositoryEvent.SettingsChanged(settings, now()), replyTo));
      case Sync(var full, var replyTo) -> existing(state, replyTo, _ -> {
        work.retryNow();
        return persist(new RepositoryEvent.SyncRequested(full, now()), replyTo);
      });
      case Pause(var replyTo) -> existing(state, replyTo,
          _ -> state.paused()
              ? answer(state, replyTo, false)
              : persist(new RepositoryEvent.Paused(now()), replyTo));
      case Resume(var replyTo) -> existing(state, replyTo,
          _ -> state.paused()
              ? persist(new RepositoryEvent.Resumed(now()), replyTo)
              : answer(state, replyTo, false));
      case Retry(var replyTo) -> existing(state, replyTo, _ -> {
        work.retryNow();
        work.delivery().redeliverAll();
        return state.sync().isPresent()
            ? answerAndDrive(replyTo)
            : persist(new RepositoryEvent.SyncRequested(false, now()), replyTo);
      });
      case Verify(var deep, var repair, var replyTo) ->
        existing(state, replyTo, _ -> verify(state, deep, repair, replyTo));
      case Remove(var deleteCollection, var replyTo) -> existing(state, replyTo,
          _ -> state.removal().isPresent()
              ? answer(state, replyTo, false)
              : persist(new RepositoryEvent.RemovalRequested(deleteCollection, now()), replyTo));
      case LateWrites(var paths) -> state.settings().isEmpty()
          ? Effect().none()
          : suspected(paths);
      case RepositoryCommand.Wake.WAKE -> results.advanced(state);
      case RepositoryCommand.Stop.STOP -> stop(state);
      case SlotGranted(var kind) -> {
        work.granted(kind);
        yield drive(state);
      }
      case PullEnded ended ->
        work.current(ended.activity()) ? results.pulled(state, ended.outcome()) : Effect().none();
      case PreparationEnded ended ->
        work.current(ended.activity()) ? results.prepared(state, ended.outcome()) : Effect().none();
      case StepRead read ->
        work.current(read.activity()) ? results.stepRead(state, read.outcome()) : Effect().none();
      case Reported(var report) -> results.reported(state, report);
      case Redeliver(var activity, var number) -> {
        if (work.current(activity))
          work.delivery().redeliver(number);
        yield Effect().none();
      }
      case Counted counted ->
        work.current(counted.activity()) ? results.counted(state, counted) : Effect().none();
      case VerifyEnded ended ->
        work.current(ended.activity()) ? results.verified(state, ended) : Effect().none();
      case RemovalEnded ended ->
        work.current(ended.activity()) ? removed(ended.outcome()) : Effect().none();
    };
  }

  private Effect<RepositoryEvent, RepositoryState> add(RepositoryState state,
      RepositorySettings settings, ActorRef<Reply> replyTo) {
    if (state.settings().isEmpty())
      return persist(new RepositoryEvent.Added(settings, now()), replyTo);
    if (state.removal().isPresent())
      return Effect().reply(replyTo, new Refusal(Problem.of("conflict",
          "repository " + settings.name() + " is being removed", "try again when it is gone")));
    if (state.settings().get().equals(settings))
      return answer(state, replyTo, false);
    return Effect().reply(replyTo,
        new Refusal(Problem.of("repository_exists",
            "repository " + settings.name() + " exists with other settings",
            "change it with `repo update " + settings.name() + "`, or choose another --name")));
  }

  private Effect<RepositoryEvent, RepositoryState> existing(RepositoryState state,
      ActorRef<Reply> replyTo,
      Function<RepositorySettings, Effect<RepositoryEvent, RepositoryState>> then) {
    return state.settings().isPresent()
        ? then.apply(state.settings().get())
        : Effect().none().thenRun((RepositoryState _) -> {
          replyTo.tell(new Refusal(Problem.of("repository_not_found",
              "no repository " + id, "see `repo list`")));
          leave();
        });
  }

  private <T> Effect<RepositoryEvent, RepositoryState> query(RepositoryState state,
      ActorRef<T> replyTo, T reply) {
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

  private Effect<RepositoryEvent, RepositoryState> suspected(List<FilePath> paths) {
    work.delivery().suspect(paths);
    return persist(new RepositoryEvent.FilesSuspected(paths, "late_write", now()));
  }

  private Effect<RepositoryEvent, RepositoryState> answer(RepositoryState state,
      ActorRef<Reply> replyTo, boolean changed) {
    return Effect().reply(replyTo, new Answer(work.status(state), changed));
  }

  private Effect<RepositoryEvent, RepositoryState> answerAndDrive(ActorRef<Reply> replyTo) {
    return Effect().none().thenRun((RepositoryState s) -> work.drive(s))
        .thenRun((RepositoryState s) -> replyTo.tell(new Answer(work.status(s), true)));
  }

  private Effect<RepositoryEvent, RepositoryState> drive(RepositoryState state) {
    work.drive(state);
    return Effect().none();
  }

  private EffectBuilder<RepositoryEvent, RepositoryState> persist(RepositoryEvent event) {
    return Effect().persist(event).thenRun((RepositoryState after) -> work.happened(event, after));
  }

  private Effect<RepositoryEvent, RepositoryState> persist(RepositoryEvent event,
      ActorRef<Reply> replyTo) {
    return Effect().persist(event).thenRun((RepositoryState after) -> {
      work.happened(event, after);
      replyTo.tell(new Answer(work.status(after), true));
    });
  }

  private Instant now() {
    return runtime.clock().instant();
  }

  private Effect<RepositoryEvent, RepositoryState> verify(RepositoryState state, boolean deep,
      boolean repair, ActorRef<Reply> replyTo) {
    if (state.synced().isEmpty())
      return Effect().reply(replyTo, new Refusal(Problem.of("conflict",
          "repository " + id + " has not been synced yet", "see `repo status`")));
    if (repair && state.paused())
      return Effect().reply(replyTo, new Refusal(Problem.of("conflict",
          "repository " + id + " is paused", "resume it to repair")));
    return persist(new RepositoryEvent.VerifyRequested(deep, repair, now()), replyTo);
  }

  private Effect<RepositoryEvent, RepositoryState> removed(Outcome<Boolean> outcome) {
    work.idle();
    if (!(outcome instanceof Outcome.Ok)) {
      work.removalFailed(outcome);
      return Effect().none();
    }
    return Effect().persist(new RepositoryEvent.Removed(now())).thenRun((RepositoryState _) -> {
      LOG.info("{}: removed", id);
      runtime.listener().removed(id, sequence());
      leave();
    });
  }
}
