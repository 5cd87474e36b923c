package elysia.testkit.store;

import static elysia.testkit.store.TestChunks.REPO;
import static elysia.testkit.store.TestChunks.chunk;
import static org.assertj.core.api.Assertions.assertThat;

import elysia.core.identity.CollectionName;
import elysia.core.outcome.Outcome;
import elysia.core.store.StoredChunk;
import elysia.core.store.VectorStore;
import elysia.core.store.WriteMode;
import elysia.core.store.WriteReport;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FakeVectorStoreTest implements VectorStoreContract {
  private final FakeVectorStore store = new FakeVectorStore();

  @Override
  public VectorStore store() {
    return store;
  }

  @Test
  void aFaultMayComeBeforeOrAfterTheEffect() {
    CollectionName name = freshCollection();
    StoredChunk one = chunk(name, "a", "one");
    for (boolean done : new boolean[]{false, true}) {
      store.failing(call -> call == FakeVectorStore.Call.WRITE
          ? Optional.of(new FakeVectorStore.Fault("down", done))
          : Optional.empty());
      assertThat(store.write(name, List.of(one), WriteMode.UPSERT))
          .isEqualTo(new Outcome.Busy<WriteReport>("store_unavailable", "down"));
      assertThat(store.health().ok()).isFalse();
      assertThat(store.chunks(name, REPO, one.path()).orElseThrow()).hasSize(done ? 1 : 0);
    }
  }

  @Test
  void hiddenChunksAreStoredButNotFound() {
    CollectionName name = freshCollection();
    StoredChunk one = chunk(name, "a", "one");
    write(name, one);
    store.hiding(chunk -> chunk.path().value().equals("a"));
    assertThat(store.unsearchable(name, REPO, List.of(one.id())).orElseThrow())
        .containsExactly(one.id());
    assertThat(store.content(name)).containsExactly(one);
  }
}
