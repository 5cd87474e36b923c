package elysia.coordinator.repository;

import java.util.Optional;

/// The activity of a repository's actor; one at a time, each case with only its own data.
///
/// - Idle → Pulling: a pull is due and a slot is free
/// - Pulling → Pulled: something is to be done
/// - Pulling → Idle: nothing is to be done, or the pull failed
/// - Pulled → Preparing: a slot is free
/// - Pulled → Idle: it is paused
/// - Idle → Preparing: a sync was interrupted and a slot is free
/// - Preparing → Syncing: the plan is made
/// - Preparing → Idle: it failed, the sync cannot be resumed, or the repository is being removed
/// - Syncing → Idle: it is completed, failed, or paused and all batches are back
/// - Idle, Pulled → Verifying: a verify was asked for and a slot is free
/// - Verifying → Idle: it ended, or its differences are to be repaired
/// - Idle, Pulled → Removing: removal was asked for
/// - Removing → Idle: it is removed, or the removal failed
/// - any → Idle: the actor starts, or starts again after its journal failed
///
/// [Transition] is this table as data, [Decision] says what starts, [Ending] what an end means.
sealed interface Activity {
  /// @param retryNow somebody asked for a try: the wait for the next one is over
  /// @param failedRemovals removals that failed in a row
  record Idle(boolean retryNow, int failedRemovals) implements Activity {
    static final Idle NEW = new Idle(false, 0);
  }

  /// @param pending a sync that was asked for since the pull began, which it does not answer
  record Pulling(Optional<RepositoryState.Request> pending) implements Activity {}

  /// Waits for a slot to sync.
  ///
  /// @param pending as in [Pulling]
  record Pulled(elysia.core.source.Pulled target,
      Optional<RepositoryState.Request> pending) implements Activity {}

  /// @param target what was pulled; empty when an interrupted sync is resumed
  /// @param pending as in [Pulling]
  record Preparing(Optional<elysia.core.source.Pulled> target,
      Optional<RepositoryState.Request> pending) implements Activity {}

  record Syncing(SyncDelivery delivery) implements Activity {}

  record Verifying() implements Activity {}

  /// @param failed removals that failed before
  record Removing(int failed) implements Activity {}

  /// Remembers what is asked for between a pull and the start of its sync.
  default Activity asked(RepositoryEvent event) {
    Optional<Boolean> full = switch (event) {
      case RepositoryEvent.SyncRequested(var everything, _) -> Optional.of(everything);
      case RepositoryEvent.SettingsChanged _,RepositoryEvent.FilesSuspected _ ->
        Optional.of(false);
      default -> Optional.empty();
    };
    if (full.isEmpty())
      return this;
    return switch (this) {
      case Pulling(var pending) -> new Pulling(plus(pending, full.get()));
      case Pulled(var target, var pending) -> new Pulled(target, plus(pending, full.get()));
      case Preparing(var target, var pending) -> new Preparing(target, plus(pending, full.get()));
      case Idle _,Syncing _,Verifying _,Removing _ -> this;
    };
  }

  private static Optional<RepositoryState.Request> plus(Optional<RepositoryState.Request> pending,
      boolean full) {
    return Optional.of(new RepositoryState.Request(
        full || pending.map(RepositoryState.Request::full).orElse(false)));
  }
}
