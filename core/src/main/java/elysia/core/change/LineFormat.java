package elysia.core.change;

/// The kinds of lines that an input may have.
public enum LineFormat {
  /// Each line is an object or a path.
  MIXED,
  /// Each line is an object; anything else is a fault. Its reader can see the producer's files, so
  /// the path of a named repository's file may be absolute.
  OBJECTS,
  /// As [#OBJECTS], but its reader cannot see the producer's files: every path is relative.
  REMOTE_OBJECTS,
  /// Each line is a path; an object is a fault.
  PATHS;

  /// Whether each line is an object.
  boolean objects() {
    return this == OBJECTS || this == REMOTE_OBJECTS;
  }
}
