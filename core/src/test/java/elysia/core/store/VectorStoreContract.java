package elysia.core.store;

/// What every [VectorStore] does.
public interface VectorStoreContract
    extends
      StoreCollectionsContract,
      StoreWritesContract,
      StoreReadsContract,
      StoreSearchContract {}
