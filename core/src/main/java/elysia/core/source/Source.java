package elysia.core.source;

import elysia.core.diagnose.Check;
import elysia.core.identity.FilePath;
import elysia.core.outcome.Outcome;
import elysia.core.outcome.Unit;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Repositories at a commit. Thread-safe for different repositories; one repository is used by one
/// caller at a time.
///
/// Blocks the calling thread. Every subprocess has a deadline. Nothing of a repository is ever
/// executed, and credentials stand in no answer. Faults that may pass (network, host, disk) are
/// `Busy`; what a person must change is `Refused`.
public interface Source {
  /// Looks at the remote without cloning: does it exist, may we read it, is the branch there.
  Outcome<Pulled> check(SourceSpec spec);

  /// Brings the local copy up to date and says where the branch stands now. A missing, half-made or
  /// corrupt copy is made again.
  Outcome<Pulled> pull(SourceSpec spec);

  /// Pulls several at once: one result per spec. The default pulls one after another.
  default Map<SourceSpec, Outcome<Pulled>> pullAll(Collection<SourceSpec> specs) {
    Map<SourceSpec, Outcome<Pulled>> results = new LinkedHashMap<>();
    for (SourceSpec spec : specs)
      results.put(spec, pull(spec));
    return results;
  }

  /// Opens the changes from one commit to another, or the listing of everything at `to`.
  ///
  /// @param from synced commit; when absent everything at `to` is listed as puts, and removals are
  ///          the caller's to find; `Busy` when it is no longer in the clone: see [#reachable]
  Outcome<Changes> changes(SourceSpec spec, Optional<String> from, String to);

  /// Whether a diff from this commit can be made: it is still in the clone. False as well when that
  /// cannot be told now.
  boolean reachable(SourceSpec spec, String commit);

  /// What these paths are at a commit: puts for regular files, removes for all others.
  Outcome<List<SourceChange>> lookup(SourceSpec spec, String commit, Collection<FilePath> paths);

  /// Deletes the local copy, if there is one; a local path read in place is never touched.
  Outcome<Unit> forget(SourceSpec spec);

  /// Looks for what a pull needs and for the state of the local copy: how the remote is reached,
  /// whether it lets us read, with which credentials, and by which program. Changes nothing.
  ///
  /// @param withClone also read through the local copy
  default List<Check> inspect(SourceSpec spec, boolean withClone) {
    return List.of();
  }
}
