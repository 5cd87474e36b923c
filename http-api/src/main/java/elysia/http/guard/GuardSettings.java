package elysia.http.guard;

import com.typesafe.config.Config;

/// Request rate of one token, and of one address without a good one.
///
/// @param requestsPerSecond 0 for as often as it likes
/// @param burst requests at once
public record GuardSettings(double requestsPerSecond, int burst) {
  public GuardSettings {
    if (!(requestsPerSecond >= 0) || Double.isInfinite(requestsPerSecond))
      throw new IllegalArgumentException(
          "requests-per-second: " + requestsPerSecond + " (expected: >= 0)");
    if (burst < 1)
      throw new IllegalArgumentException("burst: " + burst + " (expected: >= 1)");
  }

  /// Reads `elysia.http.rate-limit`.
  public static GuardSettings from(Config root) {
    Config c = root.getConfig("elysia.http.rate-limit");
    return new GuardSettings(c.getDouble("requests-per-second"), c.getInt("burst"));
  }
}
