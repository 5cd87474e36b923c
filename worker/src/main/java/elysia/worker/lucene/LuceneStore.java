package elysia.worker.lucene;

import elysia.core.embed.Embedding;
import elysia.core.embed.EmbeddingModel;
import elysia.core.identity.CollectionName;
import elysia.core.identity.FilePath;
import elysia.core.identity.RepositoryName;
import elysia.core.outcome.FullDisk;
import elysia.core.outcome.Outcome;
import elysia.core.outcome.Unit;
import elysia.core.store.ChunkHeader;
import elysia.core.store.CollectionInfo;
import elysia.core.store.Counts;
import elysia.core.store.SearchMode;
import elysia.core.store.StoreHealth;
import elysia.core.store.StoreHit;
import elysia.core.store.StoreQuery;
import elysia.core.store.StoredChunk;
import elysia.core.store.VectorStore;
import elysia.core.store.WriteMode;
import elysia.core.store.WriteReport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;
import java.util.regex.PatternSyntaxException;
import org.apache.lucene.index.CorruptIndexException;
import org.apache.lucene.index.IndexFormatTooNewException;
import org.apache.lucene.index.IndexFormatTooOldException;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.store.LockObtainFailedException;

/// The vector store of a single node: one Lucene index in one folder that this process owns.
public final class LuceneStore implements VectorStore {
  private interface Change<T> {
    T make() throws IOException;
  }

  private interface Reading<T> {
    T of(IndexSearcher searcher, EmbeddingModel model) throws IOException;
  }

  private final String place;
  private final DurableIndex index;
  private final LuceneSettings settings;
  private final CollectionCatalog catalog;
  /// Writing chunks shares it; dropping or creating a collection has it alone.
  private final ReadWriteLock collections = new ReentrantReadWriteLock();
  private volatile Optional<String> lastWriteError = Optional.empty();
  private volatile Optional<String> lastReadError = Optional.empty();

  private LuceneStore(String place, Directory directory, LuceneSettings settings)
      throws IOException {
    this.place = place;
    this.settings = settings;
    this.index = new DurableIndex(directory, settings);
    this.catalog = index.read(CollectionCatalog::read);
  }

  /// Opens the store in a folder, which is made when it is not there.
  ///
  /// @throws UnusableIndexException when another process has it open, or what is in it is damaged
  public static LuceneStore open(Path folder, LuceneSettings settings) {
    try {
      Files.createDirectories(folder);
      return open(folder.toString(), FSDirectory.open(folder), settings);
    } catch (LockObtainFailedException e) {
      throw new UnusableIndexException("index folder " + folder
          + " is in use by another process (expected: one node for each folder)", e);
    } catch (CorruptIndexException | IndexFormatTooNewException | IndexFormatTooOldException e) {
      throw new UnusableIndexException("index folder " + folder + " cannot be read: "
          + e.getMessage()
          + " — move it away and start again: every repository is then indexed again", e);
    } catch (IOException e) {
      throw new UnusableIndexException("index folder " + folder + " cannot be opened: " + e, e);
    }
  }

  static LuceneStore open(String place, Directory directory, LuceneSettings settings)
      throws IOException {
    try {
      return new LuceneStore(place, directory, settings);
    } catch (IOException | RuntimeException e) {
      directory.close();
      throw e;
    }
  }

  @Override
  public Outcome<CollectionInfo> create(CollectionName name, EmbeddingModel model) {
    if (model.inStore() || model.dimension() == 0 || model.dimension() > IndexConfig.MAX_DIMENSION)
      return Outcome.refused("model_not_supported", "model: " + model
          + " (expected: vectors made outside the embedded store, of 1 to "
          + IndexConfig.MAX_DIMENSION + " numbers)", "use another embedder or another store");
    Optional<CollectionInfo> known = catalog.find(name);
    if (known.isPresent())
      return sameModel(known.get(), model);
    return exclusively(() -> {
      Optional<CollectionInfo> existing = catalog.find(name);
      if (existing.isPresent())
        return sameModel(existing.get(), model);
      CollectionInfo info = new CollectionInfo(name, model);
      index.edit(writer -> writer.updateDocument(CollectionCatalog.term(name),
          CollectionCatalog.document(info)));
      catalog.add(info);
      return Outcome.ok(info);
    });
  }

  private static Outcome<CollectionInfo> sameModel(CollectionInfo info, EmbeddingModel model) {
    return info.model().sameVectors(model)
        ? Outcome.ok(info)
        : Outcome.refused("model_mismatch", "collection: " + info.name() + " has vectors of "
            + info.model() + " (expected: " + model + ")",
            "use another collection, or delete this one first");
  }

  @Override
  public Outcome<Optional<CollectionInfo>> collection(CollectionName name) {
    return Outcome.ok(catalog.find(name));
  }

  @Override
  public Outcome<List<CollectionInfo>> collections() {
    return Outcome.ok(catalog.all());
  }

  @Override
  public Outcome<Boolean> drop(CollectionName name) {
    return exclusively(() -> {
      if (catalog.find(name).isEmpty())
        return Outcome.ok(false);
      index.edit(writer -> writer.deleteDocuments(CollectionCatalog.term(name),
          ChunkDocument.collection(name)));
      catalog.remove(name);
      return Outcome.ok(true);
    });
  }

  @Override
  public Outcome<WriteReport> write(CollectionName collection, List<StoredChunk> chunks,
      WriteMode mode) {
    return changing(collection, info -> {
      Map<UUID, String> rejected = new HashMap<>();
      for (StoredChunk chunk : chunks)
        ChunkDocument.rejection(info.model(), chunk)
            .ifPresent(reason -> rejected.put(chunk.id(), reason));
      if (chunks.size() > rejected.size())
        index.edit(writer -> {
          for (StoredChunk chunk : chunks)
            if (!rejected.containsKey(chunk.id())) // overwriting replaces whole documents
              writer.updateDocument(ChunkDocument.key(collection, chunk.id()),
                  ChunkDocument.of(collection, info.model(), chunk));
        });
      return new WriteReport(rejected);
    });
  }

  @Override
  public Outcome<Unit> remove(CollectionName collection, Collection<UUID> ids) {
    return changing(collection, _ -> {
      if (!ids.isEmpty())
        index.edit(writer -> writer.deleteDocuments(
            ids.stream().map(id -> ChunkDocument.key(collection, id)).toArray(Term[]::new)));
      return Unit.UNIT;
    });
  }

  @Override
  public Outcome<Unit> removeRepository(CollectionName collection, RepositoryName repo) {
    if (catalog.find(collection).isEmpty())
      return Unit.ok();
    return written(() -> {
      index.edit(
          writer -> writer.deleteDocuments(ChunkDocument.repository(collection, repo)));
      return Unit.ok();
    });
  }

  @Override
  public Outcome<Map<String, Embedding>> vectors(CollectionName collection, EmbeddingModel model,
      Set<String> vectorHashes) {
    return reading(collection,
        (searcher, _) -> reads(searcher).vectors(model, vectorHashes));
  }

  @Override
  public Outcome<List<ChunkHeader>> headers(CollectionName collection, RepositoryName repo,
      Collection<FilePath> paths) {
    return reading(collection,
        (searcher, _) -> reads(searcher).headers(collection, repo, paths));
  }

  @Override
  public Outcome<List<StoredChunk>> chunks(CollectionName collection, RepositoryName repo,
      FilePath path) {
    return reading(collection,
        (searcher, model) -> reads(searcher).chunks(collection, model, repo, path));
  }

  @Override
  public Outcome<Unit> list(CollectionName collection, RepositoryName repo,
      Consumer<ChunkHeader> visitor) {
    return reading(collection, (searcher, _) -> {
      reads(searcher).list(collection, repo, visitor);
      return Unit.UNIT;
    });
  }

  @Override
  public Outcome<Set<UUID>> unsearchable(CollectionName collection, RepositoryName repo,
      Collection<UUID> ids) {
    return reading(collection, (searcher, model) -> search(searcher, model)
        .unsearchable(collection, ids));
  }

  @Override
  public Outcome<List<RepositoryName>> repositories(CollectionName collection) {
    return reading(collection, (searcher, _) -> reads(searcher).repositories(collection));
  }

  @Override
  public Outcome<Counts> count(CollectionName collection, Optional<RepositoryName> repo) {
    return reading(collection, (searcher, _) -> reads(searcher).count(collection, repo));
  }

  @Override
  public Outcome<List<StoreHit>> search(StoreQuery query) {
    Optional<CollectionInfo> info = catalog.find(query.collection());
    if (info.isPresent() && query.mode() != SearchMode.KEYWORD) {
      int dimension = info.get().model().dimension();
      int given = query.vector().map(Embedding::dimension).orElse(0);
      if (given != dimension)
        return Outcome.refused("model_mismatch",
            "vector: " + given + " numbers (expected: " + dimension + ")",
            "embed the query with " + info.get().model());
    }
    try {
      return reading(query.collection(),
          (searcher, model) -> search(searcher, model).find(query));
    } catch (PatternSyntaxException e) {
      return Outcome.refused("invalid_glob", "path: \"" + query.pathGlob().orElse("")
          + "\" (expected: a glob; " + e.getDescription() + ")");
    }
  }

  @Override
  public StoreHealth health() {
    return lastWriteError.or(() -> lastReadError).map(text -> new StoreHealth(false, text))
        .orElseGet(() -> new StoreHealth(true, "embedded store in " + place));
  }

  @Override
  public boolean shared() {
    return false;
  }

  @Override
  public void close() {
    try {
      index.close();
    } catch (IOException e) {
      throw new UncheckedIOException("closing the index in " + place, e);
    }
  }

  private static ChunkReads reads(IndexSearcher searcher) {
    return new ChunkReads(searcher.getIndexReader());
  }

  private ChunkSearch search(IndexSearcher searcher, EmbeddingModel model) {
    return new ChunkSearch(searcher, model, settings.searchCandidates());
  }

  private <T> Outcome<T> exclusively(Change<Outcome<T>> change) {
    return locked(collections.writeLock(), change);
  }

  private interface ChunkChange<T> {
    T make(CollectionInfo info) throws IOException;
  }

  private <T> Outcome<T> changing(CollectionName collection, ChunkChange<T> change) {
    return locked(collections.readLock(), () -> {
      Optional<CollectionInfo> info = catalog.find(collection);
      return info.isEmpty() ? notFound(collection) : Outcome.ok(change.make(info.get()));
    });
  }

  private <T> Outcome<T> locked(Lock lock, Change<Outcome<T>> change) {
    lock.lock();
    try {
      return written(change);
    } finally {
      lock.unlock();
    }
  }

  private <T> Outcome<T> reading(CollectionName collection, Reading<T> reading) {
    Optional<CollectionInfo> info = catalog.find(collection);
    if (info.isEmpty())
      return notFound(collection);
    try {
      T value = index.read(searcher -> reading.of(searcher, info.get().model()));
      lastReadError = Optional.empty();
      return Outcome.ok(value);
    } catch (IOException e) {
      String reason = "embedded store in " + place + " cannot be read: " + e.getMessage();
      lastReadError = Optional.of(reason);
      return new Outcome.Busy<>("store_unavailable", reason);
    }
  }

  private <T> Outcome<T> written(Change<Outcome<T>> change) {
    try {
      Outcome<T> outcome = change.make();
      lastWriteError = Optional.empty();
      return outcome;
    } catch (IOException e) {
      String reason = FullDisk.caused(e)
          ? "the disk with " + place
              + " is full: nothing is indexed until there is room, search goes on"
          : "embedded store in " + place + " cannot write: " + e.getMessage();
      lastWriteError = Optional.of(reason);
      return new Outcome.Busy<>("store_unavailable", reason);
    }
  }

  private static <T> Outcome<T> notFound(CollectionName collection) {
    return Outcome.refused("collection_not_found",
        "collection: " + collection + " (expected: an existing one)");
  }
}
