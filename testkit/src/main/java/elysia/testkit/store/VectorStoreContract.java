package elysia.testkit.store;

import elysia.core.store.VectorStore;

/// The contract of every [VectorStore].
public interface VectorStoreContract
    extends
      StoreCollectionsContract,
      StoreWritesContract,
      StoreReadsContract,
      StoreSearchContract {}
