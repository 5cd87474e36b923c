package elysia.core.rate;

import java.time.Duration;
import java.util.OptionalLong;

/// The budget of calls to one external service: by configuration, and by what its answers teach.
///
/// One for each service, shared by all who call it, so that one caller's 429 holds the others back
/// too. Thread-safe. Callers are served in the order in which they came.
public interface RateBudget {
  /// The answer to a wish to call the service.
  sealed interface Permit {
    /// Call now; the cost is booked.
    record Granted() implements Permit {}

    /// Not within the time that the caller would wait; nothing is booked.
    ///
    /// @param time after which asking again may succeed
    /// @param reason in words, for the status: `rate limit of api.example.com`
    record Wait(Duration time, String reason) implements Permit {}
  }

  /// Which service this is for, as people know it: a host name.
  String name();

  /// Asks to make calls, and blocks until they may start; returns at once when that takes longer
  /// than `maxWait`. An interrupt ends the wait with [Permit.Wait], the thread's flag set.
  ///
  /// @param requests how many requests
  /// @param tokens how many tokens (or other units that the service counts) they cost together; a
  ///          cost beyond what the budget can ever save up is granted when the budget is full
  Permit acquire(long requests, long tokens, Duration maxWait);

  /// Books calls that are made at once because somebody waits for their answer: those who ask
  /// afterwards wait the longer.
  void take(long requests, long tokens);

  /// The service said that it takes no call for a time (429, 503 with Retry-After). A later,
  /// shorter time does not shorten an earlier one.
  void throttled(Duration retryAfter, String reason);

  /// The service said how much it takes until its window ends (`x-ratelimit-remaining-*`).
  ///
  /// @param remainingRequests empty when it said nothing about requests
  /// @param remainingTokens empty when it said nothing about tokens
  /// @param reset when the window ends; what is zero or negative is ignored
  void observed(OptionalLong remainingRequests, OptionalLong remainingTokens, Duration reset);
}
