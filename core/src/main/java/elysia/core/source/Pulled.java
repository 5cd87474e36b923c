package elysia.core.source;

import java.util.List;
import java.util.Optional;

/// A repository's branch and commit after a pull.
///
/// @param branch that was followed; empty for a detached HEAD
/// @param commit now at the branch, full hex object id (40 or 64 digits); empty for an empty
///          repository or an unborn branch
/// @param via who did the work: `mgit`, `git`, or `local` for a path read in place
/// @param notes what a person should know: mgit skipped the clone, uncommitted edits are left out,
///          the clone was made again…
public record Pulled(Optional<String> branch, Optional<String> commit, String via,
    List<String> notes) {
  public Pulled {
    notes = List.copyOf(notes);
  }
}
