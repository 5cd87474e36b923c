package elysia.core.collection;

import elysia.core.outcome.Outcome;
import java.util.List;
import java.util.concurrent.CompletionStage;

/// Looks at collections and deletes them. Never blocks, never throws synchronously.
public interface Collections {
  CompletionStage<Outcome<List<CollectionStatus>>> list();

  CompletionStage<Outcome<CollectionStatus>> show(String name);

  /// Refused with `collection_in_use` while managed repositories use it.
  CompletionStage<Outcome<Boolean>> delete(String name);
}
