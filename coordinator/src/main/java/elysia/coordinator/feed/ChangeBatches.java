package elysia.coordinator.feed;

import elysia.core.batch.FileContent;
import elysia.core.batch.FileTask;
import elysia.core.change.Change;
import elysia.core.change.LineContent.Absent;
import elysia.core.change.LineContent.Decoded;
import elysia.core.change.LineContent.Inline;
import elysia.core.change.LineContent.Ref;
import elysia.core.change.LineContent.Unusable;
import elysia.core.feed.Applied;
import elysia.core.feed.LineFailure;
import elysia.core.feed.Totals;
import elysia.core.identity.FilePath;
import elysia.core.identity.RepositoryName;
import elysia.core.outcome.Problem;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/// Changes as tasks for workers, in batches of one repository and one commit each.
final class ChangeBatches {
  private final FeedSettings settings;
  private final Predicate<RepositoryName> managed;
  private final List<ChangeBatch> batches = new ArrayList<>();
  private final Map<RepositoryName, ChangeBatch> open = new HashMap<>();
  private final List<LineFailure> failures = new ArrayList<>();

  /// @param managed repositories that the cluster keeps in the collection
  ChangeBatches(List<Change> changes, Set<String> managed, FeedSettings settings) {
    this.settings = settings;
    this.managed = repo -> managed.contains(repo.value());
    for (Change change : changes)
      add(change);
  }

  /// In order, for each repository.
  List<ChangeBatch> batches() {
    return batches;
  }

  /// The failures of changes that go to no queue.
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
    ChangeBatch batch = open.get(repo);
    if (batch == null || !batch.add(change, commit, tasks, bytes, skipped)) {
      batch = new ChangeBatch(repo, commit, settings);
      batch.add(change, commit, tasks, bytes, skipped);
      open.put(repo, batch);
      batches.add(batch);
    }
  }
}
