package elysia.deploy.access;

import com.typesafe.config.Config;
import java.time.Duration;
import java.util.Optional;

/// Settings of tokens.
///
/// @param bootstrapToken a token by configuration that may do everything, as long as it is set
/// @param refresh how often this node reads the tokens of the cluster
/// @param staleAfter when they could not be read for so long, nobody is let in with one
public record AccessSettings(Optional<String> bootstrapToken, Duration refresh,
    Duration staleAfter) {
  private static final int SHORTEST = 32;

  public AccessSettings {
    if (bootstrapToken.isPresent() && (bootstrapToken.get().length() < SHORTEST
        || !bootstrapToken.get().chars().allMatch(c -> c > ' ' && c < 0x7f)))
      throw new IllegalArgumentException(
          "elysia.access.bootstrap-token (ELYSIACTL_BOOTSTRAP_TOKEN): "
              + bootstrapToken.get().length() + " characters (expected: at least " + SHORTEST
              + " random ones without blanks, such as `openssl rand -hex 32` prints)");
    if (!refresh.isPositive())
      throw new IllegalArgumentException(
          "elysia.access.refresh: " + refresh + " (expected: > 0)");
    if (staleAfter.compareTo(refresh) <= 0)
      throw new IllegalArgumentException(
          "elysia.access.stale-after: " + staleAfter + " (expected: > refresh, " + refresh + ")");
  }

  /// Reads `elysia.access`.
  public static AccessSettings from(Config root) {
    Config c = root.getConfig("elysia.access");
    return new AccessSettings(
        Optional.of(c.getString("bootstrap-token").strip()).filter(text -> !text.isEmpty()),
        c.getDuration("refresh"), c.getDuration("stale-after"));
  }

  @Override
  public String toString() {
    return "AccessSettings[refresh " + refresh + ", stale after " + staleAfter + "]";
  }
}
