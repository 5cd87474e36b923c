package elysia.worker;

import java.time.Duration;

/// The node's choice of adapters and how much of it works at once; each adapter has settings of its
/// own in `elysia.worker`.
///
/// @param store `embedded` or `weaviate`
/// @param embedder `embedded`, `openai`, `weaviate` or `constant`
/// @param constantEmbedderCost time that the constant embedder takes for each text
/// @param parallelism batches at work at once; 0 for two for each processor and one
public record WorkerSettings(String store, String embedder, Duration constantEmbedderCost,
    int parallelism) {
  public WorkerSettings {
    if (parallelism < 0)
      throw new IllegalArgumentException("workers: " + parallelism + " (expected: >= 0)");
  }

  int batchesAtOnce() {
    return parallelism > 0 ? parallelism : 2 * Runtime.getRuntime().availableProcessors() + 1;
  }
}
