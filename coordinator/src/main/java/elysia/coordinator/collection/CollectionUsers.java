package elysia.coordinator.collection;

import elysia.coordinator.view.ViewStore;
import elysia.core.identity.CollectionName;
import elysia.core.outcome.Outcome;
import elysia.core.repository.RepositoryStatus;
import elysia.core.store.VectorStore;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// The repositories that are kept in a collection, under whichever name of it.
public final class CollectionUsers {
  private static final Duration RETRY = Duration.ofSeconds(5);

  private final VectorStore store;
  private final ViewStore view;

  public CollectionUsers(VectorStore store, ViewStore view) {
    this.store = store;
    this.view = view;
  }

  /// Their names in order. Blocks.
  public Outcome<List<String>> of(CollectionName collection) {
    try {
      Set<CollectionName> known = view.collections().stream().map(CollectionName::new)
          .collect(Collectors.toSet());
      Outcome<Set<CollectionName>> same = store.sameAs(collection, known);
      if (!(same instanceof Outcome.Ok<Set<CollectionName>>(var names)))
        return same.map(_ -> List.of());
      List<String> users = new ArrayList<>();
      for (CollectionName name : names)
        users.addAll(
            view.inCollection(name.value()).stream().map(RepositoryStatus::name).toList());
      users.sort(null);
      return Outcome.ok(List.copyOf(users));
    } catch (SQLException e) {
      return new Outcome.Busy<>("database_unavailable", "the database does not answer", RETRY);
    }
  }
}
