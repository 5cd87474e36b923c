package elysia.coordinator.repository;

import elysia.coordinator.repository.Activity.Idle;
import elysia.coordinator.repository.Activity.Preparing;
import elysia.coordinator.repository.Activity.Pulled;
import elysia.coordinator.repository.Activity.Pulling;
import elysia.coordinator.repository.Activity.Removing;
import elysia.coordinator.repository.Activity.Syncing;
import elysia.coordinator.repository.Activity.Verifying;

/// The changes of activity that a repository's actor can make; `docs/repository-states.md` is
/// written from them.
public enum Transition {
  // @formatter:off: a row each
  /// The actor starts, or starts again after its journal failed, whatever it was doing.
  START(Activity.class, Idle.class, "the actor starts"),
  PULL(Idle.class, Pulling.class, "a pull is due"),
  PULLED(Pulling.class, Pulled.class, "something is to be done"),
  IN_STEP(Pulling.class, Idle.class, "nothing is to be done"),
  PULL_FAILED(Pulling.class, Idle.class, "the pull failed"),
  PREPARE(Pulled.class, Preparing.class, "a slot is free"),
  FORGET(Pulled.class, Idle.class, "paused"),
  RESUME(Idle.class, Preparing.class, "a sync was interrupted"),
  SYNC(Preparing.class, Syncing.class, "the plan is made"),
  PREPARATION_FAILED(Preparing.class, Idle.class, "the preparation failed"),
  ABANDONED(Preparing.class, Idle.class, "the sync cannot be resumed"),
  DROPPED(Preparing.class, Idle.class, "removal was asked for meanwhile"),
  COMPLETED(Syncing.class, Idle.class, "everything is in the index"),
  SYNC_FAILED(Syncing.class, Idle.class, "the sync failed"),
  SUSPENDED(Syncing.class, Idle.class, "paused, and all batches are back"),
  VERIFY(Idle.class, Verifying.class, "a verify was asked for"),
  VERIFY_PAUSED(Pulled.class, Verifying.class, "paused, and a verify was asked for"),
  VERIFIED(Verifying.class, Idle.class, "the verify ended"),
  REPAIR(Verifying.class, Idle.class, "differences are to be repaired"),
  REMOVE(Idle.class, Removing.class, "removal was asked for"),
  REMOVE_PULLED(Pulled.class, Removing.class, "removal was asked for"),
  REMOVED(Removing.class, Idle.class, "it is removed"),
  REMOVAL_FAILED(Removing.class, Idle.class, "the removal failed");
  // @formatter:on

  private final Class<? extends Activity> from;
  private final Class<? extends Activity> to;
  private final String when;

  Transition(Class<? extends Activity> from, Class<? extends Activity> to, String when) {
    this.from = from;
    this.to = to;
    this.when = when;
  }

  Class<? extends Activity> from() {
    return from;
  }

  Class<? extends Activity> to() {
    return to;
  }

  String when() {
    return when;
  }

  /// @throws IllegalStateException when it does not lead from the one to the other
  void check(Activity before, Activity after) {
    if (!from.isInstance(before) || !to.isInstance(after))
      throw new IllegalStateException(this + ": " + before + " to " + after);
  }
}
