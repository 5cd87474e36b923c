package elysia.worker.weaviate;

import com.fasterxml.jackson.databind.JsonNode;
import elysia.core.glob.Glob;
import elysia.core.identity.Printable;
import elysia.core.identity.RepositoryName;
import elysia.core.outcome.Outcome;
import elysia.core.store.SearchMode;
import elysia.core.store.StoreHit;
import elysia.core.store.StoreQuery;
import elysia.core.store.StoredChunk;
import elysia.worker.weaviate.Classes.StoreClass;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.PatternSyntaxException;

/// Search by vector, by words, or by both: then the two rankings are fetched in one request and
/// fused here by reciprocal rank (Cormack, Clarke and Büttcher, SIGIR 2009).
final class Searches {
  private static final int RRF_K = 60;
  private static final int FUSION_DEPTH = 100;
  private static final int OVERFETCH = 4;

  private final GraphQl graphQl;

  Searches(GraphQl graphQl) {
    this.graphQl = graphQl;
  }

  Outcome<List<StoreHit>> search(StoreClass target, StoreQuery query) {
    Optional<GlobFilter> glob;
    try {
      glob = query.pathGlob().map(Glob::parse).map(GlobFilter::of);
    } catch (PatternSyntaxException e) {
      return Outcome.refused("invalid_glob",
          "path: " + Printable.of(query.pathGlob().orElse("")) + ": " + e.getDescription());
    }
    return rankings(target, query).flatMap(rankings -> {
      if (rankings.isEmpty())
        return Outcome.ok(List.of());
      int wanted = rankings.size() == 1 ? query.limit() : Math.max(query.limit(), FUSION_DEPTH);
      return search(new Asked(target, query, glob, rankings, wanted));
    });
  }

  private record Asked(StoreClass target, StoreQuery query, Optional<GlobFilter> glob,
      List<String> rankings, int wanted) {
    String graphQl(int fetch) {
      StringBuilder text = new StringBuilder("{Get{");
      for (int i = 0; i < rankings.size(); i++)
        text.append("r").append(i).append(':').append(target.name()).append('(')
            .append(rankings.get(i)).append(',').append(GraphQl.where(filters())).append("limit:")
            .append(fetch).append("){").append(String.join(" ", StoredObject.CHUNK))
            .append(" _additional{id distance score}}");
      return text.append("}}").toString();
    }

    private List<Where> filters() {
      List<Where> filters = new ArrayList<>();
      if (!query.repos().isEmpty())
        filters.add(Where.anyOf("repo",
            query.repos().stream().map(RepositoryName::value).toList()));
      query.language().ifPresent(language -> filters.add(Where.equal("language", language)));
      glob.flatMap(GlobFilter::where).ifPresent(filters::add);
      return filters;
    }

    boolean accepts(StoredChunk chunk) {
      return (query.repos().isEmpty() || query.repos().contains(chunk.repo()))
          && query.language().map(chunk.language()::equals).orElse(true)
          && glob.map(g -> g.matches(chunk.path())).orElse(true);
    }
  }

  /// @param most hits of each ranking at most
  private record Answer(JsonNode data, int most) {}

  /// What the server is asked for, one per ranking; none when nothing can match.
  private static Outcome<List<String>> rankings(StoreClass target, StoreQuery query) {
    List<String> rankings = new ArrayList<>();
    if (query.mode() != SearchMode.KEYWORD) {
      if (query.vector().isPresent())
        rankings.add("nearVector:{vector:" + GraphQl.near(query.vector().get()) + "}");
      else if (target.info().model().inStore())
        rankings.add("nearText:{concepts:[" + Where.text(query.text()) + "]}");
      else
        return Outcome.refused("vector_missing",
            "vector: absent (expected: the query's, by " + target.info().model() + ")");
    }
    if (query.mode() != SearchMode.VECTOR) {
      var words = new LinkedHashSet<>(List.of(ChunkJson.terms(query.text()).split(" ")));
      words.remove("");
      if (!words.isEmpty())
        rankings.add("bm25:{query:" + Where.text(String.join(" ", words))
            + ",properties:[\"terms\"]}");
    }
    return Outcome.ok(rankings);
  }

  /// Asks for more as long as what the server lets through is thinned out by the exact filters.
  private Outcome<List<StoreHit>> search(Asked asked) {
    int fetch = asked.glob().isPresent() ? asked.wanted() * OVERFETCH : asked.wanted();
    while (true) {
      Outcome<Answer> answer = graphQl.limit().within(fetch, most -> graphQl
          .data(asked.target(), asked.graphQl(most)).map(data -> new Answer(data, most)));
      if (!(answer instanceof Outcome.Ok<Answer>(Answer(var data, var most))))
        return answer.map(_ -> List.of());
      boolean enough = true;
      List<List<StoreHit>> rankings = new ArrayList<>();
      for (int i = 0; i < asked.rankings().size(); i++) {
        JsonNode objects = data.path("Get").path("r" + i);
        List<StoreHit> hits = hits(asked, objects);
        enough &= hits.size() >= asked.wanted() || objects.size() < most;
        rankings.add(hits);
      }
      if (enough || most >= graphQl.limit().most())
        return Outcome.ok((rankings.size() == 1 ? rankings.getFirst() : fused(rankings)).stream()
            .limit(asked.query().limit()).toList());
      fetch = most * OVERFETCH;
    }
  }

  private static List<StoreHit> hits(Asked asked, JsonNode objects) {
    List<StoreHit> hits = new ArrayList<>();
    for (JsonNode object : objects) {
      StoredChunk chunk = StoredObject.of(object).chunk();
      if (asked.accepts(chunk))
        hits.add(new StoreHit(score(object.path("_additional")), chunk));
    }
    hits.sort(Comparator.comparingDouble(StoreHit::score).reversed());
    return hits;
  }

  /// The cosine, or the BM25 score, which the server gives as text.
  private static double score(JsonNode additional) {
    return additional.path("distance").isNumber()
        ? 1 - additional.path("distance").asDouble()
        : additional.path("score").asDouble();
  }

  private static List<StoreHit> fused(List<List<StoreHit>> rankings) {
    Map<UUID, StoredChunk> chunks = new HashMap<>();
    Map<UUID, Double> scores = new HashMap<>();
    for (List<StoreHit> ranking : rankings)
      for (int i = 0; i < ranking.size(); i++) {
        StoredChunk chunk = ranking.get(i).chunk();
        chunks.put(chunk.id(), chunk);
        scores.merge(chunk.id(), 1.0 / (RRF_K + 1 + i), Double::sum);
      }
    return chunks.values().stream()
        .map(chunk -> new StoreHit(scores.getOrDefault(chunk.id(), 0.0), chunk))
        .sorted(Comparator.comparingDouble(StoreHit::score).reversed()
            .thenComparing(hit -> hit.chunk().id()))
        .toList();
  }
}
