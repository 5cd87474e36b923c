package elysia.coordinator.view;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/// The newest lines of history that wait to be written, oldest first; older ones make room.
/// Not thread-safe.
final class NewestEntries {
  private final int size;
  private final Deque<ViewStore.Entry> entries = new ArrayDeque<>();

  /// @param size lines kept, at least 1
  NewestEntries(int size) {
    this.size = size;
  }

  void add(ViewStore.Entry entry) {
    if (entries.size() == size)
      entries.removeFirst();
    entries.addLast(entry);
  }

  /// Forgets the lines of a repository.
  void remove(String name) {
    entries.removeIf(entry -> entry.name().equals(name));
  }

  boolean isEmpty() {
    return entries.isEmpty();
  }

  List<ViewStore.Entry> list() {
    return List.copyOf(entries);
  }
}
