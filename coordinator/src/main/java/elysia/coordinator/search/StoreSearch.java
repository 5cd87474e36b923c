package elysia.coordinator.search;

import elysia.coordinator.view.ViewStore;
import elysia.core.embed.Embedder;
import elysia.core.embed.Embedder.Embedded;
import elysia.core.embed.Embedding;
import elysia.core.identity.CollectionName;
import elysia.core.outcome.Outcome;
import elysia.core.repository.RepositoryStatus;
import elysia.core.search.Search;
import elysia.core.search.SearchHit;
import elysia.core.search.SearchRequest;
import elysia.core.store.CollectionInfo;
import elysia.core.store.SearchMode;
import elysia.core.store.StoreHit;
import elysia.core.store.StoreQuery;
import elysia.core.store.VectorStore;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Searches the store, embedding the query with this node's embedder. Hits of several collections
/// are merged by score.
public final class StoreSearch implements Search {
  private static final Logger LOG = LoggerFactory.getLogger(StoreSearch.class);
  private static final int DEFAULT_LIMIT = 10;
  private static final int MAX_COLLECTIONS = 200;

  private final VectorStore store;
  private final Embedder embedder;
  private final ViewStore view;
  private final Executor blocking;

  /// @param blocking runs what blocks
  public StoreSearch(VectorStore store, Embedder embedder, ViewStore view, Executor blocking) {
    this.store = store;
    this.embedder = embedder;
    this.view = view;
    this.blocking = blocking;
  }

  @Override
  public CompletionStage<Outcome<List<SearchHit>>> search(SearchRequest request) {
    return CompletableFuture.supplyAsync(
        () -> collections(request).flatMap(collections -> search(request, collections)), blocking);
  }

  private Outcome<List<CollectionInfo>> collections(SearchRequest request) {
    if (request.collections().isEmpty()) {
      return store.collections().flatMap(all -> all.size() <= MAX_COLLECTIONS
          ? Outcome.ok(all)
          : Outcome.refused("invalid", "collections: " + all.size() + " exist (expected: at most "
              + MAX_COLLECTIONS + " in one search)", "name some with --collection"));
    }
    List<CollectionInfo> named = new ArrayList<>();
    for (CollectionName name : request.collections()) {
      Outcome<Optional<CollectionInfo>> found = store.collection(name);
      if (!(found instanceof Outcome.Ok<Optional<CollectionInfo>>(var info)))
        return found.map(_ -> List.of());
      if (info.isEmpty())
        return Outcome.refused("collection_not_found", "no collection " + name, "see `col list`");
      named.add(info.get());
    }
    return Outcome.ok(named);
  }

  private Outcome<List<SearchHit>> search(SearchRequest request, List<CollectionInfo> collections) {
    SearchMode mode = request.mode().orElse(SearchMode.HYBRID);
    int limit = request.limit().orElse(DEFAULT_LIMIT);
    Optional<Embedding> vector = Optional.empty();
    if (mode != SearchMode.KEYWORD && collections.stream().anyMatch(c -> !c.model().inStore())) {
      Outcome<Embedding> embedded = embed(request.query());
      if (!(embedded instanceof Outcome.Ok<Embedding>(var query)))
        return embedded.map(_ -> List.of());
      vector = Optional.of(query);
    }
    List<Found> hits = new ArrayList<>();
    for (CollectionInfo collection : collections) {
      Optional<Embedding> query = collection.model().inStore() ? Optional.empty() : vector;
      if (query.isPresent() && !collection.model().sameVectors(embedder.model())) {
        if (!request.collections().isEmpty())
          return Outcome.refused("model_mismatch",
              "collection " + collection.name() + " has vectors of " + collection.model()
                  + ", this node embeds with " + embedder.model(),
              "search it with --mode keyword, or on a node with its model");
        continue;
      }
      Outcome<List<StoreHit>> found = store
          .search(new StoreQuery(collection.name(), request.query(), query, mode, request.repos(),
              request.path(), request.language(), limit));
      if (!(found instanceof Outcome.Ok<List<StoreHit>>(var some)))
        return found.map(_ -> List.of());
      for (StoreHit hit : some)
        hits.add(new Found(collection.name(), hit));
    }
    hits.sort(Comparator.comparingDouble((Found f) -> f.hit().score()).reversed());
    return Outcome.ok(named(hits.subList(0, Math.min(limit, hits.size()))));
  }

  private record Found(CollectionName collection, StoreHit hit) {}

  private Outcome<Embedding> embed(String query) {
    return embedder.embed(List.of(query)).flatMap(results -> switch (results.getFirst()) {
      case Embedded.Vector(var embedding) -> Outcome.ok(embedding);
      case Embedded.Rejected(var reason) -> Outcome.refused("invalid",
          "query: it cannot be embedded: " + reason, "make it shorter, or use --mode keyword");
    });
  }

  private List<SearchHit> named(List<Found> hits) {
    Map<String, Optional<String>> commits = new HashMap<>();
    List<SearchHit> named = new ArrayList<>();
    for (Found found : hits) {
      var chunk = found.hit().chunk();
      Optional<String> indexed = commits.computeIfAbsent(chunk.repo().value(),
          repo -> indexedCommit(repo, found.collection()));
      named.add(new SearchHit(found.hit().score(), found.collection().value(), chunk.repo().value(),
          chunk.path().value(), chunk.startLine(), chunk.endLine(), chunk.language(),
          chunk.content(), chunk.commit(), indexed));
    }
    return named;
  }

  /// A search does not fail because the read side does not answer: the commit is then left out.
  private Optional<String> indexedCommit(String repo, CollectionName collection) {
    try {
      return view.one(repo).filter(status -> status.collection().equals(collection.value()))
          .flatMap(RepositoryStatus::syncedCommit);
    } catch (SQLException e) {
      LOG.warn("the read side does not answer: {}", e.toString());
      return Optional.empty();
    }
  }
}
