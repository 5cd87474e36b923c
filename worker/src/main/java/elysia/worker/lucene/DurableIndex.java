package elysia.worker.lucene;

import elysia.core.outcome.FullDisk;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.SearcherManager;
import org.apache.lucene.store.AlreadyClosedException;
import org.apache.lucene.store.Directory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A Lucene index whose edits are on disk and visible when they return.
///
/// Commits cost a few fsyncs each, whatever they hold: one thread commits for all callers whose
/// edits are applied by then. When anything of a commit or merge fails, the writer is thrown away
/// and the next edit opens a new one at the last commit: what was acknowledged is there, and what
/// was not is told so. Searches work meanwhile.
final class DurableIndex implements AutoCloseable {
  /// Changes the index by a writer. Must be right when applied again after a failure.
  interface Edit {
    void apply(IndexWriter writer) throws IOException;
  }

  interface Reading<T> {
    T of(IndexSearcher searcher) throws IOException;
  }

  private record Generation(IndexWriter writer, SearcherManager searchers) {
    static Generation open(Directory directory, LuceneSettings settings) throws IOException {
      IndexWriter writer = new IndexWriter(directory, IndexConfig.of(settings));
      try {
        writer.commit(); // an empty index is one, too
        return new Generation(writer, new SearcherManager(writer, null));
      } catch (IOException | RuntimeException e) {
        writer.rollback();
        throw e;
      }
    }
  }

  /// A caller whose edit is applied to the writer of a generation; `end` asks the committer
  /// to stop.
  private record Waiting(Generation generation, CompletableFuture<Void> done, boolean end) {}

  private static final Logger LOG = LoggerFactory.getLogger(DurableIndex.class);
  /// How long a commit waits for callers that are just applying their edits: less than a
  /// commit costs.
  private static final Duration GATHER = Duration.ofMillis(10);

  private final Directory directory;
  private final LuceneSettings settings;
  private final BlockingQueue<Waiting> queue = new LinkedBlockingQueue<>(); // one for each caller
  private final AtomicInteger applying = new AtomicInteger();
  private final Thread committer;
  private volatile Generation current;
  private volatile boolean closed = false;

  /// Takes the folder's lock.
  DurableIndex(Directory directory, LuceneSettings settings) throws IOException {
    this.directory = directory;
    this.settings = settings;
    this.current = Generation.open(directory, settings);
    this.committer = Thread.ofPlatform().daemon().name("embedded-store-commit")
        .unstarted(this::commitForAll);
    committer.start();
  }

  /// Applies an edit and waits until it is durable and visible.
  ///
  /// @throws IOException when it is not known to be
  void edit(Edit edit) throws IOException {
    Waiting waiting = new Waiting(writable(), new CompletableFuture<>(), false);
    applying.incrementAndGet();
    try {
      edit.apply(waiting.generation.writer);
    } catch (AlreadyClosedException e) {
      throw failure(waiting.generation, e);
    } finally {
      applying.decrementAndGet();
    }
    queue.add(waiting);
    try {
      waiting.done.get(settings.writeTimeout().toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw failure(waiting.generation, e.getCause() == null ? e : e.getCause());
    } catch (TimeoutException e) {
      throw new IOException("no commit within " + settings.writeTimeout().toSeconds() + " s", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while waiting for the commit", e);
    }
  }

  /// Reads from what the last commit made visible.
  <T> T read(Reading<T> reading) throws IOException {
    while (true) {
      Generation generation = current;
      IndexSearcher searcher;
      try {
        searcher = generation.searchers.acquire();
      } catch (AlreadyClosedException e) {
        if (closed || generation.equals(current))
          throw new IOException("the store is closed", e);
        continue; // reopened meanwhile
      }
      try {
        return reading.of(searcher);
      } finally {
        generation.searchers.release(searcher);
      }
    }
  }

  private Generation writable() throws IOException {
    Generation generation = current;
    return generation.writer.isOpen() ? generation : reopened();
  }

  private synchronized Generation reopened() throws IOException {
    if (closed)
      throw new IOException("the store is closed");
    Generation broken = current;
    if (broken.writer.isOpen())
      return broken;
    current = Generation.open(directory, settings);
    LOG.info("embedded store: writing again, from the last commit");
    broken.searchers.close();
    return current;
  }

  private static IOException failure(Generation generation, Throwable seen) {
    Throwable tragedy = generation.writer.getTragicException();
    Throwable cause = tragedy == null ? seen : tragedy;
    String message = cause.getMessage();
    return new IOException(message == null ? cause.toString() : message, cause);
  }

  private void commitForAll() {
    List<Waiting> batch = new ArrayList<>();
    boolean end = false;
    while (!end) {
      try {
        batch.add(queue.take());
        gather(batch);
      } catch (InterruptedException e) {
        LOG.debug("nobody interrupts this thread on purpose", e);
      }
      end = batch.stream().anyMatch(Waiting::end);
      commit(batch);
      batch.clear();
    }
  }

  private void gather(List<Waiting> batch) throws InterruptedException {
    long deadline = System.nanoTime() + GATHER.toNanos();
    queue.drainTo(batch);
    while (applying.get() > 0) {
      Waiting next = queue.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
      if (next == null)
        return;
      batch.add(next);
    }
    queue.drainTo(batch);
  }

  private void commit(List<Waiting> batch) {
    Generation generation = current;
    try {
      generation.writer.commit();
      generation.searchers.maybeRefreshBlocking();
    } catch (Throwable e) { // an Error, too, must reach the callers
      if (FullDisk.caused(e))
        LOG.warn("embedded store: the disk is full; the next write starts from the last commit");
      else
        LOG.warn("embedded store: commit failed; the next write starts from the last commit", e);
      discard(generation, e);
      batch.forEach(waiting -> waiting.done.completeExceptionally(e));
      return;
    }
    for (Waiting waiting : batch) {
      if (waiting.generation.equals(generation))
        waiting.done.complete(null);
      else
        waiting.done.completeExceptionally(new IOException("the writer failed before the commit"));
    }
  }

  private static void discard(Generation generation, Throwable cause) {
    try {
      generation.writer.rollback();
    } catch (IOException | RuntimeException e) {
      cause.addSuppressed(e);
    }
  }

  /// How many segments there are.
  int segments() throws IOException {
    return read(searcher -> searcher.getIndexReader().leaves().size());
  }

  /// Gives merges up: they are done again when needed.
  @Override
  public void close() throws IOException {
    synchronized (this) {
      if (closed)
        return;
      closed = true;
    }
    queue.add(new Waiting(current, new CompletableFuture<>(), true));
    try {
      committer.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    current.searchers.close();
    current.writer.rollback();
    directory.close();
  }
}
