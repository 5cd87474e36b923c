package elysia.worker.pipeline;

import elysia.core.batch.Batch;
import elysia.core.batch.BatchId;
import elysia.core.batch.FileTask;
import elysia.core.chunk.Chunker;
import elysia.core.embed.Embedder;
import elysia.core.embed.Embedding;
import elysia.core.embed.EmbeddingModel;
import elysia.core.identity.FilePath;
import elysia.core.outcome.Problem;
import elysia.core.repository.SyncCounts;
import elysia.core.store.ChunkHeader;
import elysia.core.store.StoredChunk;
import elysia.core.store.VectorStore;
import elysia.core.store.WriteMode;
import elysia.worker.pipeline.BatchPlan.Wanted;
import elysia.worker.pipeline.Stages.Stage;
import elysia.worker.pipeline.VectorFinder.Found;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Makes the index hold what a batch says: per file decode, chunk, look vectors up, embed the rest,
/// write, and only then remove what is left over.
///
/// Thread-safe; [#process] blocks its thread. Doing a batch twice, or half and then whole, ends
/// the same.
public final class BatchProcessor {
  private static final int WAITING = 1_000;

  private final VectorStore store;
  private final Embedder embedder;
  private final Chunker chunker;
  private final VectorFinder vectors;
  private final InstantSource clock;
  private final WorkMeters meters;
  /// Texts that were embedded for batches which had to wait: the tries that follow find their
  /// vectors, but the result of the batch must tell of them.
  private final Map<BatchId, Long> paid = Collections.synchronizedMap(new LinkedHashMap<>() {
    private static final long serialVersionUID = 1L;

    @Override
    protected boolean removeEldestEntry(Map.Entry<BatchId, Long> eldest) {
      return size() > WAITING;
    }
  });

  public BatchProcessor(VectorStore store, Embedder embedder, Chunker chunker, VectorMemory memory,
      InstantSource clock, WorkMeters meters) {
    this.store = store;
    this.embedder = embedder;
    this.chunker = chunker;
    this.vectors = new VectorFinder(store, embedder, memory);
    this.clock = clock;
    this.meters = meters;
  }

  /// The model that this node embeds with.
  public EmbeddingModel model() {
    return embedder.model();
  }

  /// Does the batch while its lease lasts.
  public Processed process(Batch batch, Lease lease) {
    BatchAttempt attempt = new BatchAttempt(batch, lease, paid.getOrDefault(batch.id(), 0L));
    Processed processed;
    try {
      checkModel(attempt);
      work(attempt);
      processed = attempt.done();
      paid.remove(batch.id());
    } catch (AttemptEnd stop) {
      processed = stop.processed();
      if (processed instanceof Processed.Deferred)
        meters.deferred(attempt.at());
      paid.put(batch.id(), attempt.embeddedSoFar());
    }
    meters.record(attempt.stages(), attempt.counts());
    return processed;
  }

  private void checkModel(BatchAttempt attempt) throws AttemptEnd {
    Batch batch = attempt.batch();
    if (batch.model().inStore())
      return;
    EmbeddingModel own = attempt.ok(Stage.EMBED, embedder.ready());
    if (!batch.model().sameVectors(own))
      throw new AttemptEnd(new Processed.Failed(Problem.of("model_mismatch",
          "collection " + batch.collection() + " has vectors of " + batch.model()
              + ", this node embeds with " + own,
          "run nodes with one embedder, or make a new collection for the other model")));
  }

  /// Tasks between two moves are done together.
  private void work(BatchAttempt attempt) throws AttemptEnd {
    List<FileTask> tasks = attempt.batch().tasks();
    Moves moves = new Moves(store, clock, attempt);
    List<FileTask> segment = new ArrayList<>();
    for (int i = 0; i < tasks.size(); i++) {
      if (tasks.get(i) instanceof FileTask.Move move) {
        files(attempt, segment);
        segment.clear();
        moves.move(i, move);
      } else if (!moves.alreadyApplied(i, tasks.get(i)))
        segment.add(tasks.get(i));
    }
    files(attempt, segment);
  }

  private void files(BatchAttempt attempt, List<FileTask> tasks) throws AttemptEnd {
    if (tasks.isEmpty())
      return;
    Batch batch = attempt.batch();
    BatchPlan plan = attempt.stages().timed(Stage.CHUNK, () -> BatchPlan.of(batch, tasks, chunker));
    List<ChunkHeader> there = attempt
        .lookUp(() -> store.headers(batch.collection(), batch.repo(), plan.paths()));
    plan.compare(there, batch.redelivered());
    Found found = vectors.find(attempt, plan, there);
    try {
      write(attempt, plan, found);
    } catch (AttemptEnd stop) {
      vectors.keepAll(attempt, found);
      throw stop;
    }
  }

  private void write(BatchAttempt attempt, BatchPlan plan, Found found) throws AttemptEnd {
    Batch batch = attempt.batch();
    Instant now = clock.instant();
    List<StoredChunk> chunks = new ArrayList<>();
    Set<UUID> remove = new HashSet<>(plan.toRemove());
    Set<FilePath> failed = new HashSet<>();
    for (Wanted wanted : plan.toWrite()) {
      Embedding vector = found.vectors().get(wanted.vectorHash());
      if (vector != null || batch.model().inStore())
        chunks.add(wanted.stored(batch, now, Optional.ofNullable(vector)));
      else {
        remove.add(wanted.id());
        if (failed.add(wanted.path()))
          attempt.fail(wanted.path(), "embedding_rejected",
              lines(wanted.chunk().startLine(), wanted.chunk().endLine(),
                  found.rejected().get(wanted.vectorHash())));
      }
    }
    if (!chunks.isEmpty())
      attempt.awaitPermit(store);
    Map<UUID, String> refused = chunks.isEmpty()
        ? Map.of()
        : attempt.write(plan.touched(), () -> store.write(batch.collection(), chunks,
            batch.redelivered() ? WriteMode.REPLACE : WriteMode.UPSERT)).rejected();
    for (StoredChunk chunk : chunks) {
      String why = refused.get(chunk.id());
      if (why != null && failed.add(chunk.path()))
        attempt.fail(chunk.path(), "store_rejected",
            lines(chunk.startLine(), chunk.endLine(), why));
    }
    remove.addAll(refused.keySet()); // an older version there would be stale
    if (!remove.isEmpty())
      attempt.write(plan.touched(), () -> store.remove(batch.collection(), remove));
    long embedded = batch.model().inStore()
        ? chunks.stream().filter(chunk -> chunk.vector().isEmpty()).count()
        : found.fresh().size();
    attempt.note(plan.notes());
    attempt.count(SyncCounts.NONE.withFilesIndexed(plan.indexed() - failed.size())
        .withFilesRemoved(plan.removed())
        .withChunksWritten((long) chunks.size() - refused.size())
        .withChunksUnchanged(plan.unchanged()).withChunksRemoved(plan.toRemove().size())
        .withChunksEmbedded(embedded).withChunksReused(Math.max(0, chunks.size() - embedded))
        .withFilesFailed(failed.size()).withFilesSkipped(plan.skipped()));
  }

  private static String lines(int first, int last, @Nullable String why) {
    return "lines " + first + "-" + last + ": " + why;
  }
}
