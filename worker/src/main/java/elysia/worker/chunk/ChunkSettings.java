package elysia.worker.chunk;

import com.typesafe.config.Config;

/// Settings of the chunker.
///
/// @param maxTokens longest text to embed, special tokens included; the model's own limit when that
///          is smaller
/// @param contextTokens longest context put before a chunk's content; 0 for none
public record ChunkSettings(int maxTokens, int contextTokens) {
  public ChunkSettings {
    if (maxTokens < 16 || maxTokens > 32_768)
      throw new IllegalArgumentException("max-tokens: " + maxTokens + " (expected: 16..32768)");
    if (contextTokens < 0 || contextTokens > 256)
      throw new IllegalArgumentException(
          "context-tokens: " + contextTokens + " (expected: 0..256)");
  }

  /// Reads `elysia.worker.chunk`.
  public static ChunkSettings from(Config root) {
    Config c = root.getConfig("elysia.worker.chunk");
    return new ChunkSettings(c.getInt("max-tokens"), c.getInt("context-tokens"));
  }
}
