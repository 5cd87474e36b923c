package elysia.worker.weaviate;

import elysia.core.store.VectorStore;
import elysia.testkit.store.VectorStoreContract;
import elysia.testkit.weaviate.FaultyWeaviate;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;

/// The contract where batches go over gRPC.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FaultyGrpcContractIT implements VectorStoreContract {
  private final FaultyWeaviate server;
  private final WeaviateStore store;

  FaultyGrpcContractIT() throws IOException {
    server = FaultyWeaviate.start();
    store = TestStores.at(server.url(), "", Map.of("grpc-url", server.grpcUrl()));
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
