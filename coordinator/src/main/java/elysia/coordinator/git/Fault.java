package elysia.coordinator.git;

import elysia.coordinator.process.Exit;
import elysia.coordinator.process.Running;
import elysia.core.outcome.FullDisk;
import elysia.core.outcome.Outcome;
import java.io.IOException;

/// What a failed reading of a repository means.
///
/// @param local
///          whether it lies where we must not mend it
/// @param damaged
///          told when a clone of ours turned out to be broken
record Fault(boolean local, Runnable damaged) {
  private static final String FULL = "the disk with the clones is full (No space left on device): "
      + "what is indexed stays, new commits wait until there is room";

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

  /// Why the folder of clones cannot be written.
  static String notWritten(IOException e) {
    return FullDisk.caused(e) ? FULL : "the folder of clones cannot be written: " + e.getMessage();
  }

  static <T> Outcome<T> notRun(Exit exit, String what) {
    return switch (exit) {
      case Exit.NotFound(var reason) -> Outcome.refused("git_missing", reason,
          "install git, or name it in elysia.coordinator.git.program");
      case Exit.TimedOut(var deadline, _) -> new Outcome.Busy<>("source_unavailable",
          what + ": no answer within " + deadline.toMillis() + " ms");
      case Exit.Interrupted(var reason) ->
        new Outcome.Busy<>("source_unavailable", what + ": " + reason);
      case Exit.Finished(_, _, var errors) when FullDisk.said(errors) ->
        new Outcome.Busy<>("source_unavailable", what
            + ": " + FULL);
      case Exit.Finished(_, _, var errors) ->
        new Outcome.Busy<>("source_unavailable", what + ": " + Stderr.lastLines(errors));
    };
  }
}
