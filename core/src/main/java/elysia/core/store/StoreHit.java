package elysia.core.store;

/// A found chunk.
///
/// @param score higher is better; comparable only within one answer
/// @param chunk without its vector
public record StoreHit(double score, StoredChunk chunk) {}
