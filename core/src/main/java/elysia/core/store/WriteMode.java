package elysia.core.store;

/// The mode of writing chunks that may be there already.
public enum WriteMode {
  /// Insert or overwrite.
  UPSERT,
  /// Delete, then insert: after a failed or unknown outcome of an earlier write of the same chunks.
  /// Overwriting does not heal a chunk that a store has kept but not made searchable.
  REPLACE
}
