package elysia.worker.cache;

import elysia.core.embed.Embedding;
import elysia.core.embed.EmbeddingModel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.MVStoreException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A bounded cache of vectors in one file, by model and `vector_hash`; the oldest go first.
///
/// Only ever a saving: what is lost is embedded again. So it never fails its caller. A file that
/// cannot be read is put aside and a new one begun; when it cannot be written (disk full), the node
/// goes on without the cache and says so once. What was [put][#put] is durable after
/// [#flush()]; after a crash the file is as the last flush left it. Thread-safe.
public final class VectorCache implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(VectorCache.class);
  /// What an entry takes beside its vector: two keys, two tree entries.
  private static final int OVERHEAD = 320;
  /// Share of the bound that vectors may take; the rest is for pages that are being replaced.
  private static final double LIVE = 0.5;
  /// Longest time that one flush spends on making the file smaller.
  private static final int COMPACT_MILLIS = 1_000;
  private static final String BYTES = "bytes";

  private final Path file;
  private final VectorCacheSettings settings;
  private final ReentrantLock writing = new ReentrantLock();
  private volatile @Nullable Maps maps;

  private record Maps(MVStore store, MVMap<String, byte[]> vectors, MVMap<Long, String> order,
      MVMap<String, Long> totals) {}

  private VectorCache(Path file, VectorCacheSettings settings) {
    this.file = file;
    this.settings = settings;
  }

  /// Opens the file or begins it, with the folders above it.
  public static VectorCache open(Path file, VectorCacheSettings settings) {
    VectorCache cache = new VectorCache(file, settings);
    if (settings.maxBytes() > 0)
      cache.begin();
    return cache;
  }

  /// The vectors that are known, by hash.
  public Map<String, Embedding> get(EmbeddingModel model, Set<String> hashes) {
    Maps open = maps;
    Map<String, Embedding> found = new HashMap<>();
    if (open == null)
      return found;
    try {
      for (String hash : hashes) {
        byte[] bytes = open.vectors().get(key(model, hash));
        if (bytes != null && bytes.length == model.dimension() * Float.BYTES)
          found.put(hash, decode(bytes));
      }
    } catch (MVStoreException e) {
      failed(open, e);
    }
    return found;
  }

  /// Remembers vectors; those known already stay as they are.
  public void put(EmbeddingModel model, Map<String, Embedding> vectors) {
    Maps open = maps;
    writing.lock();
    try {
      if (open == null)
        return;
      long bytes = open.totals().getOrDefault(BYTES, 0L);
      Long last = open.order().lastKey();
      long next = last == null ? 0 : last + 1;
      for (Map.Entry<String, Embedding> entry : vectors.entrySet()) {
        String key = key(model, entry.getKey());
        byte[] value = encode(entry.getValue());
        if (open.vectors().putIfAbsent(key, value) == null) {
          open.order().put(next++, key);
          bytes += value.length + OVERHEAD;
        }
      }
      open.totals().put(BYTES, evict(open, bytes));
    } catch (MVStoreException e) {
      failed(open, e);
    } finally {
      writing.unlock();
    }
  }

  /// Makes all that was put durable and keeps the file within its bound.
  public void flush() {
    Maps open = maps;
    writing.lock();
    try {
      if (open == null)
        return;
      open.store().commit();
      open.store().sync();
      if (open.store().getFileStore().size() > settings.maxBytes())
        open.store().compactFile(COMPACT_MILLIS);
    } catch (MVStoreException e) {
      failed(open, e);
    } finally {
      writing.unlock();
    }
  }

  /// How many vectors are remembered.
  public long size() {
    Maps open = maps;
    return open == null ? 0 : open.vectors().sizeAsLong();
  }

  @Override
  public void close() {
    writing.lock();
    try {
      flush();
      Maps open = maps;
      maps = null;
      if (open != null)
        open.store().close();
    } catch (MVStoreException e) {
      LOG.warn("{}: not closed cleanly: {}", file, e.getMessage());
    } finally {
      writing.unlock();
    }
  }

  private long evict(Maps open, long bytes) {
    long left = bytes;
    while (left > settings.maxBytes() * LIVE) {
      Long oldest = open.order().firstKey();
      if (oldest == null)
        return 0;
      String key = open.order().remove(oldest);
      byte[] value = key == null ? null : open.vectors().remove(key);
      if (value != null)
        left -= value.length + OVERHEAD;
    }
    return left;
  }

  private void begin() {
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      try {
        maps = connect();
      } catch (MVStoreException | IllegalStateException e) {
        if (e instanceof MVStoreException fault
            && fault.getErrorCode() == DataUtils.ERROR_FILE_LOCKED)
          throw e;
        putAside(e);
        maps = connect();
      }
    } catch (IOException | MVStoreException | IllegalStateException e) {
      LOG.warn("{}: going on without the cache of vectors: {}", file, e.toString());
    }
  }

  private Maps connect() {
    MVStore store = new MVStore.Builder().fileName(file.toString()).autoCommitDisabled()
        .cacheSize((int) (settings.memoryBytes() >> 20)).open();
    try {
      store.setRetentionTime(0);
      return new Maps(store, store.openMap("vectors"), store.openMap("order"),
          store.openMap("totals"));
    } catch (MVStoreException e) {
      store.closeImmediately();
      throw e;
    }
  }

  private void putAside(Exception why) throws IOException {
    Path aside = Files.createTempFile(file.toAbsolutePath().getParent(),
        file.getFileName() + ".corrupt-", "");
    Files.move(file, aside, StandardCopyOption.REPLACE_EXISTING);
    LOG.warn("{}: cannot be read, put aside as {}: {}", file, aside.getFileName(),
        why.getMessage());
  }

  private void failed(Maps open, MVStoreException why) {
    writing.lock();
    try {
      Maps now = maps;
      if (now == null || now.store() != open.store())
        return;
      maps = null;
      LOG.warn("{}: going on without the cache of vectors until the next start: {}", file,
          why.getMessage());
      open.store().closeImmediately();
    } finally {
      writing.unlock();
    }
  }

  private static String key(EmbeddingModel model, String hash) {
    return model.vectorizer() + "/" + model.name() + "/" + model.dimension() + " " + hash;
  }

  private static byte[] encode(Embedding vector) {
    byte[] bytes = new byte[vector.dimension() * Float.BYTES];
    ByteBuffer.wrap(bytes).asFloatBuffer().put(vector.toArray());
    return bytes;
  }

  private static Embedding decode(byte[] bytes) {
    FloatBuffer floats = ByteBuffer.wrap(bytes).asFloatBuffer();
    float[] values = new float[floats.remaining()];
    floats.get(values);
    return Embedding.of(values);
  }
}
