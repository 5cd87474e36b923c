package elysia.worker.weaviate;

import com.typesafe.config.Config;
import elysia.core.outcome.Backoff;
import elysia.core.outcome.Outcome;
import elysia.core.rate.RateLimits;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/// Settings of Weaviate. The keys are explained in this module's `reference.conf`.
///
/// @param url of its REST interface, without a path of the API
/// @param grpc of its gRPC interface; empty: batches go to the REST interface
/// @param apiKey empty when the server wants none
/// @param keepAlive how long an idle connection is kept; below the server's own limit of 10 s
/// @param batchSize objects in one write request
/// @param batchBytes bytes in one write request, unless a single object is larger
/// @param inFlight write requests at the same time within one call
/// @param indexType vector index of classes that are created from now on
/// @param tries how often a request is sent within one call
/// @param retry between these tries
/// @param longestWait a longer wait that the server asks for is left to the caller
/// @param classCache how long it is remembered that a class exists
/// @param breakerFailures failures in a row after which the server is left alone
/// @param breakerPause for how long
/// @param rate of requests, by all nodes together
/// @param module of the server that makes vectors, where it does
public record WeaviateSettings(URI url, Optional<URI> grpc, String apiKey, Duration connectTimeout,
    Duration requestTimeout, Duration keepAlive, int batchSize, int batchBytes, int inFlight,
    IndexType indexType, int tries, Backoff retry, Duration longestWait, Duration classCache,
    int breakerFailures, Backoff breakerPause, RateLimits rate, ModuleSettings module) {

  /// Weaviate's vector indexes that can be chosen.
  public enum IndexType {
    /// Compares with every vector: exact, and nothing acknowledged is lost when the server
    /// is killed.
    FLAT,
    /// A graph: quick for very many vectors; wants `ASYNC_INDEXING=true` on the server.
    HNSW;

    String label() {
      return name().toLowerCase(Locale.ROOT);
    }

    static IndexType of(String label) {
      for (IndexType type : values())
        if (type.label().equals(label))
          return type;
      throw new IllegalArgumentException("index-type: " + label + " (expected: flat or hnsw)");
    }
  }

  public WeaviateSettings {
    if (!isServer(url))
      throw noAddress("url");
    if (grpc.isPresent() && (!isServer(grpc.get()) || !bare(grpc.get())))
      throw noAddress("grpc-url");
    if (!apiKey.chars().allMatch(c -> c > ' ' && c < 0x7f))
      throw new IllegalArgumentException("api-key (expected: visible ASCII, without blanks)");
    if (!apiKey.isEmpty() && "https".equals(url.getScheme())
        && grpc.filter(g -> "http".equals(g.getScheme())).isPresent())
      throw new IllegalArgumentException("grpc-url: http would send the key in clear (expected:"
          + " https, as in url)");
    positive("connect-timeout", connectTimeout);
    positive("request-timeout", requestTimeout);
    positive("keep-alive", keepAlive);
    inRange("batch-size", batchSize, 1, 1_000);
    inRange("batch-bytes", batchBytes, 1 << 16, 64 << 20);
    inRange("in-flight", inFlight, 1, 64);
    inRange("tries", tries, 1, 10);
    inRange("breaker.failures", breakerFailures, 1, 1_000);
  }

  private static boolean isServer(URI url) {
    return url.getHost() != null && url.getUserInfo() == null
        && ("http".equals(url.getScheme()) || "https".equals(url.getScheme()));
  }

  private static boolean bare(URI url) {
    return url.getRawPath().isEmpty() && url.getRawQuery() == null && url.getRawFragment() == null;
  }

  private static void positive(String name, Duration value) {
    if (!value.isPositive())
      throw new IllegalArgumentException(name + ": " + value + " (expected: > 0)");
  }

  private static void inRange(String name, int value, int from, int to) {
    if (value < from || value > to)
      throw new IllegalArgumentException(
          name + ": " + value + " (expected: " + from + " to " + to + ")");
  }

  /// Reads `elysia.worker.weaviate`.
  public static WeaviateSettings from(Config root) {
    Config c = root.getConfig("elysia.worker.weaviate");
    String grpc = c.getString("grpc-url");
    return new WeaviateSettings(uri("url", c.getString("url")),
        grpc.isEmpty() ? Optional.empty() : Optional.of(uri("grpc-url", grpc)),
        c.getString("api-key"),
        c.getDuration("connect-timeout"), c.getDuration("request-timeout"),
        c.getDuration("keep-alive"), c.getInt("batch-size"),
        Math.toIntExact(c.getBytes("batch-bytes")), c.getInt("in-flight"),
        IndexType.of(c.getString("index-type")), c.getInt("tries"),
        Backoff.from(c.getConfig("retry")), c.getDuration("longest-wait"),
        c.getDuration("class-cache"), c.getInt("breaker.failures"),
        Backoff.from(c.getConfig("breaker.pause")), RateLimits.ofRequests(c.getConfig("rate")),
        ModuleSettings.from(root));
  }

  private static URI uri(String key, String text) {
    try {
      return new URI(text.endsWith("/") ? text.substring(0, text.length() - 1) : text);
    } catch (URISyntaxException _) {
      throw noAddress(key); // not the cause: it quotes the address, which may hold a password
    }
  }

  private static IllegalArgumentException noAddress(String key) {
    return new IllegalArgumentException(key + " (expected: http://host:port or https://host, the"
        + " key in api-key and not in the URL)");
  }

  <T> Outcome<T> unauthorized(String told) {
    return Outcome.refused("store_unauthorized", "Weaviate at " + told + ": "
        + (apiKey.isEmpty() ? "it wants a key" : "it does not accept the key"),
        "set WEAVIATE_API_KEY to a key that may read and write, and check WEAVIATE_URL");
  }

  static <T> Outcome<T> full(String told) {
    return Outcome.refused("store_full", "Weaviate's usage limit is reached: " + told,
        "raise the limit on the server, or remove collections");
  }

  /// The server's name in messages.
  public String service() {
    return "Weaviate at " + url.getRawAuthority();
  }

  /// Without the key.
  @Override
  public String toString() {
    return "WeaviateSettings[" + url + (apiKey.isEmpty() ? "" : ", with a key") + "]";
  }
}
