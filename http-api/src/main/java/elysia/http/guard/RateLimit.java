package elysia.http.guard;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/// A token bucket per client. Thread-safe; remembers the clients seen last, so that its memory
/// is bounded.
final class RateLimit {
  private static final int CLIENTS = 10_000;
  private static final double NANOS = 1e9;

  private record Bucket(double tokens, long at) {}

  private final double perSecond;
  private final double burst;
  private final LongSupplier nanoTime;
  private final Map<String, Bucket> buckets = new LinkedHashMap<>(16, 0.75f, true) {
    private static final long serialVersionUID = 1L;

    @Override
    protected boolean removeEldestEntry(Map.Entry<String, Bucket> eldest) {
      return size() > CLIENTS;
    }
  };

  RateLimit(double perSecond, double burst, LongSupplier nanoTime) {
    this.perSecond = perSecond;
    this.burst = burst;
    this.nanoTime = nanoTime;
  }

  /// Takes one token.
  ///
  /// @return 0 when there was one, otherwise the seconds until there is
  synchronized long take(String client) {
    long now = nanoTime.getAsLong();
    Bucket bucket = buckets.getOrDefault(client, new Bucket(burst, now));
    double tokens = Math.min(burst, bucket.tokens() + (now - bucket.at()) / NANOS * perSecond);
    boolean free = tokens >= 1;
    buckets.put(client, new Bucket(free ? tokens - 1 : tokens, now));
    return free ? 0 : Math.max(1, (long) Math.ceil((1 - tokens) / perSecond));
  }
}
