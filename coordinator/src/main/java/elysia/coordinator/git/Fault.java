package elysia.coordinator.git;

import elysia.core.outcome.Outcome;
import elysia.git.object.Blobs;
import elysia.git.process.Running;
import java.io.IOException;
import java.util.Optional;

/// Failed reads of a repository as outcomes.
///
/// @param own the clone of ours that is read; empty for a repository that we must not repair
/// @param commit that is read
record Fault(Optional<RemoteClone> own, String commit) {
  <T> Outcome<T> outcome(IOException e) {
    return switch (e) {
      case Running.DeadlineException late ->
        new Outcome.Busy<>("source_unavailable", String.valueOf(late.getMessage()));
      case Running.InterruptedProgramException ended ->
        new Outcome.Busy<>("source_unavailable", String.valueOf(ended.getMessage()));
      case Blobs.MissingException missing when own.isEmpty() ->
        Outcome.refused("repository_incomplete",
            missing.getMessage() + " in the local repository (expected: a complete clone)",
            "run `git fsck` in it; a partial clone has to be indexed by its URL");
      default -> own.isPresent() ? ofClone(own.get(), e) : damaged("", e);
    };
  }

  /// A clone that a new one does not help shows what the remote holds.
  private <T> Outcome<T> ofClone(RemoteClone broken, IOException e) {
    if (broken.wasMadeForDamageAt(commit))
      return damaged(" of the remote, also in a new clone", e);
    broken.damaged(commit);
    return new Outcome.Busy<>("source_unavailable",
        "the repository broke while it was read: " + e.getMessage());
  }

  private <T> Outcome<T> damaged(String where, IOException e) {
    return Outcome.refused("repository_damaged",
        "commit " + commit + where + " cannot be read: " + e.getMessage(),
        "run `git fsck` in the repository");
  }
}
