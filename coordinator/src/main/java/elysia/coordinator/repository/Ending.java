package elysia.coordinator.repository;

import elysia.coordinator.repository.Activity.Idle;
import elysia.coordinator.repository.Activity.Preparing;
import elysia.coordinator.repository.Activity.Pulled;
import elysia.coordinator.repository.Activity.Pulling;
import elysia.core.outcome.Outcome;
import elysia.core.outcome.Problem;
import elysia.core.store.Counts;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/// The meaning of the end of an activity: where it leads, and the events that it makes. Pure.
record Ending(Transition transition, Activity next, List<RepositoryEvent> events) {
  Ending {
    events = List.copyOf(events);
  }

  /// When, and how long until the next try.
  ///
  /// @param now by the wall clock
  record Tries(Instant now, Delay delay) {
    interface Delay {
      /// @param attempt how many tries in a row have failed
      /// @param retryAfter what the other side asked for
      Duration after(int attempt, Optional<Duration> retryAfter);
    }
  }

  private static Ending idle(Transition transition, RepositoryEvent... events) {
    return new Ending(transition, Idle.NEW, List.of(events));
  }

  /// @param indexing fingerprint of what is indexed and how it is cut
  static Ending pulled(RepositoryState state, Pulling pulling,
      Outcome<elysia.core.source.Pulled> outcome, String indexing, Tries tries) {
    return switch (outcome) {
      case Outcome.Ok<elysia.core.source.Pulled>(var pulled) when state
          .inStepWith(pulled.commit(), indexing) ->
        idle(Transition.IN_STEP, new RepositoryEvent.Checked(pulled.branch(), pulled.commit(),
            pulled.via(), pulled.notes(), pulling.pending(), tries.now()));
      case Outcome.Ok<elysia.core.source.Pulled>(var pulled) ->
        new Ending(Transition.PULLED, new Pulled(pulled, pulling.pending()), List.of());
      case Outcome.Busy<elysia.core.source.Pulled> busy -> idle(Transition.PULL_FAILED,
          pullFailed(state, busy.problem(), true, busy.retryAfter(), tries));
      case Outcome.Refused<elysia.core.source.Pulled>(var problem) -> idle(Transition.PULL_FAILED,
          pullFailed(state, problem, false, Optional.empty(), tries));
    };
  }

  private static RepositoryEvent pullFailed(RepositoryState state, Problem problem,
      boolean retryable, Optional<Duration> retryAfter, Tries tries) {
    int attempt = attempt(state);
    return new RepositoryEvent.PullFailed(problem, retryable, attempt,
        Optional.of(tries.now().plus(tries.delay().after(attempt, retryAfter))), tries.now());
  }

  private static int attempt(RepositoryState state) {
    return state.lastError().map(RepositoryState.LastError::attempt).orElse(0) + 1;
  }

  /// The start of a sync to what was pulled.
  static RepositoryEvent syncStarted(Preparing preparing, SyncPreparation.Prepared prepared,
      Instant now) {
    Optional<elysia.core.source.Pulled> pulled = preparing.target();
    return new RepositoryEvent.SyncStarted(UUID.randomUUID().toString(), prepared.plan().from(),
        prepared.plan().to(), prepared.indexing(),
        pulled.flatMap(elysia.core.source.Pulled::branch),
        pulled.map(elysia.core.source.Pulled::via).orElse(""),
        pulled.map(elysia.core.source.Pulled::notes).orElse(List.of()),
        prepared.totals().files(), prepared.totals().bytes(), prepared.discovery(),
        preparing.pending(), now);
  }

  /// @param outcome anything but a success
  static Ending notPrepared(RepositoryState state, Outcome<SyncPreparation.Prepared> outcome,
      Tries tries) {
    return switch (outcome) {
      case Outcome.Ok<SyncPreparation.Prepared> _ ->
        throw new IllegalArgumentException("a plan that was made");
      case Outcome.Refused<SyncPreparation.Prepared>(var problem) when state.sync().isPresent()
          && problem.code().equals(SyncPreparation.COMMIT_GONE) ->
        idle(Transition.ABANDONED, new RepositoryEvent.SyncAbandoned(state.sync().get().id(),
            problem.message(), tries.now()));
      case Outcome.Busy<SyncPreparation.Prepared> busy -> idle(Transition.PREPARATION_FAILED,
          notPrepared(state, busy.problem(), true, busy.retryAfter(), tries));
      case Outcome.Refused<SyncPreparation.Prepared>(var problem) ->
        idle(Transition.PREPARATION_FAILED,
            notPrepared(state, problem, false, Optional.empty(), tries));
    };
  }

  private static RepositoryEvent notPrepared(RepositoryState state, Problem problem,
      boolean retryable, Optional<Duration> retryAfter, Tries tries) {
    return state.sync().isPresent()
        ? syncFailed(state, problem, retryable, retryAfter, tries)
        : pullFailed(state, problem, retryable, retryAfter, tries);
  }

  private static RepositoryEvent syncFailed(RepositoryState state, Problem problem,
      boolean retryable, Optional<Duration> retryAfter, Tries tries) {
    int attempt = attempt(state);
    return new RepositoryEvent.SyncFailed(syncId(state), problem, retryable, attempt,
        Optional.of(tries.now().plus(tries.delay().after(attempt, retryAfter))), tries.now());
  }

  private static String syncId(RepositoryState state) {
    return state.sync().map(RepositoryState.Sync::id).orElse("");
  }

  /// @param before events that come with it, not applied to the state yet
  static Ending syncFailed(RepositoryState state, List<RepositoryEvent> before,
      SyncDelivery.Failure failure, Tries tries) {
    RepositoryState after = state;
    for (RepositoryEvent event : before)
      after = after.apply(event);
    RepositoryEvent failed = syncFailed(after, failure.problem(), failure.retryable(),
        Optional.empty(), tries);
    return new Ending(Transition.SYNC_FAILED, Idle.NEW,
        Stream.concat(before.stream(), Stream.of(failed))
            .toList());
  }

  /// @param writesPossibleUntil until when a write of a delivery that was given up may still arrive
  static Ending counted(RepositoryState state, Outcome<Counts> outcome,
      Optional<Instant> writesPossibleUntil, Tries tries) {
    return switch (outcome) {
      case Outcome.Ok<Counts>(var counts) -> idle(Transition.COMPLETED,
          new RepositoryEvent.SyncCompleted(syncId(state), counts.files(), counts.chunks(),
              writesPossibleUntil, tries.now()));
      case Outcome.Busy<Counts> busy -> idle(Transition.SYNC_FAILED,
          syncFailed(state, busy.problem(), true, busy.retryAfter(), tries));
      case Outcome.Refused<Counts>(var problem) -> idle(Transition.SYNC_FAILED,
          syncFailed(state, problem, false, Optional.empty(), tries));
    };
  }
}
