package elysia.worker.pipeline;

import elysia.core.repository.SyncCounts;
import elysia.worker.pipeline.Stages.Stage;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;

/// The metrics of a node's workers. Thread-safe.
public final class WorkMeters {
  private final Map<Stage, Timer> stages = new EnumMap<>(Stage.class);
  private final Counter written;
  private final Counter embedded;
  private final Counter reused;
  private final Counter removed;

  private final Map<Stage, Counter> deferred = new EnumMap<>(Stage.class);

  public WorkMeters(MeterRegistry registry) {
    for (Stage stage : Stage.values())
      deferred.put(stage, Counter.builder("elysiactl.batches.deferred").tag("stage", stage.label())
          .description("Batches that had to wait, by what could not be done").register(registry));
    for (Stage stage : Stage.values())
      stages.put(stage,
          Timer.builder("elysiactl.stage.duration").tag("stage", stage.label())
              .description("Time that syncs and batches spend in a stage")
              .serviceLevelObjectives(Duration.ofMillis(10), Duration.ofMillis(100),
                  Duration.ofSeconds(1), Duration.ofSeconds(10))
              .register(registry));
    written = Counter.builder("elysiactl.chunks.written").description("Chunks written to the store")
        .register(registry);
    embedded = Counter.builder("elysiactl.chunks.embedded")
        .description("Texts for which a vector was computed").register(registry);
    reused = Counter.builder("elysiactl.chunks.reused").description("Chunks whose vector was found")
        .register(registry);
    removed = Counter.builder("elysiactl.chunks.removed")
        .description("Chunks removed from the store").register(registry);
  }

  void record(Stages batch, SyncCounts counts) {
    batch.nanos().forEach((stage, nanos) -> {
      Timer timer = stages.get(stage);
      if (timer != null)
        timer.record(Duration.ofNanos(nanos));
    });
    written.increment(counts.chunksWritten());
    embedded.increment(counts.chunksEmbedded());
    reused.increment(counts.chunksReused());
    removed.increment(counts.chunksRemoved());
  }

  /// A batch has to wait since this could not be done.
  void deferred(Stage stage) {
    Counter counter = deferred.get(stage);
    if (counter != null)
      counter.increment();
  }

  /// Chunks written so far: the pool tells its rate from it.
  public double chunksWritten() {
    return written.count();
  }
}
