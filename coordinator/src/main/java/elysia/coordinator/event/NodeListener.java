package elysia.coordinator.event;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import elysia.coordinator.repository.RepositoryEvent;
import elysia.coordinator.repository.RepositoryListener;
import elysia.coordinator.repository.RepositoryState;
import elysia.coordinator.view.ViewWriter;
import elysia.core.event.Event;
import elysia.core.json.Json;
import elysia.core.repository.LogEntry;
import elysia.core.repository.RepositoryStatus;
import elysia.core.repository.SyncCounts;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

/// Passes what happens to repositories on to the read side, the live events and the
/// metrics. Thread-safe.
public final class NodeListener implements RepositoryListener {
  private final ViewWriter view;
  private final LiveEvents live;
  private final RepositoryGauges repositories;
  private final MeterRegistry registry;
  private final SyncMeters meters;
  private final InstantSource clock;

  public NodeListener(ViewWriter view, LiveEvents live, RepositoryGauges repositories,
      MeterRegistry registry, SyncMeters meters, InstantSource clock) {
    this.repositories = repositories;
    this.view = view;
    this.live = live;
    this.registry = registry;
    this.meters = meters;
    this.clock = clock;
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
        meters.files("add", counts.filesIndexed());
        meters.files("delete", counts.filesRemoved());
        meters.files("fail", counts.filesFailed());
        counts.filesSkipped().values().forEach(n -> meters.files("skip", n));
        confirmed.failures().forEach(f -> meters.failure(f.reason()));
      }
      case RepositoryEvent.SyncCompleted completed -> meters.completed(completed.at(),
          after.lastResult().map(last -> Duration.between(last.startedAt(), last.endedAt()))
              .orElse(Duration.ZERO));
      case RepositoryEvent.SyncFailed failed ->
        meters.failed(failed.at(), failed.problem().code());
      case RepositoryEvent.PullFailed failed ->
        meters.failed(failed.at(), failed.problem().code());
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
