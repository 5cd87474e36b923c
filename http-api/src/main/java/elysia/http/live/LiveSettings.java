package elysia.http.live;

import com.typesafe.config.Config;
import java.time.Duration;

/// Bounds of `/ws`.
///
/// @param buffer events kept for a client that reads slowly; older ones are dropped
/// @param maxClients at once on this node
/// @param keepAlive silence after which a ping is sent
public record LiveSettings(int buffer, int maxClients, Duration keepAlive) {
  public LiveSettings {
    if (buffer < 1)
      throw new IllegalArgumentException("buffer: " + buffer + " (expected: >= 1)");
    if (maxClients < 0)
      throw new IllegalArgumentException("max-clients: " + maxClients + " (expected: >= 0)");
    if (!keepAlive.isPositive())
      throw new IllegalArgumentException("keep-alive: " + keepAlive + " (expected: > 0)");
  }

  /// Reads `elysia.http.websocket`.
  public static LiveSettings from(Config root) {
    Config c = root.getConfig("elysia.http.websocket");
    return new LiveSettings(c.getInt("buffer"), c.getInt("max-clients"),
        c.getDuration("keep-alive"));
  }
}
