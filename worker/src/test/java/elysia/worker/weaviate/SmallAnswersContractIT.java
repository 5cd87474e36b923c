package elysia.worker.weaviate;

import static elysia.testkit.store.TestChunks.REPO;
import static elysia.testkit.store.TestChunks.chunk;
import static org.assertj.core.api.Assertions.assertThat;

import elysia.core.identity.CollectionName;
import elysia.core.store.ChunkHeader;
import elysia.core.store.StoredChunk;
import elysia.core.store.VectorStore;
import elysia.core.store.WriteMode;
import elysia.testkit.store.VectorStoreContract;
import elysia.testkit.weaviate.FaultyWeaviate;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// The contract on a server whose `QUERY_MAXIMUM_RESULTS` is far below its default.
class SmallAnswersContractIT {
  private static final int MOST = 100;

  @Nested
  class OverRest extends SmallAnswers {
    OverRest() throws IOException {
      super(false);
    }
  }

  @Nested
  class OverGrpc extends SmallAnswers {
    OverGrpc() throws IOException {
      super(true);
    }
  }

  @TestInstance(TestInstance.Lifecycle.PER_CLASS)
  abstract static class SmallAnswers implements VectorStoreContract {
    private final FaultyWeaviate server;
    private final WeaviateStore store;

    SmallAnswers(boolean grpc) throws IOException {
      server = FaultyWeaviate.start();
      server.queryMaximumResults(MOST);
      store = TestStores.at(server.url(), "", Map.of("grpc-url", grpc ? server.grpcUrl() : ""));
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

    @Test
    void moreThanOneAnswerHoldsIsReadAndRemovedInFull() {
      CollectionName name = freshCollection();
      List<StoredChunk> chunks = new ArrayList<>();
      for (int i = 0; i < 3 * MOST; i++)
        chunks.add(chunk(name, "src/f" + i + ".java", "text number" + i));
      assertThat(store.write(name, chunks, WriteMode.UPSERT).orElseThrow().rejected()).isEmpty();
      List<ChunkHeader> listed = new ArrayList<>();
      store.list(name, REPO, listed::add).orElseThrow();
      assertThat(listed).hasSameSizeAs(chunks);
      List<UUID> ids = chunks.stream().map(StoredChunk::id).toList();
      assertThat(store.headers(name, REPO, chunks.stream().map(StoredChunk::path).toList())
          .orElseThrow()).hasSameSizeAs(chunks);
      assertThat(store.unsearchable(name, REPO, ids).orElseThrow()).isEmpty();
      store.removeRepository(name, REPO).orElseThrow();
      assertThat(store.count(name, Optional.empty()).orElseThrow().chunks()).isZero();
    }
  }
}
