package elysia.core.batch;

import elysia.core.embed.EmbeddingModel;
import elysia.core.identity.CollectionName;
import elysia.core.identity.RepositoryName;
import elysia.core.wire.Wire;
import java.util.List;

/// A bounded group of changes to one repository's part of one collection: the unit of delivery,
/// retry and progress. Doing it twice, or half and then whole, ends the same.
///
/// @param commit that the chunks are written with; may be empty
/// @param redelivered an earlier delivery may have written part of it with an unknown outcome:
///          chunks are replaced, not overwritten
public record Batch(BatchId id, CollectionName collection, EmbeddingModel model,
    RepositoryName repo, String commit, List<FileTask> tasks, boolean redelivered)
    implements
      Wire {
  public Batch {
    tasks = List.copyOf(tasks);
  }

  /// The same, marked as delivered before.
  public Batch asRedelivered() {
    return new Batch(id, collection, model, repo, commit, tasks, true);
  }

  /// Bytes of content that travel in it.
  public long bytes() {
    long sum = 0;
    for (FileTask task : tasks)
      if (task instanceof FileTask.Index index)
        sum += index.content().size();
    return sum;
  }
}
