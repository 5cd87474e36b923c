package elysia.core.search;

import elysia.core.outcome.Outcome;
import java.util.List;
import java.util.concurrent.CompletionStage;

/// Finds chunks over one or many collections. Never blocks, never throws synchronously.
public interface Search {
  /// Best first.
  CompletionStage<Outcome<List<SearchHit>>> search(SearchRequest request);
}
