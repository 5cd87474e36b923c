package elysia.worker.weaviate;

import com.fasterxml.jackson.databind.JsonNode;
import elysia.core.embed.Embedding;
import elysia.core.identity.RepositoryName;
import elysia.core.outcome.Outcome;
import elysia.core.outcome.Unit;
import elysia.core.store.StoredChunk;
import elysia.worker.weaviate.Classes.StoreClass;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/// Checks that stored chunks are found by their own vectors.
///
/// A flat index is asked for just the chunk: it answers from the index alone. A graph is searched as
/// a user would, because a filter would make the server go around the graph; with ever more hits, as
/// long as all are equally near (copies of a text have equal vectors).
final class SearchabilityCheck {
  private static final int IDS = 128;
  private static final int SEARCHES = 16;
  private static final int FIRST = 24;
  private static final double EQUAL = 1e-4;

  private final GraphQl graphQl;
  private final Reads reads;

  SearchabilityCheck(GraphQl graphQl, Reads reads) {
    this.graphQl = graphQl;
    this.reads = reads;
  }

  Outcome<Set<UUID>> unsearchable(StoreClass target, RepositoryName repo, Collection<UUID> ids) {
    List<UUID> all = List.copyOf(Set.copyOf(ids));
    Set<UUID> lost = new HashSet<>();
    for (int from = 0; from < all.size(); from += IDS) {
      Outcome<Boolean> outcome = reads
          .byId(target, all.subList(from, Math.min(all.size(), from + IDS)))
          .flatMap(chunks -> check(target,
              chunks.stream().filter(chunk -> chunk.repo().equals(repo)).toList(), lost));
      if (!(outcome instanceof Outcome.Ok))
        return outcome.map(_ -> Set.of());
    }
    return Outcome.ok(lost);
  }

  private Outcome<Boolean> check(StoreClass target, List<StoredChunk> chunks, Set<UUID> lost) {
    Map<UUID, Embedding> open = chunks.stream().filter(chunk -> chunk.vector().isPresent())
        .collect(Collectors.toMap(StoredChunk::id, chunk -> chunk.vector().orElseThrow()));
    chunks.stream().filter(chunk -> chunk.vector().isEmpty())
        .forEach(chunk -> lost.add(chunk.id()));
    int hits = target.flat() ? 1 : FIRST;
    while (!open.isEmpty()) {
      Outcome<Map<UUID, Verdict>> verdicts = verdicts(target, open, hits);
      if (!(verdicts instanceof Outcome.Ok<Map<UUID, Verdict>>(var known)))
        return verdicts.map(_ -> false);
      boolean last = target.flat() || hits >= graphQl.limit().most();
      known.forEach((id, verdict) -> {
        if (verdict == Verdict.LOST)
          lost.add(id);
        if (verdict != Verdict.UNDECIDED || last)
          open.remove(id);
      });
      hits = Math.min(graphQl.limit().most(), hits * 16);
    }
    return Outcome.ok(true);
  }

  private enum Verdict {
    FOUND, LOST, UNDECIDED
  }

  private Outcome<Map<UUID, Verdict>> verdicts(StoreClass target, Map<UUID, Embedding> open,
      int hits) {
    List<Map.Entry<UUID, Embedding>> all = new ArrayList<>(open.entrySet());
    Map<UUID, Verdict> verdicts = new HashMap<>();
    for (int from = 0; from < all.size(); from += SEARCHES) {
      var some = all.subList(from, Math.min(all.size(), from + SEARCHES));
      Outcome<Unit> outcome = graphQl.limit().within(hits,
          asked -> graphQl.data(target, query(target, some, asked)).map(data -> {
            for (int i = 0; i < some.size(); i++) {
              UUID id = some.get(i).getKey();
              verdicts.put(id, verdict(data.path("Get").path("s" + i), id, asked, target.flat()));
            }
            return Unit.UNIT;
          }));
      if (!(outcome instanceof Outcome.Ok))
        return outcome.map(_ -> Map.of());
    }
    return Outcome.ok(verdicts);
  }

  private static String query(StoreClass target, List<Map.Entry<UUID, Embedding>> chunks,
      int hits) {
    StringBuilder query = new StringBuilder("{Get{");
    for (int i = 0; i < chunks.size(); i++) {
      var chunk = chunks.get(i);
      Optional<Where> own = target.flat()
          ? Optional.of(Where.ids(List.of(chunk.getKey())))
          : Optional.empty();
      query.append("s").append(i).append(':').append(target.name()).append("(nearVector:{vector:")
          .append(GraphQl.near(chunk.getValue())).append("},").append(GraphQl.where(own))
          .append("limit:").append(hits).append("){_additional{id distance}}");
    }
    return query.append("}}").toString();
  }

  private static Verdict verdict(JsonNode hits, UUID id, int asked, boolean exact) {
    double farthest = 0;
    for (JsonNode hit : hits) {
      if (StoredObject.id(hit).equals(id))
        return Verdict.FOUND;
      farthest = Math.max(farthest, hit.at("/_additional/distance").asDouble());
    }
    boolean seenAll = hits.size() < asked || farthest > EQUAL;
    boolean widerMayHelp = asked == FIRST && hits.size() == asked; // a graph's answer is not exact
    return exact || (seenAll && !widerMayHelp) ? Verdict.LOST : Verdict.UNDECIDED;
  }
}
