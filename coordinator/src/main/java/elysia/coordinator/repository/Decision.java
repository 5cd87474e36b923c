package elysia.coordinator.repository;

import java.time.Instant;
import java.util.Optional;

/// The next thing that a repository's actor does.
sealed interface Decision {
  record Pull() implements Decision {}

  /// @param target what was pulled; empty to resume the interrupted sync
  record Prepare(Optional<elysia.core.source.Pulled> target) implements Decision {}

  /// Continues the sync: reads, offers, counts.
  record Deliver() implements Decision {}

  record Verify(RepositoryState.VerifyRequest request) implements Decision {}

  record Remove(RepositoryState.Removal removal) implements Decision {}

  record AcquireSlot(Slots.Kind kind) implements Decision {}

  /// Nothing before this time of the wall clock; the slot is given back.
  record WaitUntil(Instant at) implements Decision {}

  /// Nothing before something is asked for; the slot is given back, and what was pulled forgotten.
  record Rest() implements Decision {}

  /// The result of what goes on.
  record Await() implements Decision {}

  /// What the decision depends on beside the state and the activity.
  ///
  /// @param nextTry when the wait after a failure ends; empty when it has
  /// @param scheduled when the schedule says to pull
  /// @param fenced until when a lost worker may still write; empty when none can
  /// @param slot that is held
  record Conditions(Optional<Instant> nextTry, Optional<Instant> scheduled,
      Optional<Instant> fenced, Optional<Slots.Kind> slot) {}

  static Decision next(RepositoryState state, Activity activity, Instant now,
      Conditions conditions) {
    return switch (activity) {
      case Activity.Syncing _ -> new Deliver();
      case Activity.Pulling _,Activity.Preparing _,Activity.Verifying _,Activity.Removing _ ->
        new Await();
      case Activity.Idle(var retryNow, _) ->
        start(state, Optional.empty(), retryNow, now, conditions);
      case Activity.Pulled(var target, _) ->
        start(state, Optional.of(target), true, now, conditions);
    };
  }

  private static Decision start(RepositoryState state, Optional<elysia.core.source.Pulled> pulled,
      boolean tryNow, Instant now, Conditions conditions) {
    if (state.settings().isEmpty())
      return new Rest();
    if (state.wanted().removal().isPresent())
      return unfenced(conditions, new Remove(state.wanted().removal().get()));
    if (verifies(state, pulled.isPresent()))
      return inSlot(conditions, Slots.Kind.SYNC,
          new Verify(state.wanted().verify().orElseThrow()));
    if (state.paused())
      return new Rest();
    if (!tryNow && conditions.nextTry().isPresent())
      return new WaitUntil(conditions.nextTry().get());
    if (state.sync().isPresent() || pulled.isPresent())
      return inSlot(conditions, Slots.Kind.SYNC, new Prepare(pulled));
    if (due(state, tryNow, now, conditions))
      return unfenced(conditions, inSlot(conditions,
          state.synced().isPresent() ? Slots.Kind.PULL : Slots.Kind.FIRST_PULL, new Pull()));
    return conditions.scheduled().<Decision>map(WaitUntil::new).orElseGet(Rest::new);
  }

  /// It compares with what is synced: a sync that is asked for comes first, and then its end. It
  /// does not wait for one that cannot pull.
  private static boolean verifies(RepositoryState state, boolean pulled) {
    if (state.wanted().verify().isEmpty() || state.sync().isPresent())
      return false;
    return state.paused()
        || (!pulled && (state.request().isEmpty() || state.lastError().isPresent()));
  }

  private static boolean due(RepositoryState state, boolean tryNow, Instant now,
      Conditions conditions) {
    return state.request().isPresent() || state.lastError().isPresent() || tryNow
        || conditions.scheduled().filter(t -> !t.isAfter(now)).isPresent();
  }

  private static Decision unfenced(Conditions conditions, Decision then) {
    return conditions.fenced().<Decision>map(WaitUntil::new).orElse(then);
  }

  private static Decision inSlot(Conditions conditions, Slots.Kind kind, Decision then) {
    return conditions.slot().equals(Optional.of(kind)) ? then : new AcquireSlot(kind);
  }
}
