package elysia.core.store;

import elysia.core.embed.Embedding;
import elysia.core.identity.CollectionName;
import elysia.core.identity.RepositoryName;
import java.util.List;
import java.util.Optional;

/// A search in one collection.
///
/// @param vector of the text; absent for keyword search and where the store's module makes it
/// @param repos only these repositories; empty for all
/// @param pathGlob only paths whose [elysia.core.identity.FilePath#text()] matches this glob (see
///          [elysia.core.glob.Glob]); a glob without `/` matches the file name; text that is no glob
///          is `Refused` with the code `invalid_glob`
/// @param language only this language
/// @param limit number of hits, 1 to 1,000
public record StoreQuery(CollectionName collection, String text, Optional<Embedding> vector,
    SearchMode mode, List<RepositoryName> repos, Optional<String> pathGlob,
    Optional<String> language, int limit) {
  public StoreQuery {
    repos = List.copyOf(repos);
    if (limit < 1 || limit > 1_000)
      throw new IllegalArgumentException("limit: " + limit + " (expected: 1 to 1000)");
  }
}
