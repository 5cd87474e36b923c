package elysia.coordinator.repository;

import elysia.core.wire.Wire;
import java.util.Optional;

/// The last 50 results of a repository.
///
/// @param bits newest in bit 0, 1 for a good one
/// @param count of results, at most 50
record RecentResults(long bits, int count) implements Wire {
  static final int MAX = 50;
  static final RecentResults NONE = new RecentResults(0, 0);

  RecentResults plus(boolean good) {
    return new RecentResults(((bits << 1) | (good ? 1 : 0)) & ((1L << MAX) - 1),
        Math.min(MAX, count + 1));
  }

  /// The share of good ones, 0 to 1; empty while there is none.
  Optional<Double> successRate() {
    return count == 0 ? Optional.empty() : Optional.of((double) Long.bitCount(bits) / count);
  }
}
