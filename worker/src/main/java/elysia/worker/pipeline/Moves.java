package elysia.worker.pipeline;

import elysia.core.batch.Batch;
import elysia.core.batch.FileTask;
import elysia.core.identity.ChunkId;
import elysia.core.identity.FilePath;
import elysia.core.identity.Sha256;
import elysia.core.repository.SyncCounts;
import elysia.core.store.ChunkHeader;
import elysia.core.store.StoredChunk;
import elysia.core.store.VectorStore;
import elysia.core.store.WriteMode;
import elysia.core.store.WriteReport;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/// Gives chunks of files other paths. One batch at a time.
///
/// A move cannot be done twice: after `b → c, a → b` the path `b` holds what was `a`. So for a batch
/// that was delivered before, what the index holds has to tell which moves are done already.
final class Moves {
  private final VectorStore store;
  private final InstantSource clock;
  private final BatchAttempt attempt;
  private final Batch batch;
  /// Tasks of the batch before this one were done by an earlier delivery, as far as they are moves.
  private final int doneBefore;
  private final boolean circular;

  Moves(VectorStore store, InstantSource clock, BatchAttempt attempt) throws AttemptEnd {
    this.store = store;
    this.clock = clock;
    this.attempt = attempt;
    batch = attempt.batch();
    circular = batch.redelivered() && circular();
    doneBefore = batch.redelivered() ? doneBefore() : 0;
  }

  /// Whether a task must not be done again: it put something where a move that is done took it.
  boolean alreadyApplied(int position, FileTask task) {
    if (position < doneBefore)
      for (FileTask other : batch.tasks().subList(0, doneBefore))
        if (other instanceof FileTask.Move(var path, var to)
            && (task.path().equals(path) || task.path().equals(to)))
          return true;
    return false;
  }

  /// A file of which the index holds nothing cannot be moved.
  void move(int position, FileTask.Move move) throws AttemptEnd {
    if (move.path().equals(move.to()) || (position < doneBefore && !alone(move)))
      return;
    if (circular) {
      fail(move.path(), "move_unclear",
          "files changed places, and it is not known whether that is done: send the new content");
      return;
    }
    List<StoredChunk> old = attempt
        .lookUp(() -> store.chunks(batch.collection(), batch.repo(), move.path()));
    if (old.isEmpty())
      movedBefore(move);
    else
      move(move, old);
  }

  /// Whether no other task touches its paths: then its own path tells whether it is done, and
  /// better than a later move of a file that may never have been there.
  private boolean alone(FileTask.Move move) {
    long touching = batch.tasks().stream().filter(task -> touches(task, move.path())
        || touches(task, move.to())).count();
    return touching == 1;
  }

  private static boolean touches(FileTask task, FilePath path) {
    return task.path().equals(path)
        || (task instanceof FileTask.Move(_, var to) && to.equals(path));
  }

  private void move(FileTask.Move move, List<StoredChunk> old) throws AttemptEnd {
    Instant now = clock.instant();
    List<StoredChunk> moved = new ArrayList<>();
    Set<UUID> kept = new HashSet<>();
    Set<UUID> orphans = new HashSet<>();
    for (StoredChunk chunk : old) {
      StoredChunk there = at(move.to(), chunk, now);
      moved.add(there);
      kept.add(there.id());
      orphans.add(chunk.id());
    }
    String fileHash = old.getFirst().fileHash();
    for (ChunkHeader header : headers(move.to())) {
      // of an earlier delivery that did not come to its end
      boolean part = batch.redelivered() && header.fileHash().equals(fileHash);
      if (!kept.contains(header.id()) && !part)
        orphans.add(header.id());
    }
    Set<FilePath> touched = Set.of(move.path(), move.to());
    attempt.begunMoving();
    WriteReport report = attempt.write(touched,
        () -> store.write(batch.collection(), moved, WriteMode.REPLACE));
    if (!report.rejected().isEmpty()) {
      fail(move.to(), "store_rejected", report.rejected().values().iterator().next());
      return;
    }
    attempt.write(touched, () -> store.remove(batch.collection(), orphans));
    attempt.count(SyncCounts.NONE.withFilesIndexed(1).withFilesRemoved(1)
        .withChunksWritten(moved.size()).withChunksRemoved(orphans.size())
        .withChunksReused(moved.size()));
  }

  private StoredChunk at(FilePath to, StoredChunk c, Instant now) {
    return new StoredChunk(ChunkId.of(batch.collection(), batch.repo(), to, c.chunk()), c.repo(),
        to, c.language(), batch.commit(), c.chunk(), c.startLine(), c.endLine(), c.content(),
        c.contentHash(), c.vectorHash(), c.fileHash(), c.sizeBytes(), now, c.symbols(),
        c.metadata(), c.vector());
  }

  /// An earlier delivery of this batch may have done the move already; otherwise there was nothing
  /// to move.
  private void movedBefore(FileTask.Move move) throws AttemptEnd {
    if (!batch.redelivered() || headers(move.to()).isEmpty())
      fail(move.path(), "nothing_to_move",
          "the index holds no chunks of this path: send the new path with its content");
  }

  private void fail(FilePath path, String reason, String message) {
    attempt.fail(path, reason, message);
    attempt.count(SyncCounts.NONE.withFilesFailed(1));
  }

  private List<ChunkHeader> headers(FilePath path) throws AttemptEnd {
    return attempt.lookUp(() -> store.headers(batch.collection(), batch.repo(), List.of(path)));
  }

  /// Moves are done in order: where a move has emptied its path, all before it are done. It says
  /// nothing when an earlier task was to fill that path, or when it may never have held anything.
  private int doneBefore() throws AttemptEnd {
    List<FileTask> tasks = batch.tasks();
    Set<FilePath> filled = new HashSet<>();
    int done = 0;
    for (int i = 0; i < tasks.size(); i++) {
      if (tasks.get(i) instanceof FileTask.Move(var path, var to)) {
        if (!filled.contains(path) && emptied(path, i + 1) && holds(to, i + 1))
          done = i + 1;
        else if (begun(path, to))
          done = Math.max(done, i);
        filled.add(to);
      } else
        filled.add(tasks.get(i).path());
    }
    return done;
  }

  /// Whether what is at a path is also where it is to go, at least in part.
  private boolean begun(FilePath path, FilePath to) throws AttemptEnd {
    Set<String> here = new HashSet<>();
    for (ChunkHeader header : headers(path))
      here.add(header.fileHash());
    for (ChunkHeader header : headers(to))
      if (here.contains(header.fileHash()))
        return true;
    return false;
  }

  /// Whether a path holds nothing, or just what a later task puts there.
  private boolean emptied(FilePath path, int from) throws AttemptEnd {
    Set<String> hashes = new HashSet<>();
    for (ChunkHeader header : headers(path))
      hashes.add(header.fileHash());
    for (FileTask task : batch.tasks().subList(from, batch.tasks().size()))
      if (task instanceof FileTask.Index(var later, var content, _) && later.equals(path)
          && !hashes.isEmpty())
        hashes.remove(Sha256.hex(content.bytes()));
    return hashes.isEmpty();
  }

  /// Whether what was moved to a path is there, or where later moves took it.
  private boolean holds(FilePath path, int from) throws AttemptEnd {
    if (!headers(path).isEmpty())
      return true;
    for (int i = from; i < batch.tasks().size(); i++)
      if (batch.tasks().get(i) instanceof FileTask.Move(var next, var to) && next.equals(path))
        return holds(to, i + 1);
    return false;
  }

  /// Whether files change places, so that nothing tells before from after.
  private boolean circular() {
    Map<FilePath, FilePath> origins = new HashMap<>(); // of what is at a path in the end
    for (FileTask task : batch.tasks())
      if (task instanceof FileTask.Move(var path, var to) && !path.equals(to)) {
        FilePath origin = origins.getOrDefault(path, path);
        origins.remove(path);
        origins.put(to, origin);
      }
    for (FilePath start : origins.keySet()) {
      Set<FilePath> seen = new HashSet<>();
      for (FilePath at = start; at != null && seen.add(at);) {
        at = origins.get(at);
        if (start.equals(at))
          return true;
      }
    }
    return false;
  }
}
