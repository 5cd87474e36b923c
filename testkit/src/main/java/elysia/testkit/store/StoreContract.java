package elysia.testkit.store;

import static org.assertj.core.api.Assertions.assertThat;

import elysia.core.identity.CollectionName;
import elysia.core.outcome.Outcome;
import elysia.core.store.CollectionInfo;
import elysia.core.store.StoredChunk;
import elysia.core.store.VectorStore;
import elysia.core.store.WriteMode;
import java.util.List;
import java.util.UUID;

/// The common part of the parts of [VectorStoreContract].
public interface StoreContract {
  String PREFIX = "Contract";

  /// The store under test; the same during one test.
  VectorStore store();

  /// A name that no collection has.
  default CollectionName freshName() {
    return new CollectionName(PREFIX + UUID.randomUUID().toString().replace("-", ""));
  }

  /// A new and empty collection.
  default CollectionName freshCollection() {
    CollectionName name = freshName();
    store().create(name, TestChunks.MODEL).orElseThrow();
    return name;
  }

  default void write(CollectionName collection, StoredChunk... chunks) {
    write(collection, List.of(chunks));
  }

  default void write(CollectionName collection, List<StoredChunk> chunks) {
    assertThat(store().write(collection, chunks, WriteMode.UPSERT).orElseThrow().rejected())
        .isEmpty();
  }

  static void assertRefused(Outcome<?> outcome, String code) {
    assertThat(outcome).isInstanceOfSatisfying(Outcome.Refused.class,
        refused -> assertThat(refused.problem().code()).isEqualTo(code));
  }

  /// For adapters whose collections outlive the test: to be called after each, before closing.
  default void dropCollections() {
    for (CollectionInfo info : store().collections().orElseThrow())
      if (info.name().value().startsWith(PREFIX))
        store().drop(info.name()).orElseThrow();
  }
}
