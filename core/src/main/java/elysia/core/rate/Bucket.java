package elysia.core.rate;

import java.time.Duration;
import java.time.Instant;
import java.util.OptionalLong;

/// One unit's part of a budget: a token bucket by configuration, and the window that the service
/// last told of. Not thread-safe.
final class Bucket {
  private static final double NANOS_PER_MINUTE = 60e9;

  private final long perMinute;
  private final double capacity;
  private double level;
  private Instant filledAt;
  private long remaining;
  private Instant windowEnd = Instant.MIN;

  Bucket(long perMinute, Duration burst, Instant now) {
    this.perMinute = perMinute;
    this.capacity = Math.max(1, perMinute * (burst.toNanos() / NANOS_PER_MINUTE));
    this.level = capacity;
    this.filledAt = now;
  }

  /// How long until the configured rate allows the cost; zero when it does now.
  Duration untilAllowed(long cost, Instant now) {
    if (perMinute == 0 || cost == 0)
      return Duration.ZERO;
    fill(now);
    double missing = Math.min((double) cost, capacity) - level;
    return missing <= 0
        ? Duration.ZERO
        : Duration.ofNanos((long) Math.ceil(missing / perMinute * NANOS_PER_MINUTE));
  }

  /// How long until the service's window ends, when the cost no longer fits into it. A cost beyond
  /// a whole window is tried in a fresh one.
  Duration untilReset(long cost, Instant now) {
    return cost > remaining && windowEnd.isAfter(now)
        ? Duration.between(now, windowEnd)
        : Duration.ZERO;
  }

  /// Books a cost; a negative one gives back.
  void take(long cost, Instant now) {
    if (perMinute != 0) {
      fill(now);
      level = Math.min(capacity, level - cost);
    }
    remaining -= cost;
  }

  void observed(OptionalLong left, Instant end) {
    left.ifPresent(units -> {
      remaining = units;
      windowEnd = end;
    });
  }

  private void fill(Instant now) {
    if (!now.isAfter(filledAt))
      return;
    double nanos = Duration.between(filledAt, now).toNanos();
    level = Math.min(capacity, level + nanos / NANOS_PER_MINUTE * perMinute);
    filledAt = now;
  }
}
