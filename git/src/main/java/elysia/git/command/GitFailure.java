package elysia.git.command;

import elysia.core.outcome.FullDisk;
import elysia.core.outcome.Outcome;
import elysia.git.process.Exit;
import java.io.IOException;

/// Failed runs of Git as outcomes.
public final class GitFailure {
  private static final String FULL = "the disk with the clones is full (No space left on device): "
      + "what is indexed stays, new commits wait until there is room";

  private GitFailure() {}

  /// Why the folder of clones cannot be written.
  public static String notWritten(IOException e) {
    return FullDisk.caused(e) ? FULL : "the folder of clones cannot be written: " + e.getMessage();
  }

  /// A run that did not end well.
  ///
  /// @param what was tried, with the repository in it
  public static <T> Outcome<T> notRun(Exit exit, String what) {
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
