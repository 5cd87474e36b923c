package elysia.core.change;

/// The kind of a change.
public enum Op {
  /// It is new.
  ADD,
  /// It has other content than before; also the `update` of older producers.
  MODIFY,
  /// It is gone.
  DELETE,
  /// It has another path, and other content where some is given.
  RENAME
}
