package elysia.coordinator.event;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import elysia.coordinator.repository.Outlet;
import elysia.coordinator.repository.RepositoryEvent;
import elysia.coordinator.repository.RepositoryState;
import elysia.coordinator.view.ViewWriter;
import elysia.core.event.Event;
import elysia.core.json.Json;
import elysia.core.repository.LogEntry;
import elysia.core.repository.RepositoryStatus;
import elysia.core.repository.SyncCounts;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/// Passes what happens to repositories on to the read side, the live events and the
/// metrics. Thread-safe.
public final class NodeOutlet implements Outlet {
  private static final Duration[] BUCKETS = {Duration.ofMillis(100), Duration.ofSeconds(1),
      Duration.ofSeconds(5), Duration.ofSeconds(30), Duration.ofMinutes(2), Duration.ofMinutes(10),
      Duration.ofHours(1), Duration.ofHours(6)};
  private final ViewWriter view;
  private final LiveEvents live;
  private final RepositoryGauges repositories;
  private final MeterRegistry registry;
  private final InstantSource clock;
  private final Map<String, AtomicLong> lastRuns = new ConcurrentHashMap<>();
  private final Timer duration;

  public NodeOutlet(ViewWriter view, LiveEvents live, RepositoryGauges repositories,
      MeterRegistry registry, InstantSource clock) {
    this.repositories = repositories;
    this.clock = clock;
    this.view = view;
    this.live = live;
    this.registry = registry;
    this.duration = Timer.builder("elysiactl.sync.duration")
        .description("Time of a sync from its start to its end").serviceLevelObjectives(BUCKETS)
        .register(registry);
    for (String status : new String[]{"success", "failure"})
      lastRun(status);
    for (String operation : new String[]{"add", "delete", "skip", "fail"})
      files(operation).increment(0);
  }

  private AtomicLong lastRun(String status) {
    return lastRuns.computeIfAbsent(status, s -> {
      AtomicLong seconds = new AtomicLong();
      Gauge.builder("elysiactl.sync.last.run.timestamp", seconds, AtomicLong::doubleValue)
          .tag("status", s).description("When the last sync ended, seconds since 1970")
          .register(registry);
      return seconds;
    });
  }

  private Counter files(String operation) {
    return Counter.builder("elysiactl.sync.files.processed").tag("operation", operation)
        .description("Files that syncs processed").register(registry);
  }

  private void failure(String reason) {
    Counter.builder("elysiactl.sync.failures").tag("reason", reason)
        .description("Pulls, syncs and files that failed").register(registry).increment();
  }

  @Override
  public void changed(String name, long seq, RepositoryStatus status, Optional<LogEntry> entry) {
    view.changed(name, seq, status, entry);
    repositories.changed(name, status.state(), status.trouble().isPresent());
    ObjectNode data = JsonNodeFactory.instance.objectNode();
    data.set("status", Json.mapper().valueToTree(status));
    entry.ifPresent(line -> data.put("message", line.message()));
    String type = status.progress().isPresent()
        ? "sync:progress"
        : entry.map(line -> type(line.type())).orElse("repo:changed");
    live.publish(
        new Event(entry.map(line -> type(line.type())).orElse(type), name, data, clock.instant()));
  }

  /// `sync_started` → `sync:started`, `added` → `repo:added`.
  private static String type(String line) {
    return line.startsWith("sync_") ? "sync:" + line.substring("sync_".length()) : "repo:" + line;
  }

  @Override
  public void happened(String name, RepositoryEvent event, RepositoryState after) {
    switch (event) {
      case RepositoryEvent.BatchConfirmed confirmed -> {
        SyncCounts counts = confirmed.counts();
        files("add").increment(counts.filesIndexed());
        files("delete").increment(counts.filesRemoved());
        files("fail").increment(counts.filesFailed());
        counts.filesSkipped().values().forEach(n -> files("skip").increment(n));
        confirmed.failures().forEach(f -> failure(f.reason()));
      }
      case RepositoryEvent.SyncCompleted completed -> {
        lastRun("success").set(completed.at().getEpochSecond());
        after.lastResult()
            .ifPresent(last -> duration.record(Duration.between(last.startedAt(), last.endedAt())));
      }
      case RepositoryEvent.SyncFailed failed -> {
        lastRun("failure").set(failed.at().getEpochSecond());
        failure(failed.problem().code());
      }
      case RepositoryEvent.PullFailed failed -> {
        lastRun("failure").set(failed.at().getEpochSecond());
        failure(failed.problem().code());
      }
      default -> {
      }
    }
  }

  @Override
  public void timed(String stage, Duration time) {
    Timer.builder("elysiactl.stage.duration").tag("stage", stage)
        .description("Time that syncs and batches spend in a stage")
        .serviceLevelObjectives(Duration.ofMillis(10), Duration.ofMillis(100),
            Duration.ofSeconds(1),
            Duration.ofSeconds(10))
        .register(registry).record(time);
  }

  @Override
  public void removed(String name, long seq) {
    view.removed(name);
    repositories.removed(name);
    live.publish(
        new Event("repo:removed", name, JsonNodeFactory.instance.objectNode(), clock.instant()));
  }
}
