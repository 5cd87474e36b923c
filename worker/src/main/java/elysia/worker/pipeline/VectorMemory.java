package elysia.worker.pipeline;

import elysia.core.embed.Embedding;
import elysia.core.embed.EmbeddingModel;
import java.util.Map;
import java.util.Set;

/// Remembers, on this node and within a bound, vectors of texts that are not in the index: those
/// that just left it, and those that were computed for a batch which could not be finished. Losing
/// any of it costs an embedding, nothing else.
public interface VectorMemory extends AutoCloseable {
  /// Those that are remembered, by hash of the embedded text.
  Map<String, Embedding> recall(EmbeddingModel model, Set<String> vectorHashes);

  /// Survives a kill of this process when the call returns.
  void remember(EmbeddingModel model, Map<String, Embedding> vectors);

  @Override
  default void close() {}

  /// Remembers nothing.
  static VectorMemory none() {
    return new VectorMemory() {
      @Override
      public Map<String, Embedding> recall(EmbeddingModel model, Set<String> vectorHashes) {
        return Map.of();
      }

      @Override
      public void remember(EmbeddingModel model, Map<String, Embedding> vectors) {}
    };
  }
}
