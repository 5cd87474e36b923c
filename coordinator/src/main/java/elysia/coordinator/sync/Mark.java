package elysia.coordinator.sync;

import elysia.core.identity.FilePath;
import elysia.core.wire.Wire;
import java.util.Comparator;

/// How far a sync has come: everything up to and including this place of the plan is in the index.
///
/// A place, not a count, so that it stays true when the plan is cut into other batches after
/// a restart.
public record Mark(Phase phase, FilePath path) implements Wire, Comparable<Mark> {
  /// The parts of a plan, in order. Nothing is removed before everything that is put is in.
  public enum Phase {
    /// Files that failed in an earlier sync.
    RETRY,
    /// Added, changed and renamed files.
    PUT,
    /// Deleted files.
    REMOVE,
    /// What the index still holds although the tree does not; found by listing the index, hence
    /// never marked.
    LEFTOVER
  }

  private static final Comparator<Mark> ORDER = Comparator.comparing(Mark::phase)
      .thenComparing(Mark::path);

  @Override
  public int compareTo(Mark other) {
    return ORDER.compare(this, other);
  }
}
