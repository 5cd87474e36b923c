package elysia.worker.lucene;

import com.typesafe.config.Config;
import java.time.Duration;

/// Settings of the embedded store.
///
/// @param ramBufferBytes heap for chunks that are not yet in a segment
/// @param maxSegmentBytes largest segment that merging makes: bounds the heap for building a graph
/// @param mergeThreads how many merges run at once
/// @param scanThreshold segments in which a graph would spare little beside scanning get none:
///          roughly, those of less than ten times this many chunks
/// @param graphNeighbours neighbours of a chunk in the graph
/// @param graphCandidates candidates looked at when a chunk is put into the graph
/// @param searchCandidates fewest candidates that a vector search gathers in each segment
/// @param writeTimeout longest wait for a commit
public record LuceneSettings(long ramBufferBytes, long maxSegmentBytes, int mergeThreads,
    int scanThreshold, int graphNeighbours, int graphCandidates, int searchCandidates,
    Duration writeTimeout) {
  public LuceneSettings {
    atLeast("ram-buffer", ramBufferBytes, 1 << 20);
    atLeast("max-segment-size", maxSegmentBytes, 1 << 20);
    atLeast("merge-threads", mergeThreads, 1);
    atLeast("scan-threshold", scanThreshold, 1);
    atLeast("graph-neighbours", graphNeighbours, 2);
    atLeast("graph-candidates", graphCandidates, graphNeighbours);
    atLeast("search-candidates", searchCandidates, 1);
    if (!writeTimeout.isPositive())
      throw new IllegalArgumentException("write-timeout: " + writeTimeout + " (expected: > 0)");
  }

  private static void atLeast(String key, long value, long least) {
    if (value < least)
      throw new IllegalArgumentException(key + ": " + value + " (expected: >= " + least + ")");
  }

  /// Reads `elysia.worker.lucene`.
  public static LuceneSettings from(Config root) {
    Config c = root.getConfig("elysia.worker.lucene");
    return new LuceneSettings(c.getBytes("ram-buffer"), c.getBytes("max-segment-size"),
        c.getInt("merge-threads"), c.getInt("scan-threshold"), c.getInt("graph-neighbours"),
        c.getInt("graph-candidates"), c.getInt("search-candidates"),
        c.getDuration("write-timeout"));
  }
}
