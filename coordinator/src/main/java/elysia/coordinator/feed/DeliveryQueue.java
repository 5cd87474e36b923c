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

/// What a lane has to do, and in which order: deliveries that share a path go one after the other,
/// as they came; a path that a lost one may still write rests until that is past.
final class DeliveryQueue {
  private final int window;
  private final long mostBytes;
  /// In order of arrival.
  private final Map<Integer, Delivery> deliveries = new LinkedHashMap<>();
  /// Until when an earlier delivery may still write a path.
  private final Map<FilePath, Instant> blocked = new HashMap<>();
  private long bytes;
  private int out;

  DeliveryQueue(FeedSettings settings) {
    this.window = settings.window();
    this.mostBytes = settings.queueBytes();
  }

  /// Whether so much more is too much; one that is large alone is not.
  boolean full(long more) {
    return bytes > 0 && bytes + more > mostBytes;
  }

  void add(Delivery delivery) {
    bytes += delivery.batch.bytes();
    deliveries.put(delivery.number(), delivery);
  }

  Optional<Delivery> get(int number) {
    return Optional.ofNullable(deliveries.get(number));
  }

  List<Delivery> all() {
    return List.copyOf(deliveries.values());
  }

  void remove(Delivery delivery) {
    deliveries.remove(delivery.number());
    bytes -= delivery.batch.bytes();
    if (delivery.out)
      out--;
  }

  /// Those that may go now; they count as out from now on.
  List<Delivery> take() {
    List<Delivery> next = new ArrayList<>();
    Set<FilePath> taken = new HashSet<>(blocked.keySet());
    for (Delivery delivery : deliveries.values()) {
      boolean free = delivery.paths.stream().noneMatch(taken::contains);
      if (delivery.wanted && !delivery.out && free && out < window) {
        delivery.out = true;
        out++;
        next.add(delivery);
      }
      taken.addAll(delivery.paths);
    }
    return next;
  }

  /// Nothing else touches its paths until the last write that it may still do.
  ///
  /// @return how long until the next path rests no more; empty when its last write is past
  Optional<Duration> block(Delivery delivery, Instant now) {
    if (delivery.lastWrite.filter(now::isBefore).isEmpty())
      return Optional.empty();
    Instant end = delivery.lastWrite.get();
    for (FilePath path : delivery.paths)
      blocked.merge(path, end, (a, b) -> a.isAfter(b) ? a : b);
    return unblock(now);
  }

  /// Lets those paths go whose time has come. None waits for the last: others may go on being
  /// blocked.
  ///
  /// @return when the next one's comes
  Optional<Duration> unblock(Instant now) {
    blocked.values().removeIf(until -> !until.isAfter(now));
    return blocked.values().stream().min(Instant::compareTo)
        .map(first -> Duration.between(now, first));
  }

  /// Nothing is to be done, and nothing can be written any more.
  boolean resting() {
    return deliveries.isEmpty() && nothingWrites();
  }

  /// Nothing that is to be done has begun, and no path rests.
  boolean nothingWrites() {
    return out == 0 && blocked.isEmpty();
  }
}
