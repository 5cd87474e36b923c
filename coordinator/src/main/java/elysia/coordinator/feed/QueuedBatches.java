package elysia.coordinator.feed;

import elysia.core.identity.FilePath;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The batches of a change queue: those that share a path are done one after the other, in order of
/// arrival; a path that a lost batch may still write is blocked until it cannot any more.
final class QueuedBatches {
  private final int window;
  private final long mostBytes;
  /// In order of arrival.
  private final Map<Integer, QueuedBatch> batches = new LinkedHashMap<>();
  /// Until when an earlier batch may still write a path.
  private final Map<FilePath, Instant> blocked = new HashMap<>();
  private long bytes;
  private int dispatched;

  QueuedBatches(FeedSettings settings) {
    this.window = settings.window();
    this.mostBytes = settings.queueBytes();
  }

  /// Whether so many bytes more are too many; one batch alone never is.
  boolean full(long more) {
    return bytes > 0 && bytes + more > mostBytes;
  }

  void add(QueuedBatch queued) {
    bytes += queued.batch.bytes();
    batches.put(queued.number(), queued);
  }

  Optional<QueuedBatch> get(int number) {
    return Optional.ofNullable(batches.get(number));
  }

  List<QueuedBatch> all() {
    return List.copyOf(batches.values());
  }

  void remove(QueuedBatch queued) {
    batches.remove(queued.number());
    bytes -= queued.batch.bytes();
    if (queued.dispatched)
      dispatched--;
  }

  /// The batches that may be dispatched; they count as dispatched after this.
  List<QueuedBatch> take() {
    List<QueuedBatch> next = new ArrayList<>();
    Set<FilePath> taken = new HashSet<>(blocked.keySet());
    for (QueuedBatch queued : batches.values()) {
      boolean free = queued.paths.stream().noneMatch(taken::contains);
      if (queued.begun && !queued.dispatched && free && dispatched < window) {
        queued.dispatched = true;
        dispatched++;
        next.add(queued);
      }
      taken.addAll(queued.paths);
    }
    return next;
  }

  /// Blocks its paths for others as long as it may still write.
  ///
  /// @return how long until the next path is unblocked; empty when it can write no more
  Optional<Duration> block(QueuedBatch queued, Instant now) {
    if (queued.writesPossibleUntil.filter(now::isBefore).isEmpty())
      return Optional.empty();
    Instant end = queued.writesPossibleUntil.get();
    for (FilePath path : queued.paths)
      blocked.merge(path, end, (a, b) -> a.isAfter(b) ? a : b);
    return unblock(now);
  }

  /// Unblocks each path when its own time has come, whatever others are still blocked.
  ///
  /// @return how long until the next one's comes
  Optional<Duration> unblock(Instant now) {
    blocked.values().removeIf(until -> !until.isAfter(now));
    return blocked.values().stream().min(Instant::compareTo)
        .map(first -> Duration.between(now, first));
  }

  /// No batch is here, and nothing can be written any more.
  boolean resting() {
    return batches.isEmpty() && nothingWrites();
  }

  /// No batch is dispatched, and no path is blocked.
  boolean nothingWrites() {
    return dispatched == 0 && blocked.isEmpty();
  }
}
