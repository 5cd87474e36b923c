package elysia.core.feed;

import elysia.core.change.Change;
import elysia.core.change.LineContent;
import elysia.core.change.Op;
import elysia.core.identity.FilePath;
import elysia.core.identity.RepositoryName;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/// Where a group of changes must end so that doing all of it again does no harm.
///
/// A rename without content moves what the index holds, and cannot be done twice where something
/// else was put at its former path in between. So a group that has one touches its two paths with no
/// other change. Not thread-safe.
public final class Renames {
  private record Place(Optional<RepositoryName> repo, FilePath path) {}

  private final Set<Place> touched = new HashSet<>();
  private final Set<Place> moved = new HashSet<>();

  /// Adds a change to the group, if it may belong to it.
  ///
  /// @return false when the group must end before this change; then nothing was added
  public boolean add(Change change) {
    return add(change.repo(), change.path(), change.newPath(), moves(change));
  }

  /// The same for a change whose repository was found out.
  public boolean add(RepositoryName repo, FilePath path, Optional<FilePath> newPath, boolean move) {
    return add(Optional.of(repo), path, newPath, move);
  }

  private boolean add(Optional<RepositoryName> repo, FilePath path, Optional<FilePath> newPath,
      boolean move) {
    Place from = new Place(repo, path);
    Optional<Place> to = newPath.map(other -> new Place(repo, other));
    Set<Place> conflicts = move ? touched : moved;
    if (conflicts.contains(from) || to.filter(conflicts::contains).isPresent())
      return false;
    touched.add(from);
    to.ifPresent(touched::add);
    if (move) {
      moved.add(from);
      to.ifPresent(moved::add);
    }
    return true;
  }

  /// Another group begins.
  public void clear() {
    touched.clear();
    moved.clear();
  }

  /// Whether a change moves what the index holds.
  public static boolean moves(Change change) {
    return change.op() == Op.RENAME && change.content() instanceof LineContent.Absent
        && !change.skipIndex();
  }
}
