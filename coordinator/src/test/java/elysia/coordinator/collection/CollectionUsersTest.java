package elysia.coordinator.collection;

import static org.assertj.core.api.Assertions.assertThat;

import elysia.coordinator.view.ViewDatabase;
import elysia.coordinator.view.ViewStore;
import elysia.coordinator.view.ViewStoreTest;
import elysia.core.identity.CollectionName;
import elysia.core.outcome.Outcome;
import elysia.core.repository.RepositoryStatus.State;
import elysia.testkit.store.FakeVectorStore;
import elysia.testkit.store.TestChunks;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CollectionUsersTest {
  private static final CollectionName REAL = new CollectionName("docs-v2");
  private static final CollectionName ALIAS = new CollectionName("docs");

  private final JdbcDataSource database = ViewDatabase.create();
  private final ViewStore view = new ViewStore(database, "");
  private final FakeVectorStore store = new FakeVectorStore().alias(ALIAS, REAL);
  private final CollectionUsers users = new CollectionUsers(store, view);

  @BeforeEach
  void rows() throws SQLException {
    store.create(REAL, TestChunks.MODEL).orElseThrow();
    view.write(List.of(row("byname", REAL), row("byalias", ALIAS),
        row("elsewhere", new CollectionName("other"))), List.of(), List.of());
  }

  @AfterEach
  void drop() {
    ViewDatabase.drop(database);
  }

  private static ViewStore.Row row(String name, CollectionName collection) {
    return new ViewStore.Row(name, 1, ViewStoreTest.status(name, collection.value(), State.IDLE));
  }

  @Test
  void repositoriesUnderEitherNameUseTheSameCollection() {
    assertThat(users.of(REAL).orElseThrow()).containsExactly("byalias", "byname");
    assertThat(users.of(ALIAS).orElseThrow()).containsExactly("byalias", "byname");
    assertThat(users.of(new CollectionName("unused")).orElseThrow()).isEmpty();
  }

  @Test
  void collectionIsNotDeletedWhileItIsUsedUnderAnotherName() {
    StoreCollections collections = new StoreCollections(store, view, Runnable::run);
    assertThat(collections.delete(ALIAS.value()).toCompletableFuture()
        .orTimeout(10, TimeUnit.SECONDS).join()).isInstanceOfSatisfying(Outcome.Refused.class,
            refused -> assertThat(refused.problem().code()).isEqualTo("collection_in_use"));
    assertThat(store.collection(REAL).orElseThrow()).isPresent();
  }

  @Test
  void whatTheStoreDoesNotTellIsNotTakenForUnused() {
    store.failing(_ -> Optional.of(new FakeVectorStore.Fault("down", false)));
    assertThat(users.of(ALIAS)).isInstanceOf(Outcome.Busy.class);
  }
}
