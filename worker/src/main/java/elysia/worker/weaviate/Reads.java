package elysia.worker.weaviate;

import elysia.core.embed.Embedding;
import elysia.core.identity.FilePath;
import elysia.core.identity.RepositoryName;
import elysia.core.outcome.Outcome;
import elysia.core.store.ChunkHeader;
import elysia.core.store.Counts;
import elysia.core.store.StoredChunk;
import elysia.worker.weaviate.Classes.StoreClass;
import elysia.worker.weaviate.ObjectQueries.Page;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/// Reading by what identifies chunks. The server trims what it filters by, so every answer is
/// compared again.
final class Reads {
  private static final int PATHS = 200;
  private static final int OBJECTS = 200;
  private static final int HASHES = 128;
  private static final int VECTORS = 256;
  private static final int WINDOW = 5_000;
  private static final int REPOSITORIES = 10_000;

  private final ObjectQueries queries;
  private final GraphQl graphQl;

  Reads(ObjectQueries queries, GraphQl graphQl) {
    this.queries = queries;
    this.graphQl = graphQl;
  }

  Outcome<List<ChunkHeader>> headers(StoreClass target, RepositoryName repo,
      Collection<FilePath> paths) {
    List<FilePath> all = List.copyOf(Set.copyOf(paths));
    List<ChunkHeader> headers = new ArrayList<>();
    for (int from = 0; from < all.size(); from += PATHS) {
      Outcome<Boolean> outcome = headers(target, repo,
          all.subList(from, Math.min(all.size(), from + PATHS)), headers);
      if (!(outcome instanceof Outcome.Ok))
        return outcome.map(_ -> List.of());
    }
    return Outcome.ok(headers);
  }

  private Outcome<Boolean> headers(StoreClass target, RepositoryName repo, List<FilePath> paths,
      List<ChunkHeader> into) {
    Where where = Where.and(Where.equal("repo", repo.value()),
        Where.anyOf("path", paths.stream().map(FilePath::value).toList()));
    return page(target, where, most()).flatMap(page -> {
      if (!page.full()) {
        collect(page, repo, new HashSet<>(paths), into);
        return Outcome.ok(true);
      }
      int half = paths.size() / 2;
      return half == 0
          ? windows(target, repo, paths.getFirst(), into)
          : headers(target, repo, paths.subList(0, half), into)
              .flatMap(_ -> headers(target, repo, paths.subList(half, paths.size()), into));
    });
  }

  /// A file of more chunks than one answer holds, by their numbers.
  private Outcome<Boolean> windows(StoreClass target, RepositoryName repo, FilePath path,
      List<ChunkHeader> into) {
    for (long from = 0;;) {
      int window = Math.min(WINDOW, most());
      Outcome<Page> page = page(target, Where.and(Where.equal("repo", repo.value()),
          Where.equal("path", path.value()), Where.number("GreaterThanEqual", "chunk", from),
          Where.number("LessThan", "chunk", from + window)), window);
      if (!(page instanceof Outcome.Ok<Page>(var found)))
        return page.map(_ -> false);
      if (found.asked() < window)
        continue; // the server gives less than was thought: a smaller window from here
      if (found.objects().isEmpty())
        return Outcome.ok(true);
      collect(found, repo, Set.of(path), into);
      from += window;
    }
  }

  private int most() {
    return graphQl.limit().most();
  }

  private Outcome<Page> page(StoreClass target, Where where, int limit) {
    return queries.objects(target, where, limit, StoredObject.HEADER, false);
  }

  private static void collect(Page page, RepositoryName repo, Set<FilePath> paths,
      List<ChunkHeader> into) {
    for (StoredObject object : page.objects()) {
      ChunkHeader header = object.header();
      if (object.isOf(repo) && paths.contains(header.path()))
        into.add(header);
    }
  }

  Outcome<List<StoredChunk>> chunks(StoreClass target, RepositoryName repo, FilePath path) {
    return headers(target, repo, List.of(path))
        .flatMap(headers -> byId(target, headers.stream().map(ChunkHeader::id).toList()))
        .map(chunks -> chunks.stream()
            .filter(chunk -> chunk.repo().equals(repo) && chunk.path().equals(path))
            .sorted(Comparator.comparingInt(StoredChunk::chunk)).toList());
  }

  /// Whole chunks with vectors; in no order, and only those that are there.
  Outcome<List<StoredChunk>> byId(StoreClass target, List<UUID> ids) {
    List<StoredChunk> chunks = new ArrayList<>();
    for (int from = 0; from < ids.size();) {
      List<UUID> some = ids.subList(from,
          Math.min(ids.size(), from + Math.min(OBJECTS, most())));
      Outcome<Page> page = queries.objects(target, Where.ids(some), some.size(),
          StoredObject.CHUNK, true);
      if (!(page instanceof Outcome.Ok<Page>(var found)))
        return page.map(_ -> List.of());
      if (found.asked() < some.size())
        continue; // the server gives less than was thought: fewer ids from here
      found.objects().forEach(object -> chunks.add(object.chunk()));
      from += some.size();
    }
    return Outcome.ok(chunks);
  }

  Outcome<Map<String, Embedding>> vectors(StoreClass target, Set<String> hashes) {
    List<String> all = List.copyOf(hashes);
    Map<String, Embedding> found = new HashMap<>();
    for (int from = 0; from < all.size(); from += HASHES) {
      Outcome<Boolean> outcome = vectors(target,
          new HashSet<>(all.subList(from, Math.min(all.size(), from + HASHES))), found);
      if (!(outcome instanceof Outcome.Ok))
        return outcome.map(_ -> Map.of());
    }
    return Outcome.ok(found);
  }

  /// Asks until every hash is found or the answer is not full: a text may stand in very many files.
  private Outcome<Boolean> vectors(StoreClass target, Set<String> missing,
      Map<String, Embedding> into) {
    while (!missing.isEmpty()) {
      Outcome<Page> page = queries.objects(target, Where.anyOf("vector_hash", missing), VECTORS,
          List.of("vector_hash"), true);
      if (!(page instanceof Outcome.Ok<Page>(var found)))
        return page.map(_ -> false);
      int before = missing.size();
      for (StoredObject object : found.objects()) {
        String hash = object.text("vector_hash");
        if (object.vector().isPresent() && missing.remove(hash))
          into.put(hash, object.vector().get());
      }
      if (!found.full() || missing.size() == before)
        break;
    }
    return Outcome.ok(true);
  }

  /// By the property's most frequent values, which the server reads from its index; grouping reads
  /// every object (89 against 1,009 ms for 40,000).
  Outcome<List<RepositoryName>> repositories(StoreClass target) {
    return graphQl
        .aggregate(target, "", "repo{topOccurrences(limit:" + REPOSITORIES + "){value}}")
        .map(answer -> {
          List<RepositoryName> repos = new ArrayList<>();
          answer.at("/0/repo/topOccurrences")
              .forEach(group -> repos.add(new RepositoryName(group.path("value").asText())));
          repos.sort(Comparator.naturalOrder());
          return repos;
        });
  }

  /// Every file has exactly one first chunk, so these are counted as files.
  Outcome<Counts> count(StoreClass target, Optional<RepositoryName> repo) {
    Where first = Where.number("Equal", "chunk", 0);
    Optional<Where> own = repo.map(name -> Where.equal("repo", name.value()));
    return graphQl.count(target, own.orElse(null)).flatMap(chunks -> graphQl
        .count(target, own.map(where -> Where.and(first, where)).orElse(first))
        .map(files -> new Counts(files, chunks)));
  }
}
