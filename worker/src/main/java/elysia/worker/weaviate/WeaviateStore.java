package elysia.worker.weaviate;

import elysia.core.embed.Embedding;
import elysia.core.embed.EmbeddingModel;
import elysia.core.identity.CollectionName;
import elysia.core.identity.FilePath;
import elysia.core.identity.RepositoryName;
import elysia.core.outcome.Outcome;
import elysia.core.outcome.Unit;
import elysia.core.rate.RateBudget;
import elysia.core.store.ChunkHeader;
import elysia.core.store.CollectionInfo;
import elysia.core.store.Counts;
import elysia.core.store.StoreHealth;
import elysia.core.store.StoreHit;
import elysia.core.store.StoreQuery;
import elysia.core.store.StoredChunk;
import elysia.core.store.VectorStore;
import elysia.core.store.WriteMode;
import elysia.core.store.WriteReport;
import elysia.worker.weaviate.Classes.StoreClass;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/// Chunks in Weaviate: one class per collection, over REST and GraphQL; batches, and what is read
/// by its identity, over gRPC where its address is known.
///
/// What a call means is told by [VectorStore]; what is special about the server, and what each error
/// looks like, by docs/weaviate.md.
public final class WeaviateStore implements VectorStore {
  private final WeaviateHttp http;
  private final Classes classes;
  private final Deletes deletes;
  private final Optional<GrpcConnection> grpc;
  private final BatchApi batches;
  private final Writes writes;
  private final Reads reads;
  private final Listing listing;
  private final SearchabilityCheck searchability;
  private final Searches searches;

  /// Opens no connection: a server that is down is met by the first call.
  ///
  /// @param budget of the server, shared with all who call it. Only reads of workers and verifies
  ///          wait for it: people wait for searches and what concerns classes, and a write that
  ///          waits under a lease would come late
  /// @param random thread-safe; spreads the waits between tries
  public WeaviateStore(WeaviateSettings settings, RateBudget budget, InstantSource clock,
      RandomGenerator random) {
    http = new WeaviateHttp(settings,
        new Calls("Weaviate at " + settings.url(), settings, budget, clock, random), clock);
    WeaviateHttp atOnce = http.atOnce();
    classes = new Classes(atOnce, settings, clock);
    AnswerLimit limit = new AnswerLimit();
    GraphQl graphQl = new GraphQl(http, classes, limit);
    deletes = new Deletes(atOnce, classes);
    grpc = settings.grpc().map(url -> new GrpcConnection(settings, url));
    if (grpc.isPresent()) {
      Calls calls = new Calls("Weaviate's gRPC at " + settings.grpc().orElseThrow()
          .getRawAuthority() + " (WEAVIATE_GRPC_URL)", settings, budget, clock, random);
      batches = new GrpcBatches(grpc.get(), calls.atOnce());
      reads = new Reads(new GrpcQueries(grpc.get(), calls, classes, graphQl), graphQl);
    } else {
      batches = new RestBatches(atOnce);
      reads = new Reads(graphQl, graphQl);
    }
    writes = new Writes(batches,
        new BatchWriter(batches, atOnce.calls(), classes, deletes, settings.tries()), settings);
    listing = new Listing(graphQl);
    searchability = new SearchabilityCheck(graphQl, reads);
    searches = new Searches(new GraphQl(atOnce, classes, limit));
  }

  @Override
  public Outcome<CollectionInfo> create(CollectionName name, EmbeddingModel model) {
    return classes.create(name, model);
  }

  @Override
  public Outcome<Optional<CollectionInfo>> collection(CollectionName name) {
    classes.forget(name);
    return classes.find(name).map(found -> found.map(StoreClass::info));
  }

  @Override
  public Outcome<List<CollectionInfo>> collections() {
    return classes.all();
  }

  @Override
  public Outcome<Set<CollectionName>> sameAs(CollectionName name, Set<CollectionName> others) {
    return classes.sameAs(name, others);
  }

  @Override
  public Outcome<Boolean> drop(CollectionName name) {
    return classes.drop(name);
  }

  @Override
  public Outcome<Unit> awaitPermit() {
    return http.calls().awaitPermit();
  }

  @Override
  public Outcome<WriteReport> write(CollectionName collection, List<StoredChunk> chunks,
      WriteMode mode) {
    return classes.required(collection).flatMap(target -> writes.write(target, chunks, mode));
  }

  @Override
  public Outcome<Unit> remove(CollectionName collection, Collection<UUID> ids) {
    return classes.required(collection).flatMap(target -> deletes.ids(target, ids));
  }

  @Override
  public Outcome<Unit> writable(CollectionName collection) {
    return VectorStore.super.writable(collection).flatMap(_ -> batches.ready());
  }

  @Override
  public Outcome<Unit> removeRepository(CollectionName collection, RepositoryName repo) {
    Outcome<Unit> outcome = classes.find(collection)
        .flatMap(found -> found.map(target -> removeAll(target, repo)).orElseGet(Unit::ok));
    return outcome instanceof Outcome.Refused<Unit>(var problem)
        && problem.code().equals("collection_not_found") ? Unit.ok() : outcome;
  }

  /// The server trims what it filters by: a name with blanks around it is removed chunk by chunk,
  /// so that its namesake stays.
  private Outcome<Unit> removeAll(StoreClass target, RepositoryName repo) {
    if (repo.value().strip().equals(repo.value()))
      return deletes.matching(target, Where.equal("repo", repo.value()));
    List<UUID> ids = new ArrayList<>();
    return listing.list(target, repo, header -> ids.add(header.id()))
        .flatMap(_ -> deletes.ids(target, ids));
  }

  @Override
  public Outcome<Map<String, Embedding>> vectors(CollectionName collection, EmbeddingModel model,
      Set<String> vectorHashes) {
    return classes.required(collection)
        .flatMap(target -> target.info().model().sameVectors(model)
            ? reads.vectors(target, vectorHashes)
            : Outcome.ok(Map.of()));
  }

  @Override
  public Outcome<List<ChunkHeader>> headers(CollectionName collection, RepositoryName repo,
      Collection<FilePath> paths) {
    return classes.required(collection).flatMap(target -> reads.headers(target, repo, paths));
  }

  @Override
  public Outcome<List<StoredChunk>> chunks(CollectionName collection, RepositoryName repo,
      FilePath path) {
    return classes.required(collection).flatMap(target -> reads.chunks(target, repo, path));
  }

  @Override
  public Outcome<Unit> list(CollectionName collection, RepositoryName repo,
      Consumer<ChunkHeader> visitor) {
    return classes.required(collection).flatMap(target -> listing.list(target, repo, visitor));
  }

  @Override
  public Outcome<Set<UUID>> unsearchable(CollectionName collection, RepositoryName repo,
      Collection<UUID> ids) {
    return classes.required(collection)
        .flatMap(target -> searchability.unsearchable(target, repo, ids));
  }

  @Override
  public Outcome<List<RepositoryName>> repositories(CollectionName collection) {
    return classes.required(collection).flatMap(reads::repositories);
  }

  @Override
  public Outcome<Counts> count(CollectionName collection, Optional<RepositoryName> repo) {
    return classes.required(collection).flatMap(target -> reads.count(target, repo));
  }

  @Override
  public Outcome<List<StoreHit>> search(StoreQuery query) {
    return classes.required(query.collection())
        .flatMap(target -> searches.search(target, query));
  }

  @Override
  public StoreHealth health() {
    StoreHealth rest = http.calls().health();
    return rest.ok() ? batches.health() : rest;
  }

  @Override
  public boolean shared() {
    return true;
  }

  @Override
  public void close() {
    grpc.ifPresent(GrpcConnection::close);
    http.close();
  }
}
