package elysia.coordinator.sync;

import elysia.core.identity.FilePath;
import elysia.core.wire.Wire;
import java.util.Comparator;

/// The progress of a sync: everything up to and including this place of the plan is in the index.
///
/// A place, not a count, so that it stays true when the plan is cut into other batches after
/// a restart.
public record Checkpoint(Phase phase, FilePath path) implements Wire, Comparable<Checkpoint> {
  /// The parts of a plan, in order. Nothing is removed before everything that is put is in.
  public enum Phase {
    /// Files that failed in an earlier sync.
    RETRY,
    /// Added, changed and renamed files.
    PUT,
    /// Deleted files.
    REMOVE,
    /// What the index still holds although the tree does not; found by listing the index, so a
    /// checkpoint never is in it.
    ORPHAN
  }

  private static final Comparator<Checkpoint> ORDER = Comparator.comparing(Checkpoint::phase)
      .thenComparing(Checkpoint::path);

  @Override
  public int compareTo(Checkpoint other) {
    return ORDER.compare(this, other);
  }
}
