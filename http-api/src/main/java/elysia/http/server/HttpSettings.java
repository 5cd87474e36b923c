package elysia.http.server;

import com.typesafe.config.Config;
import elysia.http.guard.GuardSettings;
import elysia.http.live.LiveSettings;
import elysia.http.tls.TlsSettings;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Settings of the HTTP API.
///
/// @param bindAddress name or address of the interface
/// @param port 0 for any free one
/// @param requestTimeout for an answer
/// @param slowRequestTimeout for an answer that needs a look at a remote or at a whole tree
/// @param idleTimeout of a connection
/// @param maxBodySize bytes
/// @param maxHeaderSize bytes of one header
/// @param maxUriLength bytes
/// @param drainTime from the first "not ready" to the closing of the port
/// @param shutdownTimeout for running requests to end
/// @param latencyBuckets of the request histogram
/// @param openMetrics whether `/metrics` needs no token
public record HttpSettings(String bindAddress, int port, Duration requestTimeout,
    Duration slowRequestTimeout, Duration idleTimeout, int maxConnections, long maxBodySize,
    int maxHeaderCount,
    int maxHeaderSize, int maxUriLength, Duration drainTime, Duration shutdownTimeout,
    List<Duration> latencyBuckets, GuardSettings guard, LiveSettings live,
    Optional<TlsSettings> tls, boolean openMetrics) {
  private static final int MAX_PORT = 65_535;

  public HttpSettings {
    if (bindAddress.isBlank())
      throw new IllegalArgumentException("interface: blank (expected: a name or an address)");
    if (port < 0 || port > MAX_PORT)
      throw new IllegalArgumentException("port: " + port + " (expected: 0 to " + MAX_PORT + ")");
    positive("request-timeout", requestTimeout.toMillis());
    if (slowRequestTimeout.compareTo(requestTimeout) < 0)
      throw new IllegalArgumentException("slow-request-timeout: " + slowRequestTimeout
          + " (expected: >= request-timeout, " + requestTimeout + ")");
    if (idleTimeout.compareTo(slowRequestTimeout) <= 0)
      throw new IllegalArgumentException("idle-timeout: " + idleTimeout
          + " (expected: > slow-request-timeout, " + slowRequestTimeout + ")");
    positive("max-connections", maxConnections);
    positive("max-body-size", maxBodySize);
    positive("max-header-count", maxHeaderCount);
    positive("max-header-size", maxHeaderSize);
    positive("max-uri-length", maxUriLength);
    positive("shutdown-timeout", shutdownTimeout.toMillis());
    if (drainTime.isNegative())
      throw new IllegalArgumentException("drain-time: " + drainTime + " (expected: >= 0)");
    latencyBuckets = List.copyOf(latencyBuckets);
  }

  /// Reads `elysia.http`.
  public static HttpSettings from(Config root) {
    Config c = root.getConfig("elysia.http");
    return new HttpSettings(c.getString("interface"), c.getInt("port"),
        c.getDuration("request-timeout"), c.getDuration("slow-request-timeout"),
        c.getDuration("idle-timeout"),
        c.getInt("max-connections"), c.getBytes("max-body-size"), c.getInt("max-header-count"),
        Math.toIntExact(c.getBytes("max-header-size")),
        Math.toIntExact(c.getBytes("max-uri-length")), c.getDuration("drain-time"),
        c.getDuration("shutdown-timeout"), c.getDurationList("latency-buckets"),
        GuardSettings.from(root), LiveSettings.from(root), TlsSettings.from(root),
        c.getBoolean("open-metrics"));
  }

  /// Whether only this machine reaches the port.
  ///
  /// @throws IllegalArgumentException when the name of the interface is unknown
  public boolean loopback() {
    try {
      return Stream.of(InetAddress.getAllByName(bindAddress))
          .allMatch(InetAddress::isLoopbackAddress);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("interface: " + bindAddress
          + " (expected: an address of this machine or a name of one)", e);
    }
  }

  private static void positive(String name, long value) {
    if (value < 1)
      throw new IllegalArgumentException(name + ": " + value + " (expected: > 0)");
  }
}
