package elysia.core.outcome;

import com.typesafe.config.Config;
import java.time.Duration;
import java.util.random.RandomGenerator;

/// Exponential backoff with full jitter: the delay before try `n` is uniform in `[0, min(max, first
/// * 2^(n-1))]`, but never below `floor`.
///
/// Full jitter after Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015.
///
/// @param first upper bound of the first delay
/// @param max upper bound of every delay
/// @param floor lower bound of every delay
public record Backoff(Duration first, Duration max, Duration floor) {
  public Backoff {
    if (!first.isPositive())
      throw new IllegalArgumentException("first: " + first + " (expected: > 0)");
    if (max.compareTo(first) < 0)
      throw new IllegalArgumentException("max: " + max + " (expected: >= first)");
    if (floor.isNegative() || floor.compareTo(first) > 0)
      throw new IllegalArgumentException("floor: " + floor + " (expected: 0 <= floor <= first)");
  }

  /// Reads `first`, `max` and `floor`.
  public static Backoff from(Config c) {
    return new Backoff(c.getDuration("first"), c.getDuration("max"), c.getDuration("floor"));
  }

  /// The delay before the next try.
  ///
  /// @param attempt how many tries have failed so far, at least 1
  public Duration delay(int attempt, RandomGenerator random) {
    if (attempt < 1)
      throw new IllegalArgumentException("attempt: " + attempt + " (expected: >= 1)");
    long firstMillis = Math.max(1, first.toMillis());
    int doublings = Math.min(attempt - 1, 40);
    long bound = firstMillis > (max.toMillis() >> doublings)
        ? max.toMillis()
        : firstMillis << doublings;
    long jittered = (long) (random.nextDouble() * bound);
    return Duration.ofMillis(Math.max(floor.toMillis(), jittered));
  }
}
