package elysia.testkit.store;

import elysia.core.embed.Embedding;
import elysia.core.embed.EmbeddingModel;
import elysia.core.identity.CollectionName;
import elysia.core.identity.FilePath;
import elysia.core.identity.RepositoryName;
import elysia.core.outcome.Outcome;
import elysia.core.outcome.Unit;
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
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A store in memory that can be told to fail.
public final class FakeVectorStore implements VectorStore {
  /// The calls of [VectorStore] that may fail.
  public enum Call {
    CREATE, COLLECTION, COLLECTIONS, DROP, TURN, WRITE, REMOVE, REMOVE_REPOSITORY, VECTORS, HEADERS, CHUNKS, LIST, UNSEARCHABLE, REPOSITORIES, COUNT, SEARCH
  }

  /// How a call fails: it answers `Busy` with this reason.
  ///
  /// @param done whether the call had its effect all the same, as when only its answer was lost
  public record Fault(String reason, boolean done) {}

  private record Shelf(EmbeddingModel model, Map<UUID, StoredChunk> chunks) {}

  private final Map<CollectionName, Shelf> shelves = new TreeMap<>();
  private final Map<CollectionName, CollectionName> aliases = new HashMap<>();
  private Function<Call, Optional<Fault>> faults = _ -> Optional.empty();
  private Function<StoredChunk, Optional<String>> rejections = _ -> Optional.empty();
  private Predicate<StoredChunk> hidden = _ -> false;
  private boolean shared = false;
  private StoreHealth health = new StoreHealth(true, "in memory");

  /// Asked once for every call from now on.
  public synchronized FakeVectorStore failing(Function<Call, Optional<Fault>> faults) {
    this.faults = faults;
    return this;
  }

  /// Chunks for which this gives a reason are rejected.
  public synchronized FakeVectorStore rejecting(
      Function<StoredChunk, Optional<String>> rejections) {
    this.rejections = rejections;
    return this;
  }

  /// Chunks that are stored, but that no vector search finds.
  public synchronized FakeVectorStore hiding(Predicate<StoredChunk> hidden) {
    this.hidden = hidden;
    return this;
  }

  /// From now on both names stand for the same collection in what [#sameAs] answers.
  public synchronized FakeVectorStore alias(CollectionName alias, CollectionName of) {
    aliases.put(alias, of);
    return this;
  }

  @Override
  public synchronized Outcome<Set<CollectionName>> sameAs(CollectionName name,
      Set<CollectionName> others) {
    return call(Call.COLLECTION,
        () -> Outcome.ok(others.stream().filter(other -> aliases.getOrDefault(other, other)
            .equals(aliases.getOrDefault(name, name))).collect(Collectors.toSet())));
  }

  /// What [#shared()] answers.
  public synchronized FakeVectorStore shared(boolean shared) {
    this.shared = shared;
    return this;
  }

  /// All that a collection holds, in order of path and chunk.
  public synchronized List<StoredChunk> content(CollectionName collection) {
    Shelf shelf = shelves.get(collection);
    return shelf == null
        ? List.of()
        : shelf.chunks.values().stream()
            .sorted(Comparator.comparing(StoredChunk::repo).thenComparing(StoredChunk::path)
                .thenComparingInt(StoredChunk::chunk))
            .toList();
  }

  private <T> Outcome<T> call(Call call, Supplier<Outcome<T>> action) {
    Optional<Fault> fault = faults.apply(call);
    health = fault.map(f -> new StoreHealth(false, f.reason()))
        .orElse(new StoreHealth(true, "in memory"));
    if (fault.isEmpty())
      return action.get();
    Outcome<T> lost = new Outcome.Busy<>("store_unavailable", fault.get().reason());
    return fault.get().done() ? action.get().flatMap(_ -> lost) : lost;
  }

  private <T> Outcome<T> call(Call call, CollectionName name, Function<Shelf, T> action) {
    return call(call, () -> {
      Shelf shelf = shelves.get(name);
      return shelf == null
          ? Outcome.refused("collection_not_found", "collection: " + name + " (expected: existing)")
          : Outcome.ok(action.apply(shelf));
    });
  }

  @Override
  public synchronized Outcome<CollectionInfo> create(CollectionName name, EmbeddingModel model) {
    return call(Call.CREATE, () -> {
      Shelf shelf = shelves.computeIfAbsent(name, _ -> new Shelf(model, new LinkedHashMap<>()));
      return shelf.model.sameVectors(model)
          ? Outcome.ok(new CollectionInfo(name, shelf.model))
          : Outcome.refused("model_mismatch",
              "model: " + model + " (expected: " + shelf.model + ")");
    });
  }

  @Override
  public synchronized Outcome<Optional<CollectionInfo>> collection(CollectionName name) {
    return call(Call.COLLECTION, () -> Outcome.ok(Optional.ofNullable(shelves.get(name))
        .map(shelf -> new CollectionInfo(name, shelf.model))));
  }

  @Override
  public synchronized Outcome<List<CollectionInfo>> collections() {
    return call(Call.COLLECTIONS, () -> Outcome.ok(shelves.entrySet().stream()
        .map(entry -> new CollectionInfo(entry.getKey(), entry.getValue().model)).toList()));
  }

  @Override
  public synchronized Outcome<Unit> awaitPermit() {
    return call(Call.TURN, Unit::ok);
  }

  @Override
  public synchronized Outcome<Boolean> drop(CollectionName name) {
    return call(Call.DROP, () -> Outcome.ok(shelves.remove(name) != null));
  }

  @Override
  public synchronized Outcome<WriteReport> write(CollectionName collection,
      List<StoredChunk> chunks, WriteMode mode) {
    return call(Call.WRITE, collection, shelf -> {
      Map<UUID, String> rejected = new HashMap<>();
      for (StoredChunk chunk : chunks)
        rejection(shelf, chunk).ifPresentOrElse(reason -> rejected.put(chunk.id(), reason),
            () -> shelf.chunks.put(chunk.id(), chunk));
      return new WriteReport(rejected);
    });
  }

  private Optional<String> rejection(Shelf shelf, StoredChunk chunk) {
    if (shelf.model.inStore())
      return rejections.apply(chunk);
    if (chunk.vector().isEmpty())
      return Optional.of("vector: absent");
    Embedding vector = chunk.vector().get();
    if (vector.dimension() != shelf.model.dimension())
      return Optional.of("vector: " + vector.dimension() + " (expected: " + shelf.model + ")");
    double length = FakeRanking.dot(vector, vector);
    if (length == 0 || !Double.isFinite(length))
      return Optional.of("vector: zero or not finite");
    return rejections.apply(chunk);
  }

  @Override
  public synchronized Outcome<Unit> remove(CollectionName collection, Collection<UUID> ids) {
    return call(Call.REMOVE, collection, shelf -> {
      ids.forEach(shelf.chunks::remove);
      return Unit.UNIT;
    });
  }

  @Override
  public synchronized Outcome<Unit> removeRepository(CollectionName collection,
      RepositoryName repo) {
    return call(Call.REMOVE_REPOSITORY, () -> {
      Shelf shelf = shelves.get(collection);
      if (shelf != null)
        shelf.chunks.values().removeIf(chunk -> chunk.repo().equals(repo));
      return Unit.ok();
    });
  }

  @Override
  public synchronized Outcome<Map<String, Embedding>> vectors(CollectionName collection,
      EmbeddingModel model, Set<String> vectorHashes) {
    return call(Call.VECTORS, collection, _ -> {
      Map<String, Embedding> found = new HashMap<>();
      shelves.values().stream().filter(shelf -> shelf.model.sameVectors(model))
          .flatMap(shelf -> shelf.chunks.values().stream())
          .filter(chunk -> vectorHashes.contains(chunk.vectorHash()))
          .forEach(chunk -> chunk.vector()
              .ifPresent(vector -> found.put(chunk.vectorHash(), vector)));
      return found;
    });
  }

  private static Stream<StoredChunk> of(Shelf shelf, RepositoryName repo) {
    return shelf.chunks.values().stream().filter(chunk -> chunk.repo().equals(repo));
  }

  @Override
  public synchronized Outcome<List<ChunkHeader>> headers(CollectionName collection,
      RepositoryName repo, Collection<FilePath> paths) {
    Set<FilePath> wanted = new HashSet<>(paths);
    return call(Call.HEADERS, collection, shelf -> of(shelf, repo)
        .filter(chunk -> wanted.contains(chunk.path())).map(StoredChunk::header).toList());
  }

  @Override
  public synchronized Outcome<List<StoredChunk>> chunks(CollectionName collection,
      RepositoryName repo, FilePath path) {
    return call(Call.CHUNKS, collection, shelf -> of(shelf, repo)
        .filter(chunk -> chunk.path().equals(path))
        .sorted(Comparator.comparingInt(StoredChunk::chunk)).toList());
  }

  @Override
  public Outcome<Unit> list(CollectionName collection, RepositoryName repo,
      Consumer<ChunkHeader> visitor) {
    Outcome<List<ChunkHeader>> all;
    synchronized (this) {
      all = call(Call.LIST, collection,
          shelf -> of(shelf, repo).map(StoredChunk::header).toList());
    }
    return all.map(headers -> {
      headers.forEach(visitor);
      return Unit.UNIT;
    });
  }

  @Override
  public synchronized Outcome<Set<UUID>> unsearchable(CollectionName collection,
      RepositoryName repo, Collection<UUID> ids) {
    return call(Call.UNSEARCHABLE, collection, shelf -> {
      Set<UUID> found = new HashSet<>();
      of(shelf, repo).filter(chunk -> ids.contains(chunk.id()) && hidden.test(chunk))
          .forEach(chunk -> found.add(chunk.id()));
      return found;
    });
  }

  @Override
  public synchronized Outcome<List<RepositoryName>> repositories(CollectionName collection) {
    return call(Call.REPOSITORIES, collection, shelf -> shelf.chunks.values().stream()
        .map(StoredChunk::repo).distinct().sorted().toList());
  }

  @Override
  public synchronized Outcome<Counts> count(CollectionName collection,
      Optional<RepositoryName> repo) {
    return call(Call.COUNT, collection, shelf -> {
      List<StoredChunk> counted = shelf.chunks.values().stream()
          .filter(chunk -> repo.isEmpty() || repo.get().equals(chunk.repo())).toList();
      long files = counted.stream().map(chunk -> List.of(chunk.repo(), chunk.path())).distinct()
          .count();
      return new Counts(files, counted.size());
    });
  }

  @Override
  public synchronized Outcome<List<StoreHit>> search(StoreQuery query) {
    return call(Call.SEARCH, query.collection(), shelf -> shelf.chunks.values().stream().toList())
        .flatMap(chunks -> FakeRanking.search(chunks, query, hidden));
  }

  @Override
  public synchronized StoreHealth health() {
    return health;
  }

  @Override
  public synchronized boolean shared() {
    return shared;
  }

  @Override
  public void close() {}
}
