package elysia.core.outcome;

import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// The wait before the next try, the same at every level that tries again.
///
/// Which level retries what is told by docs/architecture.md.
public final class Retry {
  private Retry() {}

  /// The longer of two waits: what the other side asked for, and our own backoff. So a
  /// `Retry-After` of nothing does not make us hammer, and the other side is never asked too early.
  ///
  /// @param failed how many tries have failed so far, at least 1
  /// @param retryAfter what the other side asked for; empty when it said nothing
  public static Duration delay(Backoff backoff, int failed, Optional<Duration> retryAfter,
      RandomGenerator random) {
    Duration own = backoff.delay(failed, random);
    return retryAfter.filter(asked -> asked.compareTo(own) > 0).orElse(own);
  }
}
