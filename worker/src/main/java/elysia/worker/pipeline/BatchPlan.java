package elysia.worker.pipeline;

import elysia.core.batch.Batch;
import elysia.core.batch.BatchResult;
import elysia.core.batch.FileTask;
import elysia.core.chunk.Chunk;
import elysia.core.chunk.Chunker;
import elysia.core.chunk.Chunker.Chunking;
import elysia.core.embed.Embedding;
import elysia.core.identity.ChunkId;
import elysia.core.identity.FilePath;
import elysia.core.identity.Sha256;
import elysia.core.store.ChunkHeader;
import elysia.core.store.StoredChunk;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;

/// The chunks that the index should hold for the files of a batch, and the difference from what it
/// holds. One thread.
final class BatchPlan {
  /// A chunk that the index should hold.
  record Wanted(FilePath path, UUID id, String language, Chunk chunk, String contentHash,
      String vectorHash, String fileHash, long size, String metadata) {
    StoredChunk stored(Batch batch, Instant at, Optional<Embedding> vector) {
      return new StoredChunk(id, batch.repo(), path, language, batch.commit(), chunk.index(),
          chunk.startLine(), chunk.endLine(), chunk.content(), contentHash,
          vectorHash, fileHash, size, at, List.of(), metadata, vector);
    }

    boolean same(ChunkHeader there) {
      return there.contentHash().equals(contentHash) && there.vectorHash().equals(vectorHash)
          && there.fileHash().equals(fileHash) && there.metadata().equals(metadata)
          && there.startLine() == chunk.startLine() && there.endLine() == chunk.endLine()
          && there.chunk() == chunk.index() && there.path().equals(path);
    }
  }

  private final Map<FilePath, List<Wanted>> wantedByPath = new LinkedHashMap<>();
  private final Map<String, Long> skipped = new TreeMap<>();
  private final List<BatchResult.Note> notes = new ArrayList<>();
  private long indexed;
  private long removed;
  private final List<Wanted> toWrite = new ArrayList<>();
  private final Map<UUID, ChunkHeader> toRemove = new LinkedHashMap<>();
  private long unchanged;

  /// Chunks every file; of several tasks for one path the last counts.
  static BatchPlan of(Batch batch, List<FileTask> tasks, Chunker chunker) {
    BatchPlan plan = new BatchPlan();
    Map<FilePath, FileTask> last = new LinkedHashMap<>();
    for (FileTask task : tasks)
      last.put(task.path(), task);
    for (FileTask task : last.values()) {
      switch (task) {
        case FileTask.Index index ->
          plan.want(batch, index, chunker.chunk(index.path(), index.content().bytes()));
        case FileTask.Remove(var path) -> {
          plan.wantedByPath.put(path, List.of());
          plan.removed++;
        }
        case FileTask.Move move ->
          throw new IllegalArgumentException("a move stands alone: " + move.path());
      }
    }
    return plan;
  }

  private void want(Batch batch, FileTask.Index index, Chunking chunking) {
    switch (chunking) {
      case Chunking.Skipped(var reason, var detail) -> {
        skipped.merge(reason.label(), 1L, Long::sum);
        notes.add(new BatchResult.Note(index.path(), reason.label(), detail));
        wantedByPath.put(index.path(), List.of());
      }
      case Chunking.Chunks(var language, var chunks, var replaced) -> {
        indexed++;
        if (replaced)
          notes.add(new BatchResult.Note(index.path(), BatchResult.REPLACED_BYTES,
              "bytes that are no UTF-8 were replaced by U+FFFD"));
        String fileHash = Sha256.hex(index.content().bytes());
        List<Wanted> wanted = new ArrayList<>(chunks.size());
        for (Chunk chunk : chunks)
          wanted.add(new Wanted(index.path(),
              ChunkId.of(batch.collection(), batch.repo(), index.path(), chunk.index()), language,
              chunk, chunk.contentHash(),
              chunk.vectorHash(), fileHash, index.content().size(), index.metadata()));
        wantedByPath.put(index.path(), wanted);
      }
    }
  }

  /// Compares with what is stored.
  ///
  /// @param rewrite write everything wanted, even what looks the same
  void compare(List<ChunkHeader> there, boolean rewrite) {
    Map<UUID, ChunkHeader> byId = new HashMap<>();
    for (ChunkHeader header : there)
      byId.put(header.id(), header);
    toRemove.putAll(byId);
    for (List<Wanted> file : wantedByPath.values()) {
      boolean asItIs = !rewrite;
      for (Wanted wanted : file) {
        toRemove.remove(wanted.id());
        ChunkHeader header = byId.get(wanted.id());
        asItIs = asItIs && header != null && wanted.same(header);
      }
      if (asItIs)
        unchanged += file.size();
      else
        toWrite.addAll(file);
    }
  }

  Set<FilePath> paths() {
    return wantedByPath.keySet();
  }

  List<Wanted> toWrite() {
    return toWrite;
  }

  Set<UUID> toRemove() {
    return toRemove.keySet();
  }

  Set<String> neededHashes() {
    Set<String> hashes = new HashSet<>();
    for (Wanted wanted : toWrite)
      hashes.add(wanted.vectorHash());
    return hashes;
  }

  /// Hashes of vectors that will be in no chunk of these files any more.
  Set<String> leavingHashes(List<ChunkHeader> there) {
    Set<String> leaving = new HashSet<>();
    for (ChunkHeader header : there)
      leaving.add(header.vectorHash());
    for (List<Wanted> file : wantedByPath.values())
      for (Wanted wanted : file)
        leaving.remove(wanted.vectorHash());
    return leaving;
  }

  /// The files for which something changes.
  Set<FilePath> touched() {
    Set<FilePath> touched = new HashSet<>();
    for (Wanted wanted : toWrite)
      touched.add(wanted.path());
    for (ChunkHeader header : toRemove.values())
      touched.add(header.path());
    return touched;
  }

  long indexed() {
    return indexed;
  }

  long removed() {
    return removed;
  }

  long unchanged() {
    return unchanged;
  }

  List<BatchResult.Note> notes() {
    return notes;
  }

  Map<String, Long> skipped() {
    return skipped;
  }
}
