package elysia.coordinator.feed;

import elysia.core.batch.BatchResult;
import elysia.core.batch.FileContent;
import elysia.core.batch.FileTask;
import elysia.core.change.Change;
import elysia.core.change.LineContent.Absent;
import elysia.core.change.LineContent.Decoded;
import elysia.core.change.LineContent.Inline;
import elysia.core.change.LineContent.Ref;
import elysia.core.change.LineContent.Unusable;
import elysia.core.change.Op;
import elysia.core.feed.Applied;
import elysia.core.feed.LineFailure;
import elysia.core.feed.Renames;
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
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/// Changes as tasks for workers, in batches of one repository and one commit each.
final class Plan {
  /// Changes that go to a lane together.
  static final class Part {
    private final RepositoryName repo;
    private final String commit;
    private final List<Change> changes = new ArrayList<>();
    private final List<FileTask> tasks = new ArrayList<>();
    private final Renames renames = new Renames();
    private long bytes;
    private long skipped;

    private Part(RepositoryName repo, String commit) {
      this.repo = repo;
      this.commit = commit;
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

    /// What became of its changes. A failure belongs to the last change of its path.
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

  private final FeedSettings settings;
  private final Predicate<RepositoryName> managed;
  private final List<Part> parts = new ArrayList<>();
  private final Map<RepositoryName, Part> open = new HashMap<>();
  private final List<LineFailure> failures = new ArrayList<>();

  /// @param managed
  ///          repositories that the cluster keeps in the collection
  Plan(List<Change> changes, Set<String> managed, FeedSettings settings) {
    this.settings = settings;
    this.managed = repo -> managed.contains(repo.value());
    for (Change change : changes)
      add(change);
  }

  /// In order, for each repository.
  List<Part> parts() {
    return parts;
  }

  /// Of changes that go to no lane.
  Applied refused() {
    return new Applied(new Totals(0, 0, 0, 0, failures.size(), 0, 0, 0, 0), failures);
  }

  private void add(Change change) {
    if (change.repo().isEmpty()) {
      fail(change, "no_repository", "the line names no repository",
          "add a field repo, or use `elysiactl index sync`");
      return;
    }
    RepositoryName repo = change.repo().get();
    if (managed.test(repo)) {
      fail(change, "managed_repository", "the cluster keeps " + repo + " in step itself",
          "use `elysiactl repo sync " + repo + "`");
      return;
    }
    if (change.skipIndex()) {
      put(change, repo, gone(change), 0, true);
      return;
    }
    switch (change.op()) {
      case DELETE -> put(change, repo, gone(change), 0, false);
      case ADD, MODIFY -> content(change, repo, List.of());
      case RENAME -> {
        if (change.content() instanceof Absent)
          put(change, repo,
              List.of(new FileTask.Move(change.path(), change.newPath().orElseThrow())),
              0, false);
        else
          content(change, repo, List.of(new FileTask.Remove(change.path())));
      }
    }
  }

  private static List<FileTask> gone(Change change) {
    List<FileTask> tasks = new ArrayList<>();
    change.newPath().ifPresent(to -> tasks.add(new FileTask.Remove(to)));
    tasks.add(new FileTask.Remove(change.path()));
    return tasks;
  }

  private void content(Change change, RepositoryName repo, List<FileTask> after) {
    Optional<byte[]> bytes = switch (change.content()) {
      case Inline(var utf8) -> Optional.of(utf8.array());
      case Decoded(var decoded) -> Optional.of(decoded.array());
      case Ref _ ->
        none(change, "a path, which only a client may read: use `elysiactl index sync`");
      case Absent() -> none(change, "missing");
      case Unusable(var reason) -> none(change, reason);
    };
    if (bytes.isEmpty())
      return;
    FilePath path = change.newPath().orElse(change.path());
    if (bytes.get().length > settings.maxFileSize()) {
      put(change, repo, gone(change), 0, true);
      return;
    }
    List<FileTask> tasks = new ArrayList<>();
    tasks.add(
        new FileTask.Index(path, FileContent.of(bytes.get()),
            change.metadata().custom().orElse("")));
    tasks.addAll(after);
    put(change, repo, tasks, bytes.get().length, false);
  }

  private Optional<byte[]> none(Change change, String why) {
    fail(change, "no_content", "content: " + why + " (expected: the file, whole)",
        "send content or content_base64");
    return Optional.empty();
  }

  private void fail(Change change, String code, String message, String hint) {
    failures.add(new LineFailure(change.position().line(), change.path(),
        Problem.of(code, message, hint)));
  }

  private void put(Change change, RepositoryName repo, List<FileTask> tasks, long bytes,
      boolean skipped) {
    String commit = change.metadata().commit().orElse("");
    Part part = open.get(repo);
    if (part == null || !part.commit.equals(commit) || part.changes.size() >= settings.files()
        || (part.bytes > 0 && part.bytes + bytes > settings.bytes())
        || !part.renames.add(change)) {
      part = new Part(repo, commit);
      part.renames.add(change);
      open.put(repo, part);
      parts.add(part);
    }
    if (skipped)
      part.skipped++;
    else
      part.changes.add(change);
    part.tasks.addAll(tasks);
    part.bytes += bytes;
  }
}
