package elysia.worker.pipeline;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/// The time of each stage of one batch. One thread.
final class Stages {
  enum Stage {
    CHUNK, LOOKUP, EMBED, WRITE;

    String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private final Map<Stage, Long> nanos = new EnumMap<>(Stage.class);

  <T> T timed(Stage stage, Supplier<T> work) {
    long start = System.nanoTime();
    try {
      return work.get();
    } finally {
      nanos.merge(stage, System.nanoTime() - start, Long::sum);
    }
  }

  Map<Stage, Long> nanos() {
    return nanos;
  }

  Map<String, Long> millis() {
    Map<String, Long> millis = new TreeMap<>();
    nanos.forEach((stage, n) -> millis.put(stage.label(), n / 1_000_000));
    return millis;
  }
}
