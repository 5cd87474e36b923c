package elysia.core.rate;

import com.typesafe.config.Config;
import java.time.Duration;

/// The configured limits of calls to a service.
///
/// @param requestsPerMinute 0 when unlimited
/// @param tokensPerMinute 0 when unlimited
/// @param burst how much of a quiet time may be made up for at once: this long at the full rate
/// @param longestPause a longer pause asked for by the service is cut to this: a try then shows
///          whether it still holds
public record RateLimits(long requestsPerMinute, long tokensPerMinute, Duration burst,
    Duration longestPause) {
  public RateLimits {
    if (requestsPerMinute < 0)
      throw new IllegalArgumentException(
          "requests-per-minute: " + requestsPerMinute + " (expected: >= 0)");
    if (tokensPerMinute < 0)
      throw new IllegalArgumentException(
          "tokens-per-minute: " + tokensPerMinute + " (expected: >= 0)");
    if (!burst.isPositive())
      throw new IllegalArgumentException("burst: " + burst + " (expected: > 0)");
    if (!longestPause.isPositive())
      throw new IllegalArgumentException("longest-pause: " + longestPause + " (expected: > 0)");
  }

  /// Of a service that counts nothing but requests: reads `requests-per-minute`, `burst`
  /// and `longest-pause`.
  public static RateLimits ofRequests(Config c) {
    return new RateLimits(c.getLong("requests-per-minute"), 0, c.getDuration("burst"),
        c.getDuration("longest-pause"));
  }

  /// Whether nothing is limited by configuration.
  public boolean unlimited() {
    return requestsPerMinute == 0 && tokensPerMinute == 0;
  }

  /// Reads `requests-per-minute`, `tokens-per-minute`, `burst` and `longest-pause`.
  public static RateLimits from(Config c) {
    return new RateLimits(c.getLong("requests-per-minute"), c.getLong("tokens-per-minute"),
        c.getDuration("burst"), c.getDuration("longest-pause"));
  }
}
