package elysia.coordinator.feed;

import elysia.core.batch.BatchResult;
import elysia.core.batch.FileTask;
import elysia.core.change.Change;
import elysia.core.change.Op;
import elysia.core.feed.Applied;
import elysia.core.feed.LineFailure;
import elysia.core.feed.RepeatableGroup;
import elysia.core.feed.Totals;
import elysia.core.identity.FilePath;
import elysia.core.identity.RepositoryName;
import elysia.core.outcome.Problem;
import elysia.core.repository.SyncCounts;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Changes that go to a change queue together.
final class ChangeBatch {
  private final RepositoryName repo;
  private final String commit;
  private final FeedSettings settings;
  private final List<Change> changes = new ArrayList<>();
  private final List<FileTask> tasks = new ArrayList<>();
  private final RepeatableGroup repeatable = new RepeatableGroup();
  private long bytes;
  private long skipped;

  ChangeBatch(RepositoryName repo, String commit, FeedSettings settings) {
    this.repo = repo;
    this.commit = commit;
    this.settings = settings;
  }

  /// Adds a change, if it may belong to this batch.
  ///
  /// @param bytes of content
  /// @param skip the file does not belong in the index
  /// @return false when the batch must end before this change; never for the first one
  boolean add(Change change, String commit, List<FileTask> tasks, long bytes, boolean skip) {
    boolean full = changes.size() >= settings.files()
        || (this.bytes > 0 && this.bytes + bytes > settings.bytes());
    if (!this.commit.equals(commit) || full || !repeatable.add(change))
      return false;
    if (skip)
      skipped++;
    else
      changes.add(change);
    this.tasks.addAll(tasks);
    this.bytes += bytes;
    return true;
  }

  RepositoryName repo() {
    return repo;
  }

  String commit() {
    return commit;
  }

  List<FileTask> tasks() {
    return tasks;
  }

  /// The outcome of its changes. A failure belongs to the last change of its path.
  Applied applied(BatchResult result) {
    Map<FilePath, Change> last = new HashMap<>();
    for (Change change : changes) {
      last.put(change.path(), change);
      change.newPath().ifPresent(to -> last.put(to, change));
    }
    List<LineFailure> failures = new ArrayList<>();
    Map<Change, Problem> failed = new LinkedHashMap<>();
    for (BatchResult.Failure failure : result.failures()) {
      Change change = last.get(failure.path());
      if (change != null && failed.put(change,
          Problem.of(failure.reason(), failure.message())) == null)
        failures.add(new LineFailure(change.position().line(), change.path(),
            Problem.of(failure.reason(), failure.message())));
    }
    Map<Op, Long> ops = new EnumMap<>(Op.class);
    for (Change change : changes)
      if (!failed.containsKey(change))
        ops.merge(change.op(), 1L, Long::sum);
    SyncCounts counts = result.counts();
    return new Applied(new Totals(
        ops.getOrDefault(Op.MODIFY, 0L) + ops.getOrDefault(Op.RENAME, 0L),
        ops.getOrDefault(Op.ADD, 0L), ops.getOrDefault(Op.DELETE, 0L), skipped, failures.size(),
        counts.filesSkipped().values().stream().mapToLong(Long::longValue).sum(),
        counts.chunksWritten() + counts.chunksUnchanged(), counts.chunksEmbedded(),
        counts.chunksReused()), failures);
  }
}
