package elysia.testkit.store;

import elysia.core.store.VectorStore;

/// What every [VectorStore] does.
public interface VectorStoreContract
    extends
      StoreCollectionsContract,
      StoreWritesContract,
      StoreReadsContract,
      StoreSearchContract {}
