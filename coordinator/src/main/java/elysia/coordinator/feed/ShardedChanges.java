package elysia.coordinator.feed;

import elysia.coordinator.event.SyncMeters;
import elysia.coordinator.journal.JournalAvailability;
import elysia.coordinator.view.ViewStore;
import elysia.core.batch.BatchResult;
import elysia.core.batch.FileTask;
import elysia.core.change.Change;
import elysia.core.chunk.Chunk;
import elysia.core.chunk.Chunker;
import elysia.core.chunk.Chunker.Chunking;
import elysia.core.embed.Embedding;
import elysia.core.embed.EmbeddingModel;
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
import elysia.core.repository.RepositoryStatus;
import elysia.core.repository.SyncCounts;
import elysia.core.store.CollectionInfo;
import elysia.core.store.VectorStore;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.pekko.actor.typed.ActorRef;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Sends changes to the change queues of their repositories, from any node.
public final class ShardedChanges implements Changes {
  private static final Logger LOG = LoggerFactory.getLogger(ShardedChanges.class);
  private static final String UNKNOWN = "no answer; the changes may or may not be in";
  private static final Duration LATER = Duration.ofSeconds(2);

  /// Access to change queues; the answer is the final one.
  @FunctionalInterface
  public interface Queues {
    /// @param id of the queue
    CompletionStage<ChangeQueue.Reply> ask(String id,
        Function<ActorRef<ChangeQueue.Reply>, ChangeQueue.Command> command);
  }

  private final Queues queues;
  private final VectorStore store;
  private final ViewStore view;
  private final FeedTables tables;
  private final Chunker chunker;
  private final Supplier<Outcome<EmbeddingModel>> model;
  private final FeedSettings settings;
  private final SyncMeters meters;
  private final JournalAvailability journal;
  private final InstantSource clock;
  private final Executor blocking;

  /// @param model that this node embeds with; may have to be asked for
  /// @param journal of the journal's database
  /// @param blocking runs what blocks
  public ShardedChanges(Queues queues, VectorStore store, ViewStore view, FeedTables tables,
      Chunker chunker, Supplier<Outcome<EmbeddingModel>> model, FeedSettings settings,
      SyncMeters meters, JournalAvailability journal, InstantSource clock, Executor blocking) {
    this.queues = queues;
    this.store = store;
    this.view = view;
    this.tables = tables;
    this.chunker = chunker;
    this.model = model;
    this.settings = settings;
    this.meters = meters;
    this.journal = journal;
    this.clock = clock;
    this.blocking = blocking;
  }

  private record Prepared(ChangeBatches batches, EmbeddingModel model) {}

  @Override
  public Outcome<Unit> ready() {
    return journal.reason()
        .<Outcome<Unit>>map(
            why -> new Outcome.Busy<>("journal_unavailable", why, JournalAvailability.RETRY_AFTER))
        .orElseGet(Unit::ok);
  }

  @Override
  public CompletionStage<Outcome<Applied>> apply(CollectionName collection, List<Change> changes,
      Optional<Upload> upload, boolean redelivered) {
    return journaled(() -> prepared(collection, changes))
        .thenCompose(prepared -> switch (prepared) {
          case Outcome.Ok<Prepared>(var ready) -> send(collection, ready, upload, redelivered);
          case Outcome.Busy<Prepared>(var code, var why, var after) ->
            CompletableFuture.completedFuture(new Outcome.Busy<>(code, why, after));
          case Outcome.Refused<Prepared>(var problem) ->
            CompletableFuture.completedFuture(new Outcome.Refused<>(problem));
        });
  }

  private Outcome<Prepared> prepared(CollectionName collection, List<Change> changes) {
    return managed(collection).flatMap(managed -> {
      ChangeBatches batches = new ChangeBatches(changes, managed, settings);
      return existing(collection).flatMap(info -> info.isPresent()
          ? Outcome.ok(info.get())
          : model.get().flatMap(own -> store.create(collection, own)))
          .map(info -> new Prepared(batches, info.model()));
    });
  }

  private CompletionStage<Outcome<Applied>> send(CollectionName collection, Prepared prepared,
      Optional<Upload> upload, boolean redelivered) {
    String key = upload.map(Upload::key).orElse("");
    long attempt = upload.map(Upload::attempt).orElse(0L);
    CompletionStage<Outcome<Applied>> all = CompletableFuture
        .completedFuture(Outcome.ok(prepared.batches().refused()));
    for (ChangeBatch batch : prepared.batches().batches()) {
      CompletionStage<Outcome<Applied>> one = queues
          .ask(ChangeQueue.id(collection, batch.repo()),
              replyTo -> new ChangeQueue.Submit(collection, prepared.model(), batch.repo(),
                  batch.commit(),
                  batch.tasks(), redelivered, key, attempt, replyTo))
          .handle((reply, error) -> outcome(batch, reply, error));
      all = all.thenCombine(one, ShardedChanges::both);
    }
    return all;
  }

  private static Outcome<Applied> outcome(ChangeBatch batch, ChangeQueue.Reply reply,
      Throwable error) {
    if (error != null) {
      LOG.warn("{}: no answer: {}", batch.repo(), error.toString());
      return new Outcome.Busy<>("no_answer", UNKNOWN, LATER);
    }
    return switch (reply) {
      case ChangeQueue.Done(var result) -> Outcome.ok(batch.applied(result));
      case ChangeQueue.Accepted _ -> new Outcome.Busy<>("in_progress", "it is not done yet", LATER);
      case ChangeQueue.GaveUp(var reason, var after) ->
        new Outcome.Busy<>("unavailable", reason, after.or(() -> Optional.of(LATER)));
      case ChangeQueue.Refused(var problem) -> new Outcome.Refused<>(problem);
    };
  }

  /// What needs a person goes before what only needs time.
  private static Outcome<Applied> both(Outcome<Applied> a, Outcome<Applied> b) {
    if (b instanceof Outcome.Refused && a instanceof Outcome.Busy)
      return b;
    return a.flatMap(first -> b.map(first::plus));
  }

  @Override
  public CompletionStage<Outcome<Applied>> estimate(CollectionName collection,
      List<Change> changes) {
    return journaled(() -> managed(collection).flatMap(managed -> {
      ChangeBatches batches = new ChangeBatches(changes, managed, settings);
      return existing(collection).flatMap(info -> {
        Outcome<Applied> sum = Outcome.ok(batches.refused());
        for (ChangeBatch batch : batches.batches())
          sum = sum.flatMap(so -> estimate(collection, info, batch).map(so::plus));
        return sum;
      });
    }));
  }

  private Outcome<Applied> estimate(CollectionName collection, Optional<CollectionInfo> info,
      ChangeBatch batch) {
    Map<FilePath, FileTask> last = new LinkedHashMap<>();
    for (FileTask task : batch.tasks())
      last.put(task.path(), task);
    Map<String, Long> skipped = new TreeMap<>();
    Set<String> hashes = new HashSet<>();
    long chunks = 0;
    for (FileTask task : last.values())
      if (task instanceof FileTask.Index(var path, var content, _))
        switch (chunker.chunk(path, content.bytes())) {
          case Chunking.Skipped(var reason, _) -> skipped.merge(reason.label(), 1L, Long::sum);
          case Chunking.Chunks(_, var all, _) -> {
            chunks += all.size();
            for (Chunk chunk : all)
              hashes.add(chunk.vectorHash());
          }
        }
    long total = chunks;
    return known(collection, info, hashes).map(known -> {
      long embedded = hashes.size() - known;
      return batch.applied(new BatchResult(SyncCounts.NONE.withChunksWritten(total)
          .withChunksEmbedded(embedded).withChunksReused(total - embedded)
          .withFilesSkipped(skipped), List.of()));
    });
  }

  private Outcome<Long> known(CollectionName collection, Optional<CollectionInfo> info,
      Set<String> hashes) {
    if (hashes.isEmpty() || info.isEmpty())
      return Outcome.ok(0L);
    Outcome<Map<String, Embedding>> found = store.vectors(collection, info.get().model(), hashes);
    return found.map(vectors -> (long) vectors.size());
  }

  private Outcome<Optional<CollectionInfo>> existing(CollectionName collection) {
    return store.collection(collection);
  }

  private Outcome<Set<String>> managed(CollectionName collection) {
    return query(() -> view.inCollection(collection.value()).stream().map(RepositoryStatus::name)
        .collect(Collectors.toUnmodifiableSet()));
  }

  @Override
  public CompletionStage<Outcome<Upload>> begin(CollectionName collection, String key) {
    return journaled(() -> query(() -> tables.begin(collection.value(), key)));
  }

  @Override
  public CompletionStage<Outcome<Unit>> acknowledge(CollectionName collection, Upload upload,
      long line, String fingerprint) {
    return journaled(() -> query(
        () -> tables.acknowledge(collection.value(), upload, line, fingerprint))
        .flatMap(mine -> mine
            ? Unit.ok()
            : Outcome.refused("upload_taken_over", "another request has taken this upload over")));
  }

  @Override
  public void count(Applied applied) {
    Totals totals = applied.totals();
    meters.files("add", totals.added() + totals.updated() - totals.unindexable());
    meters.files("delete", totals.deleted());
    meters.files("skip", totals.skipped() + totals.unindexable());
    meters.files("fail", totals.failed());
    for (LineFailure failure : applied.failures())
      meters.failure(failure.error().code());
  }

  @Override
  public void ended(Duration took, Optional<Problem> stopped) {
    stopped.ifPresentOrElse(problem -> meters.failed(clock.instant(), problem.code()),
        () -> meters.completed(clock.instant(), took));
  }

  @Override
  public CompletionStage<Outcome<Unit>> files(CollectionName collection, RepositoryName repo,
      Consumer<IndexedFile> visitor) {
    return blocking(() -> store.list(collection, repo, header -> {
      if (header.chunk() == 0)
        visitor.accept(new IndexedFile(header.path(), header.fileHash()));
    }));
  }

  private interface Query<T> {
    T run() throws SQLException;
  }

  private static <T> Outcome<T> query(Query<T> query) {
    try {
      return Outcome.ok(query.run());
    } catch (SQLException e) {
      LOG.warn("the database does not answer: {}", e.toString());
      return new Outcome.Busy<>("database_unavailable", "the database does not answer", LATER);
    }
  }

  /// What needs the journal's database, and may be done again.
  private <T> CompletionStage<Outcome<T>> journaled(Supplier<Outcome<T>> call) {
    return journal.repeatable(() -> blocking(call));
  }

  private <T> CompletionStage<Outcome<T>> blocking(Supplier<Outcome<T>> call) {
    return CompletableFuture.supplyAsync(call, blocking);
  }
}
