package elysia.coordinator.repository;

import elysia.coordinator.dispatch.Dispatcher;
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
import elysia.coordinator.sync.SyncRun;
import elysia.core.identity.FilePath;
import elysia.core.outcome.Outcome;
import elysia.core.outcome.Problem;
import elysia.core.repository.RepositorySettings;
import elysia.core.source.Pulled;
import elysia.core.store.Counts;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
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

  private final ActorContext<RepositoryCommand> context;
  private final String id;
  private final Residence residence;
  private final RepositoryRuntime runtime;
  private final RepositoryWork work;
  private boolean leaving;

  private RepositoryActor(ActorContext<RepositoryCommand> context,
      TimerScheduler<RepositoryCommand> timers, String id, Residence residence,
      RepositoryRuntime runtime) {
    super(PersistenceId.of(TYPE_KEY.name(), id),
        SupervisorStrategy.restartWithBackoff(runtime.settings().redelivery().first(),
            runtime.settings().redelivery().max(), 0.2)); // soon here again when the journal is
    this.context = context;
    this.id = id;
    this.residence = residence;
    this.runtime = runtime;
    this.work = new RepositoryWork(context, timers, id, runtime, this::sequence);
  }

  public static Behavior<RepositoryCommand> create(EntityContext<RepositoryCommand> entity,
      RepositoryRuntime runtime) {
    return Behaviors.setup(context -> create(entity.getEntityId(),
        new Residence.Shard(context, entity), runtime));
  }

  static Behavior<RepositoryCommand> create(String id, Residence residence,
      RepositoryRuntime runtime) {
    return Behaviors.setup(context -> Behaviors
        .withTimers(timers -> new RepositoryActor(context, timers, id, residence, runtime)));
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
      runtime.outlet().removed(id, sequence());
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
      case Sync(var full, var replyTo) -> existing(state, replyTo,
          _ -> persist(new RepositoryEvent.SyncRequested(full, now()), replyTo));
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
      case RepositoryCommand.Wake.WAKE -> advanced(state);
      case RepositoryCommand.Stop.STOP -> stop(state);
      case SlotGranted(var kind) -> {
        work.granted(kind);
        yield drive(state);
      }
      case PullEnded ended ->
        work.current(ended.activity()) ? pulled(state, ended.outcome()) : Effect().none();
      case PreparationEnded ended ->
        work.current(ended.activity()) ? prepared(state, ended.outcome()) : Effect().none();
      case StepRead read ->
        work.current(read.activity()) ? stepRead(state, read.outcome()) : Effect().none();
      case Reported(var report) -> reported(state, report);
      case Redeliver(var activity, var number) -> {
        if (work.current(activity))
          work.redeliver(number);
        yield Effect().none();
      }
      case Counted counted ->
        work.current(counted.activity()) ? counted(state, counted) : Effect().none();
      case VerifyEnded ended ->
        work.current(ended.activity()) ? verified(state, ended) : Effect().none();
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
    residence.leave(context.getSelf());
  }

  /// A repository that was added after its actor had asked to leave comes back: the shard would
  /// forget it.
  private Effect<RepositoryEvent, RepositoryState> stop(RepositoryState state) {
    if (leaving && state.settings().isPresent())
      residence.comeBack();
    return Effect().stop();
  }

  private Effect<RepositoryEvent, RepositoryState> suspected(List<FilePath> paths) {
    work.suspect(paths);
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

  private Effect<RepositoryEvent, RepositoryState> pulled(RepositoryState state,
      Outcome<Pulled> outcome) {
    return switch (outcome) {
      case Outcome.Ok<Pulled>(var pulled) -> {
        if (work.nothingToDo(state, pulled)) {
          RepositoryEvent checked = new RepositoryEvent.Checked(pulled.branch(), pulled.commit(),
              pulled.via(), pulled.notes(), now());
          List<RepositoryEvent> events = withRequest(checked);
          work.idle();
          yield Effect().persist(events)
              .thenRun((RepositoryState after) -> work.happened(checked, after));
        }
        work.pulled(pulled);
        yield drive(state);
      }
      case Outcome.Busy<Pulled>(var reason, var retryAfter) ->
        pullFailed(state, Problem.of("source_unavailable", reason), true, retryAfter);
      case Outcome.Refused<Pulled>(var problem) ->
        pullFailed(state, problem, false, Optional.empty());
    };
  }

  private Effect<RepositoryEvent, RepositoryState> pullFailed(RepositoryState state,
      Problem problem, boolean retryable, Optional<Duration> retryAfter) {
    work.idle();
    int attempt = attempt(state);
    Instant next = now().plus(work.delay(attempt, retryAfter));
    LOG.warn("{}: pull failed, try {}: {}; next try {}", id, attempt,
        problem.text(), next);
    return persist(
        new RepositoryEvent.PullFailed(problem, retryable, attempt, Optional.of(next), now()));
  }

  private static int attempt(RepositoryState state) {
    return state.trouble().map(RepositoryState.Trouble::attempt).orElse(0) + 1;
  }

  private Effect<RepositoryEvent, RepositoryState> prepared(RepositoryState state,
      Outcome<SyncPreparation.Prepared> outcome) {
    return switch (outcome) {
      case Outcome.Ok<SyncPreparation.Prepared>(var prepared) -> {
        if (state.sync().isPresent()) {
          work.sync(state, prepared.plan(), true);
          yield Effect().none();
        }
        Optional<Pulled> pulled = work.takePulled();
        RepositoryEvent started = new RepositoryEvent.SyncStarted(UUID.randomUUID().toString(),
            prepared.plan().from(), prepared.plan().to(),
            prepared.indexing(), pulled.flatMap(Pulled::branch),
            pulled.map(Pulled::via).orElse(""), pulled.map(Pulled::notes).orElse(List.of()),
            prepared.totals().files(), prepared.totals().bytes(), prepared.discovery(), now());
        yield Effect().persist(withRequest(started)).thenRun((RepositoryState after) -> {
          work.sync(after, prepared.plan(), false);
          work.happened(started, after);
        });
      }
      case Outcome.Refused<SyncPreparation.Prepared>(var problem) when state.sync().isPresent()
          && problem.code().equals(SyncPreparation.COMMIT_GONE) -> {
        work.idle();
        yield persist(
            new RepositoryEvent.SyncAbandoned(state.sync().get().id(), problem.message(), now()));
      }
      case Outcome.Busy<SyncPreparation.Prepared>(var reason, var retryAfter) ->
        notPrepared(state, Problem.of("unavailable", reason), true, retryAfter);
      case Outcome.Refused<SyncPreparation.Prepared>(var problem) ->
        notPrepared(state, problem, false, Optional.empty());
    };
  }

  /// What was asked for while the repository was being pulled is not answered by this event.
  private List<RepositoryEvent> withRequest(RepositoryEvent event) {
    return work.takeRequest()
        .map(full -> List.of(event, new RepositoryEvent.SyncRequested(full, now())))
        .orElse(List.of(event));
  }

  private Effect<RepositoryEvent, RepositoryState> notPrepared(RepositoryState state,
      Problem problem, boolean retryable, Optional<Duration> retryAfter) {
    return state.sync().isPresent()
        ? syncFailed(state, problem, retryable, retryAfter)
        : pullFailed(state, problem, retryable, retryAfter);
  }

  private Effect<RepositoryEvent, RepositoryState> syncFailed(RepositoryState state,
      Problem problem, boolean retryable, Optional<Duration> retryAfter) {
    work.idle();
    int attempt = attempt(state);
    Instant next = now().plus(work.delay(attempt, retryAfter));
    LOG.warn("{}: sync failed, try {}: {}; goes on {}", id, attempt,
        problem.text(), next);
    String id = state.sync().map(RepositoryState.Sync::id).orElse("");
    return persist(
        new RepositoryEvent.SyncFailed(id, problem, retryable, attempt, Optional.of(next), now()));
  }

  private Effect<RepositoryEvent, RepositoryState> stepRead(RepositoryState state,
      Outcome<SyncRun.Step> outcome) {
    Optional<RepositoryEvent> skipped = work.stepRead(state, outcome);
    return skipped.isPresent() ? persist(skipped.get()).thenRun(this::advance) : advanced(state);
  }

  private Effect<RepositoryEvent, RepositoryState> reported(RepositoryState state,
      Dispatcher.Report report) {
    Optional<RepositoryEvent> confirmed = work.reported(state, report);
    return confirmed.isPresent()
        ? persist(confirmed.get()).thenRun(this::advance)
        : advanced(state);
  }

  private void advance(RepositoryState state) {
    context.getSelf().tell(RepositoryCommand.Wake.WAKE);
  }

  /// Looks whether the sync has come to its end, one way or the other.
  private Effect<RepositoryEvent, RepositoryState> advanced(RepositoryState state) {
    Optional<RepositoryWork.Failure> failure = work.failed();
    if (failure.isPresent())
      return syncFailed(state, failure.get().problem(), failure.get().retryable(),
          Optional.empty());
    return drive(state);
  }

  private Effect<RepositoryEvent, RepositoryState> counted(RepositoryState state, Counted counted) {
    return switch (counted.outcome()) {
      case Outcome.Ok<Counts>(var counts) -> completed(state, counts);
      case Outcome.Busy<Counts>(var reason, var retryAfter) ->
        syncFailed(state, Problem.of("store_unavailable", reason), true, retryAfter);
      case Outcome.Refused<Counts>(var problem) ->
        syncFailed(state, problem, false, Optional.empty());
    };
  }

  private Effect<RepositoryEvent, RepositoryState> completed(RepositoryState state,
      Counts counts) {
    Optional<Instant> lastWrite = work.lastWrite();
    work.idle();
    RepositoryEvent completed = new RepositoryEvent.SyncCompleted(
        state.sync().map(RepositoryState.Sync::id).orElse(""), counts.files(), counts.chunks(),
        lastWrite, now());
    return Effect().persist(completed).thenRun((RepositoryState after) -> {
      after.lastResult().ifPresent(last -> LOG.info(
          "{}: synced to {} ({}): {} files indexed, {} removed, {} failed, {} chunks embedded, {} reused, {} ms",
          id, last.to(), last.mode(), last.counts().filesIndexed(),
          last.counts().filesRemoved(), last.counts().filesFailed(),
          last.counts().chunksEmbedded(), last.counts().chunksReused(),
          Duration.between(last.startedAt(), last.endedAt()).toMillis()));
      work.happened(completed, after);
    });
  }

  private Effect<RepositoryEvent, RepositoryState> verify(RepositoryState state, boolean deep,
      boolean repair, ActorRef<Reply> replyTo) {
    if (state.synced().isEmpty())
      return Effect().reply(replyTo, new Refusal(Problem.of("conflict",
          "repository " + id + " has not been synced yet", "see `repo status`")));
    if (repair && state.paused())
      return Effect().reply(replyTo, new Refusal(Problem.of("conflict",
          "repository " + id + " is paused", "resume it to repair")));
    work.wantVerify(state, deep, repair);
    return answerAndDrive(replyTo);
  }

  private Effect<RepositoryEvent, RepositoryState> verified(RepositoryState state,
      VerifyEnded ended) {
    work.idle();
    if (work.repairs(state, ended)) {
      RepositoryEvent suspected = new RepositoryEvent.FilesSuspected(ended.differing(), "verify",
          now());
      if (!ended.more())
        return persist(suspected);
      RepositoryEvent full = new RepositoryEvent.SyncRequested(true, now());
      return Effect().persist(List.of(suspected, full))
          .thenRun((RepositoryState after) -> work.happened(full, after));
    }
    return persist(work.verifyEnded(ended));
  }

  private Effect<RepositoryEvent, RepositoryState> removed(Outcome<Boolean> outcome) {
    work.idle();
    if (!(outcome instanceof Outcome.Ok)) {
      work.removalFailed(outcome);
      return Effect().none();
    }
    return Effect().persist(new RepositoryEvent.Removed(now())).thenRun((RepositoryState _) -> {
      LOG.info("{}: removed", id);
      runtime.outlet().removed(id, sequence());
      leave();
    });
  }
}
