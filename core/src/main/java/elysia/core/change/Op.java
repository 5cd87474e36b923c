package elysia.core.change;

/// What became of a file.
public enum Op {
  /// It is new.
  ADD,
  /// It has other content than before; also the `update` of older producers.
  MODIFY,
  /// It is gone.
  DELETE,
  /// It has another path now, and other content where some is given.
  RENAME
}
