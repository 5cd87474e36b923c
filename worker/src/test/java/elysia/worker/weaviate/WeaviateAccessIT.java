package elysia.worker.weaviate;

import static elysia.testkit.store.TestChunks.MODEL;
import static elysia.testkit.store.TestChunks.REPO;
import static elysia.testkit.store.TestChunks.chunk;
import static org.assertj.core.api.Assertions.assertThat;

import elysia.core.embed.EmbeddingModel;
import elysia.core.identity.CollectionName;
import elysia.core.identity.RepositoryName;
import elysia.core.outcome.Outcome;
import elysia.core.store.SearchMode;
import elysia.core.store.StoreHit;
import elysia.core.store.StoreQuery;
import elysia.core.store.StoredChunk;
import elysia.core.store.WriteMode;
import elysia.testkit.store.TestChunks;
import elysia.testkit.weaviate.FaultyWeaviate;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Keys, addresses, names, aliases and restarts.
class WeaviateAccessIT {
  private static final CollectionName NAME = new CollectionName("my-docs");

  @Test
  void aKeyIsSentAndNeverShown() throws IOException {
    try (FaultyWeaviate server = FaultyWeaviate.start(0, "s3cret", Optional.empty());
        WeaviateStore right = TestStores.at(server.url(), "s3cret");
        WeaviateStore wrong = TestStores.at(server.url(), "gue55ed");
        WeaviateStore none = TestStores.at(server.url(), "")) {
      assertThat(right.create(NAME, MODEL)).isInstanceOf(Outcome.Ok.class);
      for (WeaviateStore store : List.of(wrong, none))
        assertThat(store.collections()).isInstanceOfSatisfying(Outcome.Refused.class, refused -> {
          assertThat(refused.problem().code()).isEqualTo("store_unauthorized");
          assertThat(refused.problem().text()).contains("WEAVIATE_API_KEY")
              .contains("WEAVIATE_URL").doesNotContain("gue55ed");
        });
    }
    assertThat(TestStores.settings("http://h:1", "s3cret", Map.of()).toString())
        .doesNotContain("s3cret");
  }

  @Test
  void aServerThatIsNotThereIsBusy() throws IOException {
    String url;
    try (FaultyWeaviate server = FaultyWeaviate.start()) {
      url = server.url();
    }
    try (WeaviateStore store = TestStores.at(url, "", Map.of("tries", 1))) {
      assertThat(store.collections()).isInstanceOf(Outcome.Busy.class);
      assertThat(store.health().ok()).isFalse();
    }
  }

  @Test
  void namesThatMeetInOneClassAreRefused() throws IOException {
    try (FaultyWeaviate server = FaultyWeaviate.start();
        WeaviateStore store = TestStores.at(server.url(), "")) {
      store.create(NAME, MODEL).orElseThrow();
      for (String name : List.of("my_docs", "My.docs"))
        assertThat(store.create(new CollectionName(name), MODEL))
            .isInstanceOfSatisfying(Outcome.Refused.class, refused -> assertThat(
                refused.problem().code()).isEqualTo("collection_name_taken"));
      assertThat(store.collection(new CollectionName("my_docs")).orElseThrow()).isEmpty();
      assertThat(store.collections().orElseThrow()).hasSize(1);
    }
  }

  @Test
  void aClassOfSomebodyElseIsLeftAlone() throws Exception {
    try (FaultyWeaviate server = FaultyWeaviate.start();
        WeaviateStore store = TestStores.at(server.url(), "")) {
      post(server.url() + "/v1/schema", "{\"class\":\"My_docs\",\"vectorizer\":\"none\"}");
      assertThat(store.create(NAME, MODEL)).isInstanceOfSatisfying(Outcome.Refused.class,
          refused -> assertThat(refused.problem().code()).isEqualTo("collection_name_taken"));
      assertThat(store.drop(NAME).orElseThrow()).isFalse();
      assertThat(store.collections().orElseThrow()).isEmpty();
    }
  }

  @Test
  void anAliasStandsForItsClass() throws Exception {
    try (FaultyWeaviate server = FaultyWeaviate.start();
        WeaviateStore store = TestStores.at(server.url(), "")) {
      store.create(NAME, MODEL).orElseThrow();
      post(server.url() + "/v1/aliases", "{\"alias\":\"Current\",\"class\":\"My_docs\"}");
      CollectionName alias = new CollectionName("current");
      assertThat(store.create(alias, MODEL).orElseThrow().name()).isEqualTo(alias);
      StoredChunk one = chunk(alias, "a.java", "one");
      store.write(alias, List.of(one), WriteMode.UPSERT).orElseThrow();
      assertThat(store.chunks(NAME, REPO, one.path()).orElseThrow()).containsExactly(one);
      CollectionName other = new CollectionName("other");
      Set<CollectionName> names = Set.of(NAME, alias, other);
      assertThat(store.sameAs(NAME, names).orElseThrow()).containsExactlyInAnyOrder(NAME, alias);
      assertThat(store.sameAs(alias, names).orElseThrow()).containsExactlyInAnyOrder(NAME, alias);
      assertThat(store.sameAs(other, names).orElseThrow()).containsExactly(other);
      store.removeRepository(alias, REPO).orElseThrow();
      assertThat(store.count(NAME, Optional.empty()).orElseThrow().chunks()).isZero();
    }
  }

  @Test
  void theStoresModuleMakesVectors() throws IOException {
    EmbeddingModel model = new EmbeddingModel("text2vec-openai", "some", 0, 256);
    try (FaultyWeaviate server = FaultyWeaviate.start();
        WeaviateStore store = TestStores.at(server.url(), "")) {
      store.create(NAME, model).orElseThrow();
      StoredChunk one = TestChunks.withoutVector(chunk(NAME, "a.java", "zebra crossing"));
      StoredChunk two = TestChunks.withoutVector(chunk(NAME, "b.java", "lions and bears"));
      assertThat(store.write(NAME, List.of(one, two), WriteMode.UPSERT).orElseThrow().rejected())
          .isEmpty();
      for (SearchMode mode : SearchMode.values())
        assertThat(store.search(new StoreQuery(NAME, "lions", Optional.empty(), mode, List.of(),
            Optional.empty(), Optional.empty(), 1)).orElseThrow()).extracting(StoreHit::chunk)
            .containsExactly(two);
      assertThat(store.unsearchable(NAME, REPO, List.of(one.id(), two.id())).orElseThrow())
          .isEmpty();
    }
  }

  @Test
  void aClassDroppedByAnotherProcessIsNoticed() throws IOException {
    try (FaultyWeaviate server = FaultyWeaviate.start();
        WeaviateStore store = TestStores.at(server.url(), "");
        WeaviateStore other = TestStores.at(server.url(), "")) {
      store.create(NAME, MODEL).orElseThrow();
      assertThat(other.drop(NAME).orElseThrow()).isTrue();
      for (Outcome<?> outcome : List.of(
          store.write(NAME, List.of(chunk(NAME, "a", "a")), WriteMode.UPSERT),
          store.count(NAME, Optional.empty())))
        assertThat(outcome).isInstanceOfSatisfying(Outcome.Refused.class,
            refused -> assertThat(refused.problem().code()).isEqualTo("collection_not_found"));
      store.create(NAME, MODEL).orElseThrow();
      other.drop(NAME).orElseThrow();
      assertThat(store.removeRepository(NAME, REPO)).isInstanceOf(Outcome.Ok.class);
    }
  }

  @Test
  void namesThatTheServerTrimsStayApart() throws IOException {
    RepositoryName plain = new RepositoryName("a");
    RepositoryName padded = new RepositoryName(" a");
    try (FaultyWeaviate server = FaultyWeaviate.start();
        WeaviateStore store = TestStores.at(server.url(), "")) {
      store.create(NAME, MODEL).orElseThrow();
      StoredChunk one = chunk(NAME, plain, "f", 0, "one");
      StoredChunk two = chunk(NAME, padded, "f", 0, "two");
      store.write(NAME, List.of(one, two), WriteMode.UPSERT).orElseThrow();
      assertThat(store.chunks(NAME, plain, one.path()).orElseThrow()).containsExactly(one);
      store.removeRepository(NAME, padded).orElseThrow();
      assertThat(store.chunks(NAME, plain, one.path()).orElseThrow()).containsExactly(one);
      assertThat(store.chunks(NAME, padded, one.path()).orElseThrow()).isEmpty();
    }
  }

  @Test
  void theTestServerKeepsWhatItWasGiven(@TempDir Path folder) throws Exception {
    StoredChunk one = chunk(NAME, "a.java", "one");
    StoredChunk two = chunk(NAME, "b.java", "two");
    try (FaultyWeaviate server = FaultyWeaviate.start(0, "", Optional.of(folder));
        WeaviateStore store = TestStores.at(server.url(), "")) {
      store.create(NAME, MODEL).orElseThrow();
      store.write(NAME, List.of(one, two), WriteMode.UPSERT).orElseThrow();
      store.remove(NAME, List.of(two.id())).orElseThrow();
      post(server.url() + "/fault",
          "{\"kind\":\"lose_newest\",\"class\":\"My_docs\",\"number\":1}");
      post(server.url() + "/fault", "{\"kind\":\"reset\",\"on\":\"query\",\"times\":1}");
    }
    try (FaultyWeaviate server = FaultyWeaviate.start(0, "", Optional.of(folder));
        WeaviateStore store = TestStores.at(server.url(), "")) {
      assertThat(store.chunks(NAME, REPO, one.path()).orElseThrow()).containsExactly(one);
      assertThat(store.count(NAME, Optional.empty()).orElseThrow().chunks()).isEqualTo(1);
      assertThat(store.unsearchable(NAME, REPO, List.of(one.id())).orElseThrow()).hasSize(1);
    }
  }

  private static void post(String url, String json) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpRequest request = HttpRequest.newBuilder(URI.create(url)).timeout(Duration.ofSeconds(10))
          .POST(HttpRequest.BodyPublishers.ofString(json)).build();
      assertThat(client.send(request, HttpResponse.BodyHandlers.ofString()).statusCode())
          .isEqualTo(200);
    }
  }
}
