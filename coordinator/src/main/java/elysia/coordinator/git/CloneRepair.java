package elysia.coordinator.git;

import elysia.git.command.Git;
import elysia.git.process.Exit;
import elysia.git.repository.RefName;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Repairs of a clone of ours that Git refuses to write to, and the question whether it does.
final class CloneRepair {
  private final Git git;

  CloneRepair(Git git) {
    this.git = git;
  }

  /// Removes what keeps Git from writing the references that a fetch writes: locks that no process
  /// holds, references in the way of others, histories of references that went.
  ///
  /// @return notes of what was done; none when there was nothing to do
  List<String> repair(RemoteClone clone, Tip tip) throws IOException {
    List<String> notes = new ArrayList<>(removeLocks(clone));
    if (prune(clone, tip))
      notes.add("references in the way of " + tip.source() + " were removed from the clone");
    if (clone.deleteReflogs())
      notes.add("the clone's reflogs were removed");
    return notes;
  }

  /// Removes locks that no process holds.
  List<String> removeLocks(RemoteClone clone) throws IOException {
    LockFiles locks = new LockFiles(clone.gitFolder());
    List<Path> removed = locks.removeStale();
    return removed.isEmpty()
        ? List.of()
        : List.of("locks that no process held were removed: " + locks.names(removed));
  }

  /// Removes references that cannot be beside those of this branch, as `main` beside `main/v2`.
  boolean prune(RemoteClone clone, Tip tip) {
    StringBuilder commands = new StringBuilder();
    for (String ref : clone.refs(git).keySet()) {
      RefName name = new RefName(ref);
      if (name.conflictsWith(tip.tracking()) || name.conflictsWith(RemoteClone.branchRef(tip)))
        commands.append("delete ").append(ref).append("\0\0");
    }
    return !commands.isEmpty() && clone.updateRefs(git, commands.toString());
  }

  /// Whether Git finds the clone broken, or cannot write what a fetch writes.
  boolean unusable(RemoteClone clone, Tip tip) {
    return broken(clone) || refusesObjects(clone) || refusesReference(clone, tip);
  }

  private boolean broken(RemoteClone clone) {
    return failed(git.run(git.inClone(clone.gitFolder(), clone.folder(), "fsck",
        "--connectivity-only", "--no-dangling", "--no-progress")));
  }

  private boolean refusesObjects(RemoteClone clone) {
    return failed(git.commands().run(
        git.inClone(clone.gitFolder(), clone.folder(), "hash-object", "-w", "--stdin"),
        "elysiactl"));
  }

  private boolean refusesReference(RemoteClone clone, Tip tip) {
    Map<String, String> refs = clone.refs(git);
    return !refs.isEmpty() && !clone.updateRefs(git, "start\0update " + tip.tracking().bytes()
        + "\0" + refs.values().iterator().next() + "\0\0prepare\0abort\0");
  }

  private static boolean failed(Exit exit) {
    return exit instanceof Exit.Finished finished && !finished.ok();
  }
}
