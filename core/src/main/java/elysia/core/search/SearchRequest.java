package elysia.core.search;

import elysia.core.identity.CollectionName;
import elysia.core.identity.RepositoryName;
import elysia.core.store.SearchMode;
import java.util.List;
import java.util.Optional;

/// A search request of a user.
///
/// @param collections where; empty for all
/// @param repos only these; empty for all
/// @param path glob
public record SearchRequest(String query, List<CollectionName> collections,
    List<RepositoryName> repos, Optional<String> path, Optional<String> language,
    Optional<SearchMode> mode, Optional<Integer> limit) {
  public SearchRequest {
    if (query == null || query.isBlank())
      throw new IllegalArgumentException("query: missing or blank (expected: what to search for)");
    if (query.length() > 10_000)
      throw new IllegalArgumentException(
          "query: " + query.length() + " characters (expected: at most 10000)");
    collections = collections == null ? List.of() : List.copyOf(collections);
    repos = repos == null ? List.of() : List.copyOf(repos);
    path = path == null ? Optional.empty() : path;
    language = language == null ? Optional.empty() : language;
    mode = mode == null ? Optional.empty() : mode;
    limit = limit == null ? Optional.empty() : limit;
    int n = limit.orElse(10);
    if (n < 1 || n > 1_000)
      throw new IllegalArgumentException("limit: " + n + " (expected: 1 to 1000)");
  }
}
