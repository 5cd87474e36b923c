package elysia.coordinator.sync;

import elysia.core.embed.EmbeddingModel;
import elysia.core.identity.CollectionName;
import elysia.core.identity.FilePath;
import elysia.core.repository.IndexingRules;
import elysia.core.source.SourceSpec;
import java.util.List;
import java.util.Optional;

/// The plan of a sync. The changes follow from it alone, so it is computed again after a crash,
/// never stored.
///
/// @param from commit whose difference to `to` is done; empty when everything at `to` is listed
/// @param to commit to come to; empty when nothing of the repository belongs in the index
/// @param retry files that failed before
/// @param after everything up to here is done already
/// @param orphans after a listing, look in the index for what the tree does not have
public record SyncPlan(SourceSpec source, CollectionName collection, EmbeddingModel model,
    IndexingRules rules, Optional<String> from, Optional<String> to,
    List<FilePath> retry, Optional<Checkpoint> after, boolean orphans) {
  public SyncPlan {
    retry = List.copyOf(retry);
  }
}
