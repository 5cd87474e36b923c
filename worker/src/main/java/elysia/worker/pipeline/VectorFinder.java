package elysia.worker.pipeline;

import elysia.core.embed.Embedder;
import elysia.core.embed.Embedder.Embedded;
import elysia.core.embed.Embedding;
import elysia.core.embed.EmbeddingModel;
import elysia.core.identity.CollectionName;
import elysia.core.outcome.Outcome;
import elysia.core.outcome.Unit;
import elysia.core.repository.SyncCounts;
import elysia.core.store.ChunkHeader;
import elysia.core.store.VectorStore;
import elysia.worker.pipeline.BatchPlan.Wanted;
import elysia.worker.pipeline.Stages.Stage;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Finds the vectors that a batch needs: among those used last, in the index, in the memory, and
/// only then by embedding; where the store makes the vectors, what was not found is left to it.
final class VectorFinder {
  /// Numbers: 8 MB.
  private static final long RECENT = 2_000_000;

  private final VectorStore store;
  private final Embedder embedder;
  private final VectorMemory memory;
  private final RecentVectors recent = new RecentVectors(RECENT);

  VectorFinder(VectorStore store, Embedder embedder, VectorMemory memory) {
    this.store = store;
    this.embedder = embedder;
    this.memory = memory;
  }

  /// Vectors by hash of the embedded text; all but the rejected ones, and those that the store
  /// makes, are there when the search ended.
  ///
  /// @param vectors all that were found or embedded
  /// @param fresh those of them that were embedded now
  /// @param rejected reasons of those that cannot be embedded
  record Found(Map<String, Embedding> vectors, Map<String, Embedding> fresh,
      Map<String, String> rejected) {
    static Found nothing() {
      return new Found(new HashMap<>(), new LinkedHashMap<>(), new LinkedHashMap<>());
    }

    void add(String hash, Embedded result) {
      switch (result) {
        case Embedded.Vector(var embedding) -> {
          fresh.put(hash, embedding);
          vectors.put(hash, embedding);
        }
        case Embedded.Rejected(var reason) -> rejected.put(hash, reason);
      }
    }
  }

  Found find(BatchAttempt attempt, BatchPlan plan, List<ChunkHeader> there) throws AttemptEnd {
    Found found = Found.nothing();
    known(attempt, plan, there, found);
    if (attempt.batch().model().inStore())
      return found;
    try {
      embed(attempt, plan, found);
      recent.used(attempt.batch().model(), found.vectors());
    } catch (AttemptEnd stop) {
      keep(attempt, found);
      throw stop;
    }
    return found;
  }

  /// Remembers also what was found in the index: the next try deletes it there before it writes.
  void keepAll(BatchAttempt attempt, Found found) {
    memory.remember(attempt.batch().model(), found.vectors());
    keep(attempt, found);
  }

  /// Remembers what was paid for, since this try ends before it is in the index.
  void keep(BatchAttempt attempt, Found found) {
    if (found.fresh().isEmpty())
      return;
    memory.remember(attempt.batch().model(), found.fresh());
    attempt.count(SyncCounts.NONE.withChunksEmbedded(found.fresh().size()));
  }

  /// Looks up the vectors that are needed, and those about to leave the index, which are
  /// remembered first.
  private void known(BatchAttempt attempt, BatchPlan plan, List<ChunkHeader> there, Found found)
      throws AttemptEnd {
    Set<String> needed = plan.neededHashes();
    Set<String> leaving = plan.leavingHashes(there);
    Set<String> asked = new HashSet<>(needed);
    asked.addAll(leaving);
    if (asked.isEmpty())
      return;
    CollectionName collection = attempt.batch().collection();
    EmbeddingModel model = attempt.batch().model();
    Map<String, Embedding> stored = new HashMap<>(recent.recall(model, asked));
    asked.removeAll(stored.keySet());
    if (!asked.isEmpty())
      stored.putAll(attempt.lookUp(() -> store.vectors(collection, model, asked)));
    Map<String, Embedding> toRemember = new HashMap<>();
    stored.forEach((hash, vector) -> {
      if (needed.contains(hash))
        found.vectors().put(hash, vector);
      if (leaving.contains(hash))
        toRemember.put(hash, vector);
    });
    needed.removeAll(stored.keySet());
    attempt.stages().timed(Stage.LOOKUP, () -> {
      if (!toRemember.isEmpty())
        memory.remember(model, toRemember);
      if (!needed.isEmpty())
        found.vectors().putAll(memory.recall(model, needed));
      return Unit.UNIT;
    });
  }

  private void embed(BatchAttempt attempt, BatchPlan plan, Found found) throws AttemptEnd {
    Map<String, String> missing = new LinkedHashMap<>();
    for (Wanted wanted : plan.toWrite())
      if (!found.vectors().containsKey(wanted.vectorHash()))
        missing.putIfAbsent(wanted.vectorHash(), wanted.chunk().embeddedText());
    List<Map.Entry<String, String>> texts = List.copyOf(missing.entrySet());
    int most = embedder.batchSize();
    for (int from = 0; from < texts.size(); from += most) {
      attempt.checkLease();
      List<Map.Entry<String, String>> slice = texts.subList(from,
          Math.min(texts.size(), from + most));
      Outcome<List<Embedded>> outcome = attempt.stages().timed(Stage.EMBED,
          () -> embedder.embed(slice.stream().map(Map.Entry::getValue).toList(),
              (i, result) -> found.add(slice.get(i).getKey(), result)));
      attempt.ok(Stage.EMBED, outcome);
    }
  }
}
