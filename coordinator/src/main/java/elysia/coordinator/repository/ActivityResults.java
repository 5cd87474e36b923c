package elysia.coordinator.repository;

import elysia.coordinator.dispatch.Dispatcher;
import elysia.coordinator.repository.RepositoryCommand.Counted;
import elysia.coordinator.repository.RepositoryCommand.VerifyEnded;
import elysia.coordinator.sync.SyncRun;
import elysia.core.outcome.Outcome;
import elysia.core.outcome.Problem;
import elysia.core.source.Pulled;
import elysia.core.store.Counts;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.persistence.typed.javadsl.Effect;
import org.apache.pekko.persistence.typed.javadsl.EffectBuilder;
import org.apache.pekko.persistence.typed.javadsl.EffectFactories;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What the end of an activity means for its repository: which event it makes, and what comes next.
final class ActivityResults {
  private static final Logger LOG = LoggerFactory.getLogger(RepositoryActor.class);

  private final EffectFactories<RepositoryEvent, RepositoryState> effects;
  private final ActorRef<RepositoryCommand> self;
  private final String id;
  private final RepositoryWork work;
  private final InstantSource clock;

  ActivityResults(EffectFactories<RepositoryEvent, RepositoryState> effects,
      ActorRef<RepositoryCommand> self, String id, RepositoryWork work, InstantSource clock) {
    this.effects = effects;
    this.self = self;
    this.id = id;
    this.work = work;
    this.clock = clock;
  }

  private Instant now() {
    return clock.instant();
  }

  private EffectBuilder<RepositoryEvent, RepositoryState> persist(RepositoryEvent event) {
    return effects.persist(event).thenRun((RepositoryState after) -> work.happened(event, after));
  }

  private Effect<RepositoryEvent, RepositoryState> drive(RepositoryState state) {
    work.drive(state);
    return effects.none();
  }

  Effect<RepositoryEvent, RepositoryState> pulled(RepositoryState state,
      Outcome<Pulled> outcome) {
    return switch (outcome) {
      case Outcome.Ok<Pulled>(var pulled) -> {
        if (work.nothingToDo(state, pulled)) {
          RepositoryEvent checked = new RepositoryEvent.Checked(pulled.branch(), pulled.commit(),
              pulled.via(), pulled.notes(), now());
          List<RepositoryEvent> events = withRequest(checked);
          work.idle();
          yield effects.persist(events)
              .thenRun((RepositoryState after) -> work.happened(checked, after));
        }
        work.pulled(pulled);
        yield drive(state);
      }
      case Outcome.Busy<Pulled> busy ->
        pullFailed(state, busy.problem(), true, busy.retryAfter());
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

  Effect<RepositoryEvent, RepositoryState> prepared(RepositoryState state,
      Outcome<SyncPreparation.Prepared> outcome) {
    return switch (outcome) {
      case Outcome.Ok<SyncPreparation.Prepared>(var prepared) -> {
        if (state.sync().isPresent()) {
          work.sync(state, prepared.plan(), true);
          yield effects.none();
        }
        Optional<Pulled> pulled = work.takePulled();
        RepositoryEvent started = new RepositoryEvent.SyncStarted(UUID.randomUUID().toString(),
            prepared.plan().from(), prepared.plan().to(),
            prepared.indexing(), pulled.flatMap(Pulled::branch),
            pulled.map(Pulled::via).orElse(""), pulled.map(Pulled::notes).orElse(List.of()),
            prepared.totals().files(), prepared.totals().bytes(), prepared.discovery(), now());
        yield effects.persist(withRequest(started)).thenRun((RepositoryState after) -> {
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
      case Outcome.Busy<SyncPreparation.Prepared> busy ->
        notPrepared(state, busy.problem(), true, busy.retryAfter());
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

  Effect<RepositoryEvent, RepositoryState> stepRead(RepositoryState state,
      Outcome<SyncRun.Step> outcome) {
    Optional<RepositoryEvent> skipped = work.delivery().stepRead(state, outcome);
    return skipped.isPresent() ? persist(skipped.get()).thenRun(this::advance) : advanced(state);
  }

  Effect<RepositoryEvent, RepositoryState> reported(RepositoryState state,
      Dispatcher.Report report) {
    Optional<RepositoryEvent> confirmed = work.reported(state, report);
    return confirmed.isPresent()
        ? persist(confirmed.get()).thenRun(this::advance)
        : advanced(state);
  }

  private void advance(RepositoryState state) {
    self.tell(RepositoryCommand.Wake.WAKE);
  }

  /// Looks whether the sync has come to its end, one way or the other.
  Effect<RepositoryEvent, RepositoryState> advanced(RepositoryState state) {
    Optional<SyncDelivery.Failure> failure = work.delivery().failed();
    if (failure.isPresent())
      return syncFailed(state, failure.get().problem(), failure.get().retryable(),
          Optional.empty());
    return drive(state);
  }

  Effect<RepositoryEvent, RepositoryState> counted(RepositoryState state, Counted counted) {
    return switch (counted.outcome()) {
      case Outcome.Ok<Counts>(var counts) -> completed(state, counts);
      case Outcome.Busy<Counts> busy ->
        syncFailed(state, busy.problem(), true, busy.retryAfter());
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
    return effects.persist(completed).thenRun((RepositoryState after) -> {
      after.lastResult().ifPresent(last -> LOG.info(
          "{}: synced to {} ({}): {} files indexed, {} removed, {} failed, {} chunks embedded, {} reused, {} ms",
          id, last.to(), last.mode(), last.counts().filesIndexed(),
          last.counts().filesRemoved(), last.counts().filesFailed(),
          last.counts().chunksEmbedded(), last.counts().chunksReused(),
          Duration.between(last.startedAt(), last.endedAt()).toMillis()));
      work.happened(completed, after);
    });
  }

  Effect<RepositoryEvent, RepositoryState> verified(RepositoryState state,
      VerifyEnded ended) {
    work.idle();
    if (work.verify().repairs(state, ended)) {
      RepositoryEvent suspected = new RepositoryEvent.FilesSuspected(ended.differing(), "verify",
          now());
      if (!ended.more())
        return persist(suspected);
      RepositoryEvent full = new RepositoryEvent.SyncRequested(true, now());
      return effects.persist(List.of(suspected, full))
          .thenRun((RepositoryState after) -> work.happened(full, after));
    }
    return persist(work.verify().ended(ended));
  }
}
