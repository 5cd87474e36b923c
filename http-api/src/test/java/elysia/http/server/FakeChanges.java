package elysia.http.server;

import elysia.core.change.Change;
import elysia.core.feed.Applied;
import elysia.core.feed.Changes;
import elysia.core.feed.IndexedFile;
import elysia.core.feed.LineFailure;
import elysia.core.feed.Totals;
import elysia.core.feed.Upload;
import elysia.core.identity.CollectionName;
import elysia.core.identity.FilePath;
import elysia.core.identity.RepositoryName;
import elysia.core.outcome.Outcome;
import elysia.core.outcome.Problem;
import elysia.core.outcome.Unit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/// Takes changes and remembers them; paths decide the outcome: `bad` fails, `busy` is busy.
final class FakeChanges implements Changes {
  final List<String> applied = new CopyOnWriteArrayList<>();
  final List<String> ends = new CopyOnWriteArrayList<>();
  final AtomicReference<Applied> counted = new AtomicReference<>(Applied.NOTHING);
  final AtomicInteger groups = new AtomicInteger();
  final Map<String, Long> uploads = new ConcurrentHashMap<>();
  final Map<String, String> fingerprints = new ConcurrentHashMap<>();
  final Map<String, Integer> attempts = new ConcurrentHashMap<>();
  final AtomicReference<Outcome<Unit>> ready = new AtomicReference<>(Unit.ok());

  @Override
  public Outcome<Unit> ready() {
    return ready.get();
  }

  @Override
  public CompletionStage<Outcome<Applied>> apply(CollectionName collection, List<Change> changes,
      Optional<Upload> upload, boolean redelivered) {
    groups.incrementAndGet();
    if (changes.stream().anyMatch(change -> change.path().value().equals("busy")))
      return CompletableFuture
          .completedFuture(new Outcome.Busy<>("store_unavailable", "the store is down"));
    for (Change change : changes)
      applied.add(change.op() + " " + change.path() + (redelivered ? " again" : ""));
    return estimate(collection, changes);
  }

  @Override
  public CompletionStage<Outcome<Applied>> estimate(CollectionName collection,
      List<Change> changes) {
    List<LineFailure> failures = new ArrayList<>();
    for (Change change : changes)
      if (change.path().value().equals("bad"))
        failures.add(new LineFailure(change.position().line(), change.path(),
            Problem.of("no_content", "content: missing")));
    return CompletableFuture.completedFuture(Outcome.ok(new Applied(
        new Totals(changes.size() - failures.size(), 0, 0, 0, failures.size(), 0, 7, 5, 2),
        failures)));
  }

  @Override
  public CompletionStage<Outcome<Upload>> begin(CollectionName collection, String key) {
    boolean resumed = uploads.containsKey(key);
    return CompletableFuture.completedFuture(Outcome.ok(new Upload(key, "me",
        attempts.merge(key, 1, Integer::sum), uploads.computeIfAbsent(key, _ -> 0L),
        Optional.ofNullable(fingerprints.get(key)), resumed)));
  }

  @Override
  public CompletionStage<Outcome<Unit>> acknowledge(CollectionName collection, Upload upload,
      long line, String fingerprint) {
    if (uploads.merge(upload.key(), line, Math::max) == line)
      fingerprints.put(upload.key(), fingerprint);
    return CompletableFuture.completedFuture(Unit.ok());
  }

  @Override
  public void count(Applied done) {
    counted.updateAndGet(done::plus);
  }

  @Override
  public void ended(Duration took, Optional<Problem> stopped) {
    ends.add(stopped.map(Problem::code).orElse("done"));
  }

  @Override
  public CompletionStage<Outcome<Unit>> files(CollectionName collection, RepositoryName repo,
      Consumer<IndexedFile> visitor) {
    return CompletableFuture.supplyAsync(() -> {
      if (collection.value().equals("none"))
        return Outcome.refused("collection_not_found", "no collection");
      for (int i = 0; i < 1_000; i++)
        visitor.accept(new IndexedFile(new FilePath(repo + "/" + i), "h" + i));
      return Unit.ok();
    });
  }
}
