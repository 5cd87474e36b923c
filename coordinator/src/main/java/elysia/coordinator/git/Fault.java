package elysia.coordinator.git;

import elysia.core.outcome.Outcome;
import elysia.git.object.Blobs;
import elysia.git.process.Running;
import java.io.IOException;

/// Failed reads of a repository as outcomes.
///
/// @param local
///          whether it lies where we must not repair it
/// @param damaged
///          told when a clone of ours turned out to be broken
record Fault(boolean local, Runnable damaged) {
  <T> Outcome<T> outcome(IOException e) {
    return switch (e) {
      case Running.DeadlineException late ->
        new Outcome.Busy<>("source_unavailable", String.valueOf(late.getMessage()));
      case Running.InterruptedProgramException ended ->
        new Outcome.Busy<>("source_unavailable", String.valueOf(ended.getMessage()));
      case Blobs.MissingException missing when local -> Outcome.refused("repository_incomplete",
          missing.getMessage() + " in the local repository (expected: a complete clone)",
          "run `git fsck` in it; a partial clone has to be indexed by its URL");
      default -> {
        damaged.run();
        yield new Outcome.Busy<>("source_unavailable",
            "the repository broke while it was read: " + e.getMessage());
      }
    };
  }
}
