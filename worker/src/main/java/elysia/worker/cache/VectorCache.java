package elysia.worker.cache;

import elysia.core.embed.Embedding;
import elysia.core.embed.EmbeddingModel;
import elysia.core.identity.Sha256;
import elysia.worker.pipeline.VectorMemory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Arrays;
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

/// A bounded cache of vectors in one file; the oldest go first.
///
/// Only ever a saving: what is lost is embedded again. So it never fails its caller. A file that
/// cannot be read is put aside and a new one begun; when it cannot be written (disk full), the node
/// continues without the cache, says so, and looks now and then whether it can be written
/// again. Thread-safe.
public final class VectorCache implements VectorMemory {
  private static final Logger LOG = LoggerFactory.getLogger(VectorCache.class);
  /// What an entry takes beside its vector: its name, two keys, two tree entries.
  private static final int OVERHEAD = 128;
  /// Share of the bound that vectors may take; the rest is for pages that are being replaced.
  private static final double LIVE = 0.5;
  /// Longest time that one call spends on making the file smaller, each time that it tries.
  private static final int COMPACT_MILLIS = 1_000;
  private static final int COMPACT_TRIES = 8;
  /// Commits in one call write at most this share of the bound each, since the store keeps what the
  /// last ones replaced.
  private static final double COMMIT = 1 / 32.0;
  private static final int NAME = 32;
  private static final String BYTES = "bytes";

  /// How long the node goes without the cache before it is tried again.
  private static final Duration PAUSE = Duration.ofSeconds(30);

  private final Path file;
  private final VectorCacheSettings settings;
  private final ReentrantLock writing = new ReentrantLock();
  private volatile @Nullable Maps maps;
  private long pauseEnds;
  private boolean closed;

  /// Vectors stand in order of arrival, so that what is written together is also forgotten together
  /// and its pages become free as a whole.
  ///
  /// @param vectors number of arrival to name and vector
  /// @param numbers begin of the name to number
  private record Maps(MVStore store, MVMap<Long, byte[]> vectors, MVMap<Long, Long> numbers,
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

  @Override
  public Map<String, Embedding> recall(EmbeddingModel model, Set<String> vectorHashes) {
    Maps open = maps;
    Map<String, Embedding> found = new HashMap<>();
    if (open == null)
      return found;
    try {
      for (String hash : vectorHashes) {
        byte[] name = name(model, hash);
        Long number = open.numbers().get(begin(name));
        byte[] entry = number == null ? null : open.vectors().get(number);
        if (entry != null && (model.dimension() == 0 // the store decides it
            || entry.length == NAME + model.dimension() * Float.BYTES)
            && Arrays.equals(name, 0, NAME, entry, 0, NAME))
          found.put(hash, decode(entry));
      }
    } catch (MVStoreException e) {
      failed(open, e);
    }
    return found;
  }

  /// Those known already stay as they are.
  @Override
  public void remember(EmbeddingModel model, Map<String, Embedding> vectors) {
    if (vectors.isEmpty())
      return;
    writing.lock();
    try {
      Maps open = opened();
      if (open != null)
        remember(open, model, vectors);
    } finally {
      writing.unlock();
    }
  }

  private void remember(Maps open, EmbeddingModel model, Map<String, Embedding> vectors) {
    try {
      long bytes = open.totals().getOrDefault(BYTES, 0L);
      Long last = open.vectors().lastKey();
      long next = last == null ? 0 : last + 1;
      long begun = 0;
      for (Map.Entry<String, Embedding> vector : vectors.entrySet()) {
        byte[] name = name(model, vector.getKey());
        if (open.numbers().putIfAbsent(begin(name), next) != null)
          continue;
        byte[] entry = encode(name, vector.getValue());
        open.vectors().put(next++, entry);
        bytes += entry.length + OVERHEAD;
        begun += entry.length + OVERHEAD;
        if (begun > settings.maxBytes() * COMMIT) {
          bytes = commit(open, bytes);
          begun = 0;
        }
      }
      commit(open, bytes);
      open.store().sync();
    } catch (MVStoreException e) {
      failed(open, e);
    }
  }

  /// The maps; opened again when they had to be given up a while ago.
  private @Nullable Maps opened() {
    if (maps == null && !closed && settings.maxBytes() > 0
        && System.nanoTime() - pauseEnds >= 0)
      begin();
    return maps;
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
      Maps open = maps;
      maps = null;
      closed = true;
      if (open != null)
        open.store().close();
    } catch (MVStoreException e) {
      LOG.warn("{}: not closed cleanly: {}", file, e.getMessage());
    } finally {
      writing.unlock();
    }
  }

  /// Ends a commit within the bound.
  ///
  /// @param bytes that vectors take with it
  /// @return that they take after it
  private long commit(Maps open, long bytes) {
    long left = forget(open, bytes, (long) (settings.maxBytes() * LIVE));
    open.store().commit();
    for (int i = 0; i < COMPACT_TRIES
        && open.store().getFileStore().size() > settings.maxBytes(); i++) {
      if (i > 1) { // the store also needs room for pages that it moves
        left = forget(open, left, left * 3 / 4);
        open.store().commit();
      }
      open.store().compactFile(COMPACT_MILLIS);
    }
    return left;
  }

  /// Drops the oldest until no more than `most` bytes are left.
  private static long forget(Maps open, long bytes, long most) {
    long left = bytes;
    while (left > most) {
      Long oldest = open.vectors().firstKey();
      byte[] entry = oldest == null ? null : open.vectors().remove(oldest);
      if (entry == null) {
        left = 0;
        break;
      }
      open.numbers().remove(begin(entry));
      left -= entry.length + OVERHEAD;
    }
    open.totals().put(BYTES, left);
    return left;
  }

  private void begin() {
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      try {
        maps = connect();
      } catch (MVStoreException | IllegalStateException e) {
        if (e instanceof MVStoreException fault
            && (fault.getErrorCode() == DataUtils.ERROR_FILE_LOCKED
                || fault.getErrorCode() == DataUtils.ERROR_WRITING_FAILED))
          throw e;
        putAside(e);
        maps = connect();
      }
    } catch (IOException | MVStoreException | IllegalStateException e) {
      without(e);
    }
  }

  private void without(Exception why) {
    pauseEnds = System.nanoTime() + PAUSE.toNanos();
    Throwable cause = why;
    while (cause.getCause() != null)
      cause = cause.getCause();
    LOG.warn(
        "{}: going on without the cache of vectors for {} s, so texts may be embedded twice: {}",
        file, PAUSE.toSeconds(), cause.getMessage());
  }

  private Maps connect() {
    MVStore store = new MVStore.Builder().fileName(file.toString()).autoCommitDisabled()
        .cacheSize((int) (settings.memoryBytes() >> 20)).open();
    try {
      store.setRetentionTime(0);
      store.setVersionsToKeep(1);
      return new Maps(store, store.openMap("vectors"), store.openMap("numbers"),
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
      without(why);
      open.store().closeImmediately();
    } finally {
      writing.unlock();
    }
  }

  private static byte[] name(EmbeddingModel model, String hash) {
    return Sha256.digest().digest((model.vectorizer() + "/" + model.name() + "/"
        + model.dimension() + " " + hash).getBytes(StandardCharsets.UTF_8));
  }

  private static long begin(byte[] name) {
    return ByteBuffer.wrap(name).getLong();
  }

  private static byte[] encode(byte[] name, Embedding vector) {
    ByteBuffer bytes = ByteBuffer.allocate(NAME + vector.dimension() * Float.BYTES).put(name);
    bytes.asFloatBuffer().put(vector.toArray());
    return bytes.array();
  }

  private static Embedding decode(byte[] entry) {
    FloatBuffer floats = ByteBuffer.wrap(entry).position(NAME).asFloatBuffer();
    float[] values = new float[floats.remaining()];
    floats.get(values);
    return Embedding.of(values);
  }
}
