package elysia.core.store;

/// How chunks that may be there already are written.
public enum WriteMode {
  /// Insert or overwrite.
  UPSERT,
  /// Delete, then insert: after a failed or unknown outcome of an earlier write of the same chunks.
  /// Overwriting does not heal a chunk that a store has kept but not made searchable.
  REPLACE
}
