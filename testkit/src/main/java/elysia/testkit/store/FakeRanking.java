package elysia.testkit.store;

import elysia.core.embed.Embedding;
import elysia.core.glob.Glob;
import elysia.core.outcome.Outcome;
import elysia.core.store.Keywords;
import elysia.core.store.StoreHit;
import elysia.core.store.StoreQuery;
import elysia.core.store.StoredChunk;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.regex.PatternSyntaxException;

/// Search by looking at every chunk.
final class FakeRanking {
  private static final int RRF_K = 60;

  private FakeRanking() {}

  static Outcome<List<StoreHit>> search(List<StoredChunk> all, StoreQuery query,
      Predicate<StoredChunk> hidden) {
    Predicate<StoredChunk> wanted;
    try {
      wanted = filter(query);
    } catch (PatternSyntaxException e) {
      return Outcome.refused("invalid_glob", "path: " + e.getMessage());
    }
    List<StoredChunk> chunks = all.stream().filter(wanted).toList();
    List<StoreHit> hits = switch (query.mode()) {
      case VECTOR -> byVector(chunks, query, hidden);
      case KEYWORD -> byKeyword(chunks, query);
      case HYBRID -> fused(List.of(byVector(chunks, query, hidden), byKeyword(chunks, query)));
    };
    return Outcome.ok(hits.stream().limit(query.limit()).toList());
  }

  private static Predicate<StoredChunk> filter(StoreQuery query) {
    Predicate<StoredChunk> path = _ -> true;
    if (query.pathGlob().isPresent()) {
      Glob glob = Glob.parse(query.pathGlob().get());
      path = chunk -> glob.matches(chunk.path());
    }
    return path
        .and(chunk -> query.repos().isEmpty() || query.repos().contains(chunk.repo()))
        .and(chunk -> query.language().isEmpty()
            || query.language().get().equals(chunk.language()));
  }

  private static List<StoreHit> byVector(List<StoredChunk> chunks, StoreQuery query,
      Predicate<StoredChunk> hidden) {
    Embedding wanted = query.vector().orElseThrow();
    return ranked(chunks.stream().filter(hidden.negate()).toList(),
        chunk -> 1 + cosine(wanted, chunk.vector().orElseThrow()));
  }

  /// BM25 as Robertson and Zaragoza, "The Probabilistic Relevance Framework", 2009, has it.
  private static List<StoreHit> byKeyword(List<StoredChunk> chunks, StoreQuery query) {
    Map<UUID, List<String>> words = new HashMap<>();
    for (StoredChunk chunk : chunks)
      words.put(chunk.id(), Keywords.of(chunk.content() + " " + chunk.path()));
    double mean = words.values().stream().mapToInt(List::size).average().orElse(1);
    List<String> wanted = Keywords.of(query.text()).stream().distinct().toList();
    Map<String, Double> weights = new HashMap<>();
    for (String word : wanted) {
      long holding = words.values().stream().filter(list -> list.contains(word)).count();
      weights.put(word, Math.log(1 + (chunks.size() - holding + 0.5) / (holding + 0.5)));
    }
    return ranked(chunks, chunk -> {
      List<String> own = words.getOrDefault(chunk.id(), List.of());
      double score = 0;
      for (String word : wanted) {
        int times = Collections.frequency(own, word);
        score += weights.getOrDefault(word, 0.0) * times
            / (times + 1.2 * (0.25 + 0.75 * own.size() / mean));
      }
      return score;
    });
  }

  private static List<StoreHit> fused(List<List<StoreHit>> rankings) {
    Map<StoredChunk, Double> scores = new HashMap<>();
    for (List<StoreHit> ranking : rankings)
      for (int i = 0; i < ranking.size(); i++)
        scores.merge(ranking.get(i).chunk(), 1.0 / (RRF_K + 1 + i), Double::sum);
    return ranked(List.copyOf(scores.keySet()), chunk -> scores.getOrDefault(chunk, 0.0));
  }

  private static List<StoreHit> ranked(List<StoredChunk> chunks,
      ToDoubleFunction<StoredChunk> score) {
    return chunks.stream()
        .map(chunk -> new StoreHit(score.applyAsDouble(chunk), TestChunks.withoutVector(chunk)))
        .filter(hit -> hit.score() > 0)
        .sorted(Comparator.comparingDouble(StoreHit::score).reversed()
            .thenComparing(hit -> hit.chunk().id()))
        .toList();
  }

  private static double cosine(Embedding a, Embedding b) {
    return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
  }

  static double dot(Embedding a, Embedding b) {
    double sum = 0;
    for (int i = 0; i < a.dimension(); i++)
      sum += (double) a.at(i) * b.at(i);
    return sum;
  }
}
