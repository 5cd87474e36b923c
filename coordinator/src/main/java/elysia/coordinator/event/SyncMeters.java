package elysia.coordinator.event;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/// Meters of a node's syncs and feeds: their work and how they ended. Thread-safe.
public final class SyncMeters {
  private static final Duration[] BUCKETS = {Duration.ofMillis(100), Duration.ofSeconds(1),
      Duration.ofSeconds(5), Duration.ofSeconds(30), Duration.ofMinutes(2), Duration.ofMinutes(10),
      Duration.ofHours(1), Duration.ofHours(6)};
  private final MeterRegistry registry;
  private final Map<String, AtomicLong> lastRuns = new ConcurrentHashMap<>();
  private final Timer duration;

  public SyncMeters(MeterRegistry registry) {
    this.registry = registry;
    this.duration = Timer.builder("elysiactl.sync.duration")
        .description("Time of a sync or feed from its start to its end")
        .serviceLevelObjectives(BUCKETS).register(registry);
    for (String status : new String[]{"success", "failure"})
      lastRun(status);
    for (String operation : new String[]{"add", "delete", "skip", "fail"})
      files(operation, 0);
  }

  private AtomicLong lastRun(String status) {
    return lastRuns.computeIfAbsent(status, s -> {
      AtomicLong seconds = new AtomicLong();
      Gauge.builder("elysiactl.sync.last.run.timestamp", seconds, AtomicLong::doubleValue)
          .tag("status", s).description("When the last sync or feed ended, seconds since 1970")
          .register(registry);
      return seconds;
    });
  }

  /// Counts files.
  ///
  /// @param operation `add`, `delete`, `skip` or `fail`
  public void files(String operation, long count) {
    Counter.builder("elysiactl.sync.files.processed").tag("operation", operation)
        .description("Files that syncs and feeds processed").register(registry).increment(count);
  }

  /// Counts a failure of a file, a pull, a sync or a feed.
  ///
  /// @param reason the code of the problem
  public void failure(String reason) {
    Counter.builder("elysiactl.sync.failures").tag("reason", reason)
        .description("Pulls, syncs, feeds and files that failed").register(registry).increment();
  }

  /// A sync or feed came to its end.
  public void completed(Instant at, Duration took) {
    lastRun("success").set(at.getEpochSecond());
    duration.record(took);
  }

  /// A sync or feed could not continue.
  public void failed(Instant at, String reason) {
    lastRun("failure").set(at.getEpochSecond());
    failure(reason);
  }
}
