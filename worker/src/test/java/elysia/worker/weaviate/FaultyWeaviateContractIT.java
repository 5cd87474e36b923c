package elysia.worker.weaviate;

import elysia.core.store.VectorStore;
import elysia.testkit.store.VectorStoreContract;
import elysia.testkit.weaviate.FaultyWeaviate;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;

/// The contract on the fault-injecting server while it injects none.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FaultyWeaviateContractIT implements VectorStoreContract {
  private final FaultyWeaviate server;
  private final WeaviateStore store;

  FaultyWeaviateContractIT() throws IOException {
    server = FaultyWeaviate.start();
    store = TestStores.at(server.url(), "");
  }

  @AfterAll
  void close() throws IOException {
    store.close();
    server.close();
  }

  @Override
  public VectorStore store() {
    return store;
  }
}
