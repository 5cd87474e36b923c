package elysia.core.repository;

import elysia.core.embed.EmbeddingModel;
import elysia.core.identity.CollectionName;
import elysia.core.identity.RepositoryName;
import elysia.core.source.SourceSpec;
import elysia.core.wire.Wire;
import java.util.Optional;

/// All that a user decides about a managed repository.
///
/// @param schedule when it is pulled; absent for only on request
/// @param model that the collection was made with
public record RepositorySettings(SourceSpec source, CollectionName collection, IndexingRules rules,
    Optional<String> schedule, EmbeddingModel model) implements Wire {
  public RepositoryName name() {
    return source.name();
  }
}
