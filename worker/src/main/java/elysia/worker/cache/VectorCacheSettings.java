package elysia.worker.cache;

import com.typesafe.config.Config;

/// Bounds of the local cache of vectors.
///
/// @param maxBytes of the file; 0 for no cache
/// @param memoryBytes of the pages kept in memory
public record VectorCacheSettings(long maxBytes, long memoryBytes) {
  public VectorCacheSettings {
    if (maxBytes < 0)
      throw new IllegalArgumentException("max-size: " + maxBytes + " (expected: >= 0)");
    if (memoryBytes < 1 << 20)
      throw new IllegalArgumentException("memory: " + memoryBytes + " (expected: >= 1 MiB)");
  }

  /// Reads `elysia.worker.cache`.
  public static VectorCacheSettings from(Config root) {
    Config c = root.getConfig("elysia.worker.cache");
    return new VectorCacheSettings(c.getBytes("max-size"), c.getBytes("memory"));
  }
}
