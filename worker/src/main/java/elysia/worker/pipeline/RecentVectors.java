package elysia.worker.pipeline;

import elysia.core.embed.Embedding;
import elysia.core.embed.EmbeddingModel;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/// The vectors that this node used last, so that a text that is in many files is asked of the store
/// once and not for each of them. Bounded by the numbers that it holds, 4 bytes each. Thread-safe.
final class RecentVectors {
  private record Key(EmbeddingModel model, String hash) {}

  private final long atMost;
  private final Map<Key, Embedding> vectors = new LinkedHashMap<>(16, 0.75f, true);
  private long held;

  /// @param atMost numbers in all vectors together
  RecentVectors(long atMost) {
    this.atMost = atMost;
  }

  synchronized Map<String, Embedding> recall(EmbeddingModel model, Set<String> hashes) {
    Map<String, Embedding> found = new HashMap<>();
    for (String hash : hashes) {
      Embedding vector = vectors.get(new Key(model, hash));
      if (vector != null)
        found.put(hash, vector);
    }
    return found;
  }

  synchronized void used(EmbeddingModel model, Map<String, Embedding> some) {
    some.forEach((hash, vector) -> {
      Embedding before = vectors.put(new Key(model, hash), vector);
      held += vector.dimension() - (before == null ? 0 : before.dimension());
    });
    var eldest = vectors.entrySet().iterator();
    while (held > atMost && eldest.hasNext()) {
      held -= eldest.next().getValue().dimension();
      eldest.remove();
    }
  }
}
