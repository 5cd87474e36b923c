package elysia.coordinator.verify;

import elysia.core.outcome.Backoff;
import elysia.core.outcome.Outcome;
import elysia.core.outcome.Retry;
import elysia.core.rate.Sleeper;
import java.time.Duration;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/// The retry policy for what is busy: how often, and for how long, it is asked again. Blocks its
/// thread.
///
/// @param waits between one try and the next
/// @param longest all waits of one call together; what asks for more is not waited for
public record RetryPolicy(Backoff waits, Duration longest, RandomGenerator random,
    Sleeper sleeper) {
  /// The call's first answer that is not `Busy`, or its last one, which then says how long it
  /// was tried.
  <T> Outcome<T> answer(Supplier<Outcome<T>> call) {
    Duration waited = Duration.ZERO;
    for (int attempt = 1;; attempt++) {
      Outcome<T> outcome = call.get();
      if (!(outcome instanceof Outcome.Busy<T>(var code, var reason, var retryAfter)))
        return outcome;
      Duration wait = Retry.delay(waits, attempt, retryAfter, random);
      if (waited.plus(wait).compareTo(longest) > 0 || !slept(wait))
        return new Outcome.Busy<>(code, reason + " (tried " + attempt + " times within "
            + waited.toSeconds() + " s; verify again when it is well)", retryAfter);
      waited = waited.plus(wait);
    }
  }

  private boolean slept(Duration wait) {
    try {
      sleeper.sleep(wait);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
