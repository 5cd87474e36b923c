package elysia.worker.pipeline;

import elysia.core.batch.Batch;
import elysia.core.batch.BatchResult;
import elysia.core.batch.FileTask;
import elysia.core.chunk.Chunker;
import elysia.core.embed.Embedder;
import elysia.core.embed.Embedder.Embedded;
import elysia.core.embed.Embedding;
import elysia.core.embed.EmbeddingModel;
import elysia.core.identity.ChunkId;
import elysia.core.identity.FilePath;
import elysia.core.outcome.Outcome;
import elysia.core.outcome.Problem;
import elysia.core.outcome.Unit;
import elysia.core.repository.SyncCounts;
import elysia.core.store.ChunkHeader;
import elysia.core.store.StoredChunk;
import elysia.core.store.VectorStore;
import elysia.core.store.WriteMode;
import elysia.core.store.WriteReport;
import elysia.worker.pipeline.BatchPlan.Wanted;
import elysia.worker.pipeline.Stages.Stage;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;

/// Makes the index hold what a batch says: per file decode, chunk, look vectors up, embed the rest,
/// write, and only then remove what is left over.
///
/// Thread-safe; [#process] blocks its thread. Doing a batch twice, or half and then whole, ends
/// the same.
public final class BatchProcessor {
  private final VectorStore store;
  private final Embedder embedder;
  private final Chunker chunker;
  private final VectorMemory memory;
  private final InstantSource clock;
  private final WorkMeters meters;

  public BatchProcessor(VectorStore store, Embedder embedder, Chunker chunker, VectorMemory memory,
      InstantSource clock, WorkMeters meters) {
    this.store = store;
    this.embedder = embedder;
    this.chunker = chunker;
    this.memory = memory;
    this.clock = clock;
    this.meters = meters;
  }

  /// Does the batch while its lease lasts.
  public Processed process(Batch batch, Lease lease) {
    if (!batch.model().inStore() && !batch.model().sameVectors(embedder.model()))
      return new Processed.Failed(Problem.of("model_mismatch",
          "collection " + batch.collection() + " has vectors of " + batch.model()
              + ", this node embeds with " + embedder.model(),
          "run nodes with one embedder, or make a new collection for the other model"));
    Run run = new Run(batch, lease);
    Processed processed = run.segments();
    meters.record(run.stages, run.counts);
    return processed;
  }

  /// Ends a run early with what became of it.
  private static final class Stop extends Exception {
    private final transient Processed processed;

    Stop(Processed processed) {
      super(null, null, false, false);
      this.processed = processed;
    }
  }

  /// One batch at work.
  private final class Run {
    private final Batch batch;
    private final Lease lease;
    private final Stages stages = new Stages();
    private final List<BatchResult.Failure> failures = new ArrayList<>();
    private final Set<FilePath> late = new HashSet<>();
    private SyncCounts counts = SyncCounts.NONE;
    /// Set before the first write: from then on a failure leaves an unknown outcome.
    private boolean wrote;

    Run(Batch batch, Lease lease) {
      this.batch = batch;
      this.lease = lease;
    }

    Processed segments() {
      try {
        List<FileTask> segment = new ArrayList<>();
        for (FileTask task : batch.tasks()) {
          if (task instanceof FileTask.Move move) {
            files(segment);
            segment.clear();
            move(move);
          } else
            segment.add(task);
        }
        files(segment);
      } catch (Stop stop) {
        return stop.processed;
      }
      SyncCounts timed = counts
          .plus(new SyncCounts(0, 0, 0, 0, 0, 0, 0, 0, Map.of(), stages.millis()));
      return new Processed.Done(new BatchResult(timed, failures), List.copyOf(late));
    }

    private void files(List<FileTask> tasks) throws Stop {
      if (tasks.isEmpty())
        return;
      BatchPlan plan = stages.timed(Stage.CHUNK, () -> BatchPlan.of(batch, tasks, chunker));
      List<ChunkHeader> there = ok(stages.timed(Stage.LOOKUP,
          () -> store.headers(batch.collection(), batch.repo(), plan.paths())));
      plan.compare(there, batch.redelivered());
      Map<String, Embedding> vectors = new HashMap<>();
      Map<String, String> rejected = new LinkedHashMap<>();
      long embedded = 0;
      if (!batch.model().inStore()) {
        Set<String> needed = plan.neededHashes();
        remember(plan, there, needed, vectors);
        embedded = embed(plan, vectors, rejected);
      }
      write(plan, vectors, rejected, embedded);
    }

    /// Looks up the vectors that are needed, and those about to leave the index, which are
    /// remembered first.
    private void remember(BatchPlan plan, List<ChunkHeader> there, Set<String> needed,
        Map<String, Embedding> vectors) throws Stop {
      Set<String> leaving = plan.leavingHashes(there);
      Set<String> asked = new HashSet<>(needed);
      asked.addAll(leaving);
      if (asked.isEmpty())
        return;
      Map<String, Embedding> found = ok(stages.timed(Stage.LOOKUP,
          () -> store.vectors(batch.collection(), batch.model(), asked)));
      Map<String, Embedding> toRemember = new HashMap<>();
      found.forEach((hash, vector) -> {
        if (needed.contains(hash))
          vectors.put(hash, vector);
        if (leaving.contains(hash))
          toRemember.put(hash, vector);
      });
      stages.timed(Stage.LOOKUP, () -> {
        if (!toRemember.isEmpty())
          memory.remember(batch.model(), toRemember);
        Set<String> missing = new HashSet<>(needed);
        missing.removeAll(vectors.keySet());
        if (!missing.isEmpty())
          vectors.putAll(memory.recall(batch.model(), missing));
        return Unit.UNIT;
      });
    }

    private long embed(BatchPlan plan, Map<String, Embedding> vectors, Map<String, String> rejected)
        throws Stop {
      Map<String, String> texts = new LinkedHashMap<>();
      for (Wanted wanted : plan.toWrite())
        if (!vectors.containsKey(wanted.vectorHash()))
          texts.putIfAbsent(wanted.vectorHash(), wanted.chunk().embeddedText());
      List<String> hashes = List.copyOf(texts.keySet());
      Map<String, Embedding> fresh = new HashMap<>();
      for (int from = 0; from < hashes.size(); from += embedder.batchSize()) {
        if (!lease.valid())
          throw stop(expired(), fresh);
        List<String> slice = hashes.subList(from,
            Math.min(hashes.size(), from + embedder.batchSize()));
        List<String> sliceTexts = slice.stream().map(texts::get)
            .map(text -> text == null ? "" : text).toList();
        Outcome<List<Embedded>> outcome = stages.timed(Stage.EMBED,
            () -> embedder.embed(sliceTexts));
        switch (outcome) {
          case Outcome.Ok<List<Embedded>>(var results) -> {
            for (int i = 0; i < slice.size(); i++) {
              switch (results.get(i)) {
                case Embedded.Vector(var embedding) -> fresh.put(slice.get(i), embedding);
                case Embedded.Rejected(var reason) -> rejected.put(slice.get(i), reason);
              }
            }
          }
          case Outcome.Busy<List<Embedded>>(var reason, var retryAfter) ->
            throw stop(new Processed.Deferred(reason, retryAfter, wrote, List.copyOf(late)), fresh);
          case Outcome.Refused<List<Embedded>>(var problem) ->
            throw stop(new Processed.Failed(problem), fresh);
        }
      }
      vectors.putAll(fresh);
      return fresh.size();
    }

    /// Keeps what was paid for before giving up.
    private Stop stop(Processed processed, Map<String, Embedding> fresh) {
      if (!fresh.isEmpty())
        memory.remember(batch.model(), fresh);
      counts = counts.plus(new SyncCounts(0, 0, 0, 0, 0, fresh.size(), 0, 0, Map.of(), Map.of()));
      return new Stop(processed);
    }

    private void write(BatchPlan plan, Map<String, Embedding> vectors, Map<String, String> rejected,
        long embedded) throws Stop {
      Instant now = clock.instant();
      List<StoredChunk> chunks = new ArrayList<>();
      Map<FilePath, String> failed = new LinkedHashMap<>();
      Set<UUID> remove = new HashSet<>(plan.toRemove());
      for (Wanted wanted : plan.toWrite()) {
        Embedding vector = vectors.get(wanted.vectorHash());
        if (vector != null || batch.model().inStore())
          chunks.add(wanted.stored(batch, now, Optional.ofNullable(vector)));
        else {
          failed.putIfAbsent(wanted.path(), "lines " + wanted.chunk().startLine() + "-"
              + wanted.chunk().endLine() + ": " + rejected.get(wanted.vectorHash()));
          remove.add(wanted.id());
        }
      }
      failed.forEach(
          (path, why) -> failures.add(new BatchResult.Failure(path, "embedding_rejected", why)));
      WriteReport report = WriteReport.ALL_STORED;
      if (!chunks.isEmpty()) {
        if (!lease.valid())
          throw stop(expired(), vectors);
        WriteMode mode = batch.redelivered() ? WriteMode.REPLACE : WriteMode.UPSERT;
        Outcome<WriteReport> written = writing(() -> store.write(batch.collection(), chunks, mode));
        noteLate(plan.touched());
        if (!(written instanceof Outcome.Ok))
          memory.remember(batch.model(), vectors);
        report = ok(written);
      }
      if (!remove.isEmpty()) {
        Outcome<Unit> outcome = writing(() -> store.remove(batch.collection(), remove));
        noteLate(plan.touched());
        ok(outcome);
      }
      Map<UUID, String> refused = report.rejected();
      Set<FilePath> refusedPaths = new HashSet<>();
      for (StoredChunk chunk : chunks) {
        String why = refused.get(chunk.id());
        if (why != null && refusedPaths.add(chunk.path()) && !failed.containsKey(chunk.path()))
          failures.add(new BatchResult.Failure(chunk.path(), "store_rejected",
              "lines " + chunk.startLine() + "-" + chunk.endLine() + ": " + why));
      }
      refusedPaths.addAll(failed.keySet());
      long written = (long) chunks.size() - refused.size();
      counts = counts.plus(new SyncCounts(plan.indexed() - refusedPaths.size(), plan.removed(),
          written, plan.unchanged(), plan.toRemove().size(), embedded,
          Math.max(0, chunks.size() - embedded), refusedPaths.size(), plan.skipped(), Map.of()));
    }

    /// Gives a file's chunks another path; a file of which the index holds nothing cannot be moved.
    private void move(FileTask.Move move) throws Stop {
      if (move.path().equals(move.to()))
        return;
      List<StoredChunk> old = ok(stages.timed(Stage.LOOKUP,
          () -> store.chunks(batch.collection(), batch.repo(), move.path())));
      if (old.isEmpty()) {
        movedBefore(move);
        return;
      }
      List<ChunkHeader> replaced = ok(stages.timed(Stage.LOOKUP,
          () -> store.headers(batch.collection(), batch.repo(), List.of(move.to()))));
      Instant now = clock.instant();
      Set<UUID> leftovers = new HashSet<>();
      for (ChunkHeader header : replaced)
        leftovers.add(header.id());
      List<StoredChunk> moved = new ArrayList<>();
      for (StoredChunk c : old) {
        UUID id = ChunkId.of(batch.collection(), batch.repo(), move.to(), c.chunk());
        leftovers.remove(id);
        leftovers.add(c.id());
        moved.add(new StoredChunk(id, c.repo(), move.to(), c.language(), batch.commit(), c.chunk(),
            c.startLine(), c.endLine(), c.content(), c.contentHash(),
            c.vectorHash(), c.fileHash(), c.sizeBytes(), now, c.symbols(), c.metadata(),
            c.vector()));
      }
      Set<FilePath> touched = Set.of(move.path(), move.to());
      Outcome<WriteReport> written = writing(
          () -> store.write(batch.collection(), moved, WriteMode.REPLACE));
      noteLate(touched);
      WriteReport report = ok(written);
      if (!report.rejected().isEmpty()) {
        failures.add(new BatchResult.Failure(move.to(), "store_rejected",
            report.rejected().values().iterator().next()));
        counts = counts.plus(new SyncCounts(0, 0, 0, 0, 0, 0, 0, 1, Map.of(), Map.of()));
        return;
      }
      Outcome<Unit> removed = writing(() -> store.remove(batch.collection(), leftovers));
      noteLate(touched);
      ok(removed);
      counts = counts.plus(new SyncCounts(1, 1, moved.size(), 0, leftovers.size(), 0, moved.size(),
          0, Map.of(), Map.of()));
    }

    /// An earlier delivery of this batch may have done the move already; otherwise there was
    /// nothing to move.
    private void movedBefore(FileTask.Move move) throws Stop {
      List<ChunkHeader> there = ok(stages.timed(Stage.LOOKUP,
          () -> store.headers(batch.collection(), batch.repo(), List.of(move.to()))));
      if (batch.redelivered() && !there.isEmpty())
        return;
      failures.add(new BatchResult.Failure(move.path(), "nothing_to_move",
          "the index holds no chunks of this path: send the new path with its content"));
      counts = counts.plus(new SyncCounts(0, 0, 0, 0, 0, 0, 0, 1, Map.of(), Map.of()));
    }

    private <T> Outcome<T> writing(Supplier<Outcome<T>> write) throws Stop {
      if (!lease.valid())
        throw new Stop(expired());
      wrote = true;
      return stages.timed(Stage.WRITE, write);
    }

    private void noteLate(Set<FilePath> paths) {
      if (lease.overrun().compareTo(Duration.ZERO) > 0)
        late.addAll(paths);
    }

    private Processed expired() {
      return new Processed.Expired(List.copyOf(late));
    }

    private <T> T ok(Outcome<T> outcome) throws Stop {
      return switch (outcome) {
        case Outcome.Ok<T>(var value) -> value;
        case Outcome.Busy<T>(var reason, var retryAfter) ->
          throw new Stop(new Processed.Deferred(reason, retryAfter, wrote, List.copyOf(late)));
        case Outcome.Refused<T>(var problem) -> throw new Stop(new Processed.Failed(problem));
      };
    }
  }

  /// The model that this node embeds with.
  public EmbeddingModel model() {
    return embedder.model();
  }
}
