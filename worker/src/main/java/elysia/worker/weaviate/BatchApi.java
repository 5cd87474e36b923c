package elysia.worker.weaviate;

import elysia.core.outcome.Outcome;
import elysia.core.outcome.Unit;
import elysia.core.store.StoreHealth;
import elysia.core.store.StoredChunk;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// One of the server's two ways to take a batch of objects.
interface BatchApi {
  /// An object as this API sends it.
  final class Prepared {
    private final UUID id;
    private final byte[] bytes;

    Prepared(UUID id, byte[] bytes) {
      this.id = id;
      this.bytes = bytes;
    }

    UUID id() {
      return id;
    }

    byte[] bytes() {
      return bytes;
    }
  }

  /// Empty when its text is not valid Unicode.
  Optional<Prepared> prepared(String className, StoredChunk chunk);

  /// Sends a batch once. It is not sent again when it is unknown what became of it.
  ///
  /// @return by id, why an object failed, or empty when it did not; an id that is absent has
  ///         no result
  Outcome<Map<UUID, Optional<ServerMessage>>> post(List<Prepared> batch);

  /// Whether a batch would be taken now, as far as that can be told without one: nothing is deleted
  /// for the sake of objects that cannot be sent.
  Outcome<Unit> ready();

  StoreHealth health();
}
