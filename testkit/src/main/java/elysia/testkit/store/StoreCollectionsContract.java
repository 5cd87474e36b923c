package elysia.testkit.store;

import static elysia.testkit.store.StoreContract.assertRefused;
import static elysia.testkit.store.TestChunks.MODEL;
import static elysia.testkit.store.TestChunks.REPO;
import static elysia.testkit.store.TestChunks.chunk;
import static elysia.testkit.store.TestChunks.vector;
import static org.assertj.core.api.Assertions.assertThat;

import elysia.core.embed.EmbeddingModel;
import elysia.core.identity.CollectionName;
import elysia.core.identity.FilePath;
import elysia.core.identity.RepositoryName;
import elysia.core.outcome.Outcome;
import elysia.core.store.CollectionInfo;
import elysia.core.store.Counts;
import elysia.core.store.SearchMode;
import elysia.core.store.StoreQuery;
import elysia.core.store.StoredChunk;
import elysia.core.store.WriteMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/// Collections: made, told apart, dropped.
public interface StoreCollectionsContract extends StoreContract {
  @Test
  default void aCollectionIsThereOnceCreated() {
    CollectionName name = freshName();
    assertThat(store().collection(name).orElseThrow()).isEmpty();
    CollectionInfo expected = new CollectionInfo(name, MODEL);
    assertThat(store().create(name, MODEL).orElseThrow()).isEqualTo(expected);
    assertThat(store().collection(name).orElseThrow()).contains(expected);
    assertThat(store().collections().orElseThrow()).contains(expected)
        .isSortedAccordingTo((a, b) -> a.name().compareTo(b.name()));
    assertThat(store().count(name, Optional.empty()).orElseThrow()).isEqualTo(new Counts(0, 0));
  }

  @Test
  default void creatingAgainChangesNothing() {
    CollectionName name = freshCollection();
    write(name, chunk(name, "a.java", "one"));
    assertThat(store().create(name, MODEL).orElseThrow())
        .isEqualTo(new CollectionInfo(name, MODEL));
    assertThat(store().count(name, Optional.empty()).orElseThrow().chunks()).isEqualTo(1);
  }

  @Test
  default void creatingAtTheSameTimeMakesOneCollection() throws Exception {
    CollectionName name = freshName();
    List<Future<Outcome<CollectionInfo>>> created = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      for (int i = 0; i < 4; i++)
        created.add(threads.submit(() -> store().create(name, MODEL)));
    }
    for (Future<Outcome<CollectionInfo>> one : created)
      assertThat(one.get().orElseThrow()).isEqualTo(new CollectionInfo(name, MODEL));
    assertThat(store().collections().orElseThrow()).filteredOn(info -> info.name().equals(name))
        .hasSize(1);
  }

  @Test
  default void anotherModelIsRefused() {
    CollectionName name = freshCollection();
    assertRefused(store().create(name, new EmbeddingModel("embedded", "other", 16, 256)),
        "model_mismatch");
    assertRefused(store().create(name, new EmbeddingModel("embedded", "test", 8, 256)),
        "model_mismatch");
    assertThat(store().collection(name).orElseThrow()).contains(new CollectionInfo(name, MODEL));
  }

  @Test
  default void aDroppedCollectionIsGoneWithAllItHeld() {
    CollectionName name = freshCollection();
    write(name, chunk(name, "a.java", "one"));
    assertThat(store().drop(name).orElseThrow()).isTrue();
    assertThat(store().drop(name).orElseThrow()).isFalse();
    assertThat(store().collection(name).orElseThrow()).isEmpty();

    EmbeddingModel other = new EmbeddingModel("embedded", "other", 8, 256);
    assertThat(store().create(name, other).orElseThrow().model()).isEqualTo(other);
    assertThat(store().count(name, Optional.empty()).orElseThrow()).isEqualTo(new Counts(0, 0));
  }

  @Test
  default void collectionsDoNotSeeEachOther() {
    CollectionName one = freshCollection();
    CollectionName two = freshCollection();
    StoredChunk inOne = chunk(one, "a.java", "same text");
    write(one, inOne);
    write(two, inOne); // the same id, too
    write(two, chunk(two, "b.java", "more"));
    assertThat(store().count(one, Optional.empty()).orElseThrow()).isEqualTo(new Counts(1, 1));
    assertThat(store().count(two, Optional.empty()).orElseThrow()).isEqualTo(new Counts(2, 2));
    for (SearchMode mode : SearchMode.values()) {
      StoreQuery query = new StoreQuery(one, "same more", Optional.of(vector("more")), mode,
          List.of(), Optional.empty(), Optional.empty(), 10);
      assertThat(store().search(query).orElseThrow()).extracting(hit -> hit.chunk().id())
          .containsExactly(inOne.id());
    }
    assertThat(store().remove(two, List.of(inOne.id()))).isInstanceOf(Outcome.Ok.class);
    assertThat(store().count(one, Optional.empty()).orElseThrow().chunks()).isEqualTo(1);
    assertThat(store().count(two, Optional.empty()).orElseThrow().chunks()).isEqualTo(1);
  }

  /// Or the second is refused: never do both meet in one.
  @Test
  default void namesThatDifferOnlyInCaseNeverMeet() {
    CollectionName one = freshCollection();
    CollectionName two = new CollectionName(PREFIX
        + one.value().substring(PREFIX.length()).toUpperCase(Locale.ROOT) + "_x");
    CollectionName three = new CollectionName(PREFIX
        + one.value().substring(PREFIX.length()) + "_x");
    store().create(two, MODEL).orElseThrow();
    write(two, chunk(two, "a.java", "two"));
    Outcome<CollectionInfo> created = store().create(three, MODEL);
    if (created instanceof Outcome.Ok) {
      assertThat(store().count(three, Optional.empty()).orElseThrow().chunks()).isZero();
      assertThat(store().drop(three).orElseThrow()).isTrue();
    } else {
      assertRefused(created, "collection_name_taken");
      assertThat(store().collection(three).orElseThrow()).isEmpty();
      assertThat(store().drop(three).orElseThrow()).isFalse();
    }
    assertThat(store().count(two, Optional.empty()).orElseThrow().chunks()).isEqualTo(1);
  }

  @Test
  default void aMissingCollectionIsNamedAsSuch() {
    CollectionName name = freshName();
    String code = "collection_not_found";
    StoredChunk one = chunk(name, "a.java", "one");
    assertRefused(store().write(name, List.of(one), WriteMode.UPSERT), code);
    assertRefused(store().write(name, List.of(one), WriteMode.REPLACE), code);
    assertRefused(store().remove(name, List.of(one.id())), code);
    assertRefused(store().vectors(name, MODEL, Set.of(one.vectorHash())), code);
    assertRefused(store().headers(name, REPO, List.of(one.path())), code);
    assertRefused(store().chunks(name, REPO, one.path()), code);
    assertRefused(store().list(name, REPO, _ -> {}), code);
    assertRefused(store().unsearchable(name, REPO, List.of(one.id())), code);
    assertRefused(store().repositories(name), code);
    assertRefused(store().count(name, Optional.empty()), code);
    for (SearchMode mode : SearchMode.values())
      assertRefused(store().search(new StoreQuery(name, "one", Optional.of(vector("one")), mode,
          List.of(), Optional.empty(), Optional.empty(), 10)), code);
    assertThat(store().removeRepository(name, REPO)).isInstanceOf(Outcome.Ok.class);
  }

  @Test
  default void repositoriesAndCountsFollowWhatIsStored() {
    CollectionName name = freshCollection();
    RepositoryName other = new RepositoryName("github.com/own er/n\u00e4me");
    assertThat(store().repositories(name).orElseThrow()).isEmpty();
    write(name, chunk(name, REPO, "a.java", 0, "one"), chunk(name, REPO, "a.java", 1, "two"),
        chunk(name, REPO, "b.java", 0, "three"), chunk(name, other, "a.java", 0, "one"));
    assertThat(store().repositories(name).orElseThrow()).containsExactlyInAnyOrder(REPO, other);
    assertThat(store().count(name, Optional.empty()).orElseThrow()).isEqualTo(new Counts(3, 4));
    assertThat(store().count(name, Optional.of(REPO)).orElseThrow()).isEqualTo(new Counts(2, 3));
    assertThat(store().count(name, Optional.of(new RepositoryName("none"))).orElseThrow())
        .isEqualTo(new Counts(0, 0));

    store().removeRepository(name, other).orElseThrow();
    assertThat(store().repositories(name).orElseThrow()).containsExactly(REPO);
    assertThat(store().headers(name, other, List.of(new FilePath("a.java"))).orElseThrow())
        .isEmpty();
    assertThat(store().count(name, Optional.empty()).orElseThrow()).isEqualTo(new Counts(2, 3));
  }
}
