package elysia.core.repository;

import elysia.core.wire.Wire;
import java.util.Map;
import java.util.TreeMap;

/// The counts of a sync, or of a batch of one. Counts add up; they are made by name:
/// `SyncCounts.NONE.withFilesFailed(1)`.
///
/// @param filesIndexed files whose chunks are now in the index (added or modified)
/// @param filesRemoved paths whose chunks left the index
/// @param chunksWritten chunks put into the index
/// @param chunksUnchanged chunks that were there already, equal in everything
/// @param chunksRemoved chunks taken out
/// @param chunksEmbedded texts for which a vector was computed
/// @param chunksReused chunks whose vector was found instead
/// @param filesFailed files that will be tried again
/// @param filesSkipped by reason label
/// @param stageMillis time spent by stage (detect, chunk, lookup, embed, write); stages of parallel
///          batches add up
public record SyncCounts(long filesIndexed, long filesRemoved, long chunksWritten,
    long chunksUnchanged, long chunksRemoved, long chunksEmbedded,
    long chunksReused, long filesFailed, Map<String, Long> filesSkipped,
    Map<String, Long> stageMillis) implements Wire {
  public static final SyncCounts NONE = new SyncCounts(0, 0, 0, 0, 0, 0, 0, 0, Map.of(), Map.of());

  public SyncCounts {
    filesSkipped = filesSkipped == null ? Map.of() : Map.copyOf(filesSkipped);
    stageMillis = stageMillis == null ? Map.of() : Map.copyOf(stageMillis);
  }

  public SyncCounts withFilesIndexed(long value) {
    return new SyncCounts(value, filesRemoved, chunksWritten, chunksUnchanged, chunksRemoved,
        chunksEmbedded, chunksReused, filesFailed, filesSkipped, stageMillis);
  }

  public SyncCounts withFilesRemoved(long value) {
    return new SyncCounts(filesIndexed, value, chunksWritten, chunksUnchanged, chunksRemoved,
        chunksEmbedded, chunksReused, filesFailed, filesSkipped, stageMillis);
  }

  public SyncCounts withChunksWritten(long value) {
    return new SyncCounts(filesIndexed, filesRemoved, value, chunksUnchanged, chunksRemoved,
        chunksEmbedded, chunksReused, filesFailed, filesSkipped, stageMillis);
  }

  public SyncCounts withChunksUnchanged(long value) {
    return new SyncCounts(filesIndexed, filesRemoved, chunksWritten, value, chunksRemoved,
        chunksEmbedded, chunksReused, filesFailed, filesSkipped, stageMillis);
  }

  public SyncCounts withChunksRemoved(long value) {
    return new SyncCounts(filesIndexed, filesRemoved, chunksWritten, chunksUnchanged, value,
        chunksEmbedded, chunksReused, filesFailed, filesSkipped, stageMillis);
  }

  public SyncCounts withChunksEmbedded(long value) {
    return new SyncCounts(filesIndexed, filesRemoved, chunksWritten, chunksUnchanged, chunksRemoved,
        value, chunksReused, filesFailed, filesSkipped, stageMillis);
  }

  public SyncCounts withChunksReused(long value) {
    return new SyncCounts(filesIndexed, filesRemoved, chunksWritten, chunksUnchanged, chunksRemoved,
        chunksEmbedded, value, filesFailed, filesSkipped, stageMillis);
  }

  public SyncCounts withFilesFailed(long value) {
    return new SyncCounts(filesIndexed, filesRemoved, chunksWritten, chunksUnchanged, chunksRemoved,
        chunksEmbedded, chunksReused, value, filesSkipped, stageMillis);
  }

  public SyncCounts withFilesSkipped(Map<String, Long> value) {
    return new SyncCounts(filesIndexed, filesRemoved, chunksWritten, chunksUnchanged, chunksRemoved,
        chunksEmbedded, chunksReused, filesFailed, value, stageMillis);
  }

  public SyncCounts withStageMillis(Map<String, Long> value) {
    return new SyncCounts(filesIndexed, filesRemoved, chunksWritten, chunksUnchanged, chunksRemoved,
        chunksEmbedded, chunksReused, filesFailed, filesSkipped, value);
  }

  public SyncCounts plus(SyncCounts o) {
    return new SyncCounts(filesIndexed + o.filesIndexed, filesRemoved + o.filesRemoved,
        chunksWritten + o.chunksWritten, chunksUnchanged + o.chunksUnchanged,
        chunksRemoved + o.chunksRemoved, chunksEmbedded + o.chunksEmbedded,
        chunksReused + o.chunksReused, filesFailed + o.filesFailed,
        sum(filesSkipped, o.filesSkipped), sum(stageMillis, o.stageMillis));
  }

  private static Map<String, Long> sum(Map<String, Long> a, Map<String, Long> b) {
    if (b.isEmpty())
      return a;
    if (a.isEmpty())
      return b;
    Map<String, Long> sum = new TreeMap<>(a);
    b.forEach((key, value) -> sum.merge(key, value, Long::sum));
    return sum;
  }
}
