package elysia.core.feed;

import elysia.core.change.Change;
import elysia.core.change.LineContent;
import elysia.core.change.Op;
import elysia.core.identity.FilePath;
import elysia.core.identity.RepositoryName;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/// A group of changes that does no harm when all of it is done again.
///
/// A rename without content moves what the index holds. It cannot be done twice where something else
/// was put at its former path in between. So a group with such a rename touches its two paths with
/// no other change. Not thread-safe.
public final class RepeatableGroup {
  /// The paths that a change touches.
  ///
  /// @param move it moves what the index holds
  public record Touched(Optional<RepositoryName> repo, FilePath path, Optional<FilePath> newPath,
      boolean move) {
    public static Touched by(Change change) {
      return new Touched(change.repo(), change.path(), change.newPath(), moves(change));
    }
  }

  private record Location(Optional<RepositoryName> repo, FilePath path) {}

  private final Set<Location> touched = new HashSet<>();
  private final Set<Location> moved = new HashSet<>();

  /// Cuts items, in their order, into groups.
  ///
  /// @param change that an item is; empty where it touches no path
  /// @return as few groups as possible, none of them empty
  public static <T> List<List<T>> split(List<T> items, Function<T, Optional<Change>> change) {
    List<List<T>> groups = new ArrayList<>();
    List<T> group = new ArrayList<>();
    RepeatableGroup current = new RepeatableGroup();
    for (T item : items) {
      List<Touched> paths = change.apply(item).map(Touched::by).stream().toList();
      if (!current.add(paths)) {
        groups.add(group);
        group = new ArrayList<>();
        current = new RepeatableGroup();
        current.add(paths);
      }
      group.add(item);
    }
    if (!group.isEmpty())
      groups.add(group);
    return groups;
  }

  /// Adds a change, if it may belong to the group.
  ///
  /// @return false when the group must end before this change; then nothing was added
  public boolean add(Change change) {
    return add(List.of(Touched.by(change)));
  }

  /// Adds the changes of one line, which stay together, if they may belong to the group.
  ///
  /// @return false when the group must end before them; then nothing was added; never for the first
  ///         ones of a group
  public boolean add(List<Touched> line) {
    boolean first = touched.isEmpty();
    if (!first && line.stream().anyMatch(this::conflicts))
      return false;
    line.forEach(this::touch);
    return true;
  }

  private boolean conflicts(Touched paths) {
    Set<Location> others = paths.move() ? touched : moved;
    return locations(paths).stream().anyMatch(others::contains);
  }

  private void touch(Touched paths) {
    List<Location> locations = locations(paths);
    touched.addAll(locations);
    if (paths.move())
      moved.addAll(locations);
  }

  private static List<Location> locations(Touched paths) {
    Location from = new Location(paths.repo(), paths.path());
    return paths.newPath().map(to -> List.of(from, new Location(paths.repo(), to)))
        .orElseGet(() -> List.of(from));
  }

  /// Whether a change moves what the index holds.
  public static boolean moves(Change change) {
    return change.op() == Op.RENAME && change.content() instanceof LineContent.Absent
        && !change.skipIndex();
  }
}
