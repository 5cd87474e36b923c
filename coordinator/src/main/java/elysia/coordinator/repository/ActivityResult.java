package elysia.coordinator.repository;

import elysia.coordinator.dispatch.Dispatcher;
import elysia.coordinator.sync.SyncRun;
import elysia.coordinator.verify.Verification;
import elysia.core.outcome.Outcome;
import elysia.core.source.Pulled;
import elysia.core.store.Counts;

/// The result of what an activity started.
sealed interface ActivityResult {
  record PullEnded(Outcome<Pulled> outcome) implements ActivityResult {}

  record PreparationEnded(Outcome<SyncPreparation.Prepared> outcome) implements ActivityResult {}

  record StepRead(Outcome<SyncRun.Step> outcome) implements ActivityResult {}

  record Reported(Dispatcher.Report report) implements ActivityResult {}

  /// @param number of the batch whose wait is over
  record RedeliveryDue(int number) implements ActivityResult {}

  record Counted(Outcome<Counts> outcome) implements ActivityResult {}

  record VerifyEnded(Verification verification) implements ActivityResult {}

  record RemovalEnded(Outcome<Boolean> outcome) implements ActivityResult {}
}
