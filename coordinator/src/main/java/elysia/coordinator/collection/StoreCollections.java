package elysia.coordinator.collection;

import elysia.coordinator.view.ViewStore;
import elysia.core.collection.CollectionStatus;
import elysia.core.collection.Collections;
import elysia.core.identity.CollectionName;
import elysia.core.identity.RepositoryName;
import elysia.core.outcome.Outcome;
import elysia.core.store.CollectionInfo;
import elysia.core.store.VectorStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/// The store's collections, with what the cluster keeps in them.
public final class StoreCollections implements Collections {
  private final VectorStore store;
  private final CollectionUsers users;
  private final Executor blocking;

  /// @param blocking runs what blocks
  public StoreCollections(VectorStore store, ViewStore view, Executor blocking) {
    this.store = store;
    this.users = new CollectionUsers(store, view);
    this.blocking = blocking;
  }

  @Override
  public CompletionStage<Outcome<List<CollectionStatus>>> list() {
    return blocking(() -> store.collections().flatMap(all -> {
      List<CollectionStatus> statuses = new ArrayList<>();
      for (CollectionInfo info : all) {
        Outcome<CollectionStatus> status = status(info);
        if (!(status instanceof Outcome.Ok<CollectionStatus>(var one)))
          return status.map(_ -> List.of());
        statuses.add(one);
      }
      return Outcome.ok(statuses);
    }));
  }

  @Override
  public CompletionStage<Outcome<CollectionStatus>> show(String name) {
    return blocking(() -> parse(name).flatMap(store::collection)
        .flatMap(found -> found.isPresent() ? status(found.get()) : missing(name)));
  }

  @Override
  public CompletionStage<Outcome<Boolean>> delete(String name) {
    return blocking(() -> parse(name).flatMap(collection -> users.of(collection).flatMap(repos -> {
      if (!repos.isEmpty())
        return Outcome.refused("collection_in_use",
            "collection " + name + " is kept in step for " + String.join(", ", repos),
            "remove them first: `repo remove NAME --delete-collection`");
      return store.drop(collection).flatMap(existed -> existed ? Outcome.ok(true) : missing(name));
    })));
  }

  private static Outcome<CollectionName> parse(String name) {
    try {
      return Outcome.ok(new CollectionName(name));
    } catch (IllegalArgumentException e) {
      return Outcome.refused("invalid", String.valueOf(e.getMessage()));
    }
  }

  private static <T> Outcome<T> missing(String name) {
    return Outcome.refused("collection_not_found", "no collection " + name, "see `col list`");
  }

  private Outcome<CollectionStatus> status(CollectionInfo info) {
    return store.count(info.name(), Optional.empty())
        .flatMap(counts -> store.repositories(info.name()).flatMap(repos -> users.of(info.name())
            .map(managed -> new CollectionStatus(info.name().value(), info.model().vectorizer(),
                info.model().name(), info.model().dimension(), counts.files(), counts.chunks(),
                repos.stream().map(RepositoryName::value).toList(), managed))));
  }

  private <T> CompletionStage<Outcome<T>> blocking(Supplier<Outcome<T>> call) {
    return CompletableFuture.supplyAsync(call, blocking);
  }
}
