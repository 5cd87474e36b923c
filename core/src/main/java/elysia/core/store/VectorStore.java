package elysia.core.store;

import elysia.core.embed.Embedding;
import elysia.core.embed.EmbeddingModel;
import elysia.core.identity.CollectionName;
import elysia.core.identity.FilePath;
import elysia.core.identity.RepositoryName;
import elysia.core.outcome.Outcome;
import elysia.core.outcome.Unit;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;

/// Keeps chunks with their vectors, finds and counts them.
///
/// Thread-safe. Blocks the calling thread, which must not be one of an actor dispatcher. Every write
/// is idempotent. When a write returns `Ok` it is durable (survives kill -9 of this process) and
/// visible to searches that start afterwards. `Busy` after a write means that its outcome is
/// unknown. A missing collection is `Refused` with the code `collection_not_found`, except where
/// said otherwise. Adapters retry only what is safe and quick within a call; patience is
/// the caller's.
public interface VectorStore extends AutoCloseable {
  /// Creates a collection if it does not exist.
  ///
  /// @return the collection as it now is; `Refused` with the code `model_mismatch` when it exists
  ///         with vectors of another model
  Outcome<CollectionInfo> create(CollectionName name, EmbeddingModel model);

  Outcome<Optional<CollectionInfo>> collection(CollectionName name);

  /// All collections by name.
  Outcome<List<CollectionInfo>> collections();

  /// Those of the others that are the same collection under another name of it (an alias), so that
  /// what happens to the one happens to them. The name itself is one of them where it is given.
  default Outcome<Set<CollectionName>> sameAs(CollectionName name, Set<CollectionName> others) {
    return Outcome.ok(others.contains(name) ? Set.of(name) : Set.of());
  }

  /// Deletes a collection with all it holds.
  ///
  /// @return whether it existed
  Outcome<Boolean> drop(CollectionName name);

  /// Waits, a short while at most, until a write may come, where something limits how much may be
  /// asked of the store. `Busy`: not yet, and nothing was done, whereas a write's outcome would be
  /// unknown. A write that comes without it is not refused for that.
  default Outcome<Unit> awaitPermit() {
    return Unit.ok();
  }

  /// Writes chunks. Their ids must be distinct. Rejected are those whose vector is absent (when the
  /// collection's model is not the store's own), of the wrong dimension, zero or not finite.
  Outcome<WriteReport> write(CollectionName collection, List<StoredChunk> chunks, WriteMode mode);

  /// Removes chunks; ids that are not there are no error.
  Outcome<Unit> remove(CollectionName collection, Collection<UUID> ids);

  /// Removes all chunks of a repository; nothing when the collection does not exist.
  Outcome<Unit> removeRepository(CollectionName collection, RepositoryName repo);

  /// The vectors that the store has for these texts, of this model, in this collection and, where
  /// that is cheap, in others.
  ///
  /// @param vectorHashes SHA-256 of embedded texts
  /// @return by hash; only those found
  Outcome<Map<String, Embedding>> vectors(CollectionName collection, EmbeddingModel model,
      Set<String> vectorHashes);

  /// What is stored of these files; in no order.
  Outcome<List<ChunkHeader>> headers(CollectionName collection, RepositoryName repo,
      Collection<FilePath> paths);

  /// One file's chunks by number, with vectors.
  Outcome<List<StoredChunk>> chunks(CollectionName collection, RepositoryName repo, FilePath path);

  /// Gives every stored chunk of a repository to the visitor, in no order, each once, in bounded
  /// memory. Chunks written or removed meanwhile may or may not be seen.
  Outcome<Unit> list(CollectionName collection, RepositoryName repo, Consumer<ChunkHeader> visitor);

  /// For each chunk, whether a vector search for its own vector finds it (chunks with an equal
  /// vector do not count for each other).
  ///
  /// @return the ids that are stored but not found
  Outcome<Set<UUID>> unsearchable(CollectionName collection, RepositoryName repo,
      Collection<UUID> ids);

  /// The repositories that have chunks in a collection.
  Outcome<List<RepositoryName>> repositories(CollectionName collection);

  Outcome<Counts> count(CollectionName collection, Optional<RepositoryName> repo);

  /// Best first.
  Outcome<List<StoreHit>> search(StoreQuery query);

  /// Answered at once, from what the last calls met.
  StoreHealth health();

  /// Whether writes to a collection would be taken now; writes nothing that lasts.
  default Outcome<Unit> writable(CollectionName collection) {
    return remove(collection, List.of(UUID.randomUUID()));
  }

  /// Whether a write of another process can still arrive: true for a store that other processes
  /// reach. A store that lives in this process needs no waiting for a dead process's writes.
  boolean shared();

  @Override
  void close();
}
