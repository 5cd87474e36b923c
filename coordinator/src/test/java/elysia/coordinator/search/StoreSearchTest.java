package elysia.coordinator.search;

import static org.assertj.core.api.Assertions.assertThat;

import elysia.coordinator.view.ViewDatabase;
import elysia.coordinator.view.ViewStore;
import elysia.coordinator.view.ViewStoreTest;
import elysia.core.embed.EmbeddingModel;
import elysia.core.identity.CollectionName;
import elysia.core.outcome.Outcome;
import elysia.core.repository.RepositoryStatus.State;
import elysia.core.search.SearchHit;
import elysia.core.search.SearchRequest;
import elysia.core.store.SearchMode;
import elysia.core.store.StoredChunk;
import elysia.core.store.WriteMode;
import elysia.testkit.embed.FakeEmbedder;
import elysia.testkit.store.FakeVectorStore;
import elysia.testkit.store.TestChunks;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StoreSearchTest {
  private static final CollectionName ONE = new CollectionName("one");
  private static final CollectionName TWO = new CollectionName("two");

  private final FakeVectorStore store = new FakeVectorStore();
  private final FakeEmbedder embedder = new FakeEmbedder();
  private final JdbcDataSource database = ViewDatabase.create();
  private final ViewStore view = new ViewStore(database, "");
  private final StoreSearch search = new StoreSearch(store, embedder, view, Runnable::run);

  @AfterEach
  void drop() {
    ViewDatabase.drop(database);
  }

  private void stored(CollectionName collection, String path, String text) {
    store.create(collection, embedder.model()).orElseThrow();
    StoredChunk chunk = TestChunks.with(TestChunks.chunk(collection, path, text),
        embedder.vectorOf(text));
    assertThat(store.write(collection, List.of(chunk), WriteMode.UPSERT).orElseThrow().rejected())
        .isEmpty();
  }

  private Outcome<List<SearchHit>> find(String query, SearchMode mode, int limit,
      CollectionName... collections) {
    return search.search(new SearchRequest(query, Arrays.asList(collections), List.of(),
        Optional.empty(), Optional.empty(), Optional.of(mode), Optional.of(limit)))
        .toCompletableFuture().join();
  }

  private static List<String> paths(Outcome<List<SearchHit>> hits) {
    return hits.orElseThrow().stream().map(SearchHit::path).toList();
  }

  private static String code(Outcome<List<SearchHit>> outcome) {
    assertThat(outcome).isInstanceOf(Outcome.Refused.class);
    return ((Outcome.Refused<List<SearchHit>>) outcome).problem().code();
  }

  @Test
  void hitsOfAllCollectionsAreMergedBestFirst() {
    stored(ONE, "a.txt", "the quick fox");
    stored(ONE, "b.txt", "nothing alike");
    stored(TWO, "c.txt", "lazy dogs sleep");
    assertThat(paths(find("lazy dogs sleep", SearchMode.VECTOR, 2))).hasSize(2)
        .startsWith("c.txt");
    assertThat(paths(find("lazy dogs sleep", SearchMode.VECTOR, 1))).containsExactly("c.txt");
    assertThat(paths(find("fox", SearchMode.KEYWORD, 9, TWO))).isEmpty();
    assertThat(paths(find("fox", SearchMode.KEYWORD, 9, ONE))).containsExactly("a.txt");
  }

  @Test
  void keywordSearchEmbedsNothing() {
    stored(ONE, "a.txt", "the quick fox");
    embedder.fail(new Outcome.Busy<>("embedder_unavailable", "embedder is down"));
    assertThat(paths(find("fox", SearchMode.KEYWORD, 9))).containsExactly("a.txt");
    assertThat(find("fox", SearchMode.HYBRID, 9)).isInstanceOf(Outcome.Busy.class);
  }

  @Test
  void collectionThatDoesNotExistIsRefused() {
    assertThat(code(find("x", SearchMode.KEYWORD, 9, ONE))).isEqualTo("collection_not_found");
    assertThat(paths(find("x", SearchMode.KEYWORD, 9))).isEmpty();
  }

  @Test
  void vectorsOfAnotherModelAreNotCompared() {
    store.create(ONE, new EmbeddingModel("other", "m", 3, 100)).orElseThrow();
    stored(TWO, "a.txt", "fox");
    assertThat(code(find("fox", SearchMode.HYBRID, 9, ONE))).isEqualTo("model_mismatch");
    assertThat(paths(find("fox", SearchMode.HYBRID, 9))).containsExactly("a.txt");
  }

  @Test
  void hitSaysAtWhichCommitItsRepositoryIsIndexed() throws SQLException {
    stored(ONE, "a.txt", "fox");
    assertThat(find("fox", SearchMode.KEYWORD, 9).orElseThrow().getFirst().indexedCommit())
        .isEmpty();
    view.write(List.of(new ViewStore.Row("app", 1, ViewStoreTest.status("app", "one", State.IDLE))),
        List.of(), List.of());
    assertThat(find("fox", SearchMode.KEYWORD, 9).orElseThrow().getFirst().indexedCommit())
        .contains("c1");
  }

  @Test
  void readSideThatIsDownDoesNotStopASearch() {
    stored(ONE, "a.txt", "fox");
    JdbcDataSource nothing = new JdbcDataSource();
    nothing.setURL("jdbc:h2:mem:");
    StoreSearch blind = new StoreSearch(store, embedder, new ViewStore(nothing, ""),
        Runnable::run);
    assertThat(blind
        .search(new SearchRequest("fox", List.of(), List.of(), Optional.empty(), Optional.empty(),
            Optional.of(SearchMode.KEYWORD), Optional.empty()))
        .toCompletableFuture().join().orElseThrow()).hasSize(1);
  }
}
