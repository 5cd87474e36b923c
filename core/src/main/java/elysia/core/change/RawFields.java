package elysia.core.change;

import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The fields of one object as they were read, before they are looked at together. Used again for
/// the next line.
final class RawFields {
  private static final int UNKNOWN_SHOWN = 16;

  final Field.Scope scope;
  final Set<String> unknown = new LinkedHashSet<>();
  final Set<Field> seen = EnumSet.noneOf(Field.class);
  /// As `seen`, but only those that are not null.
  final Set<Field> given = EnumSet.noneOf(Field.class);
  @Nullable
  String repo;
  @Nullable
  String op;
  @Nullable
  String path;
  @Nullable
  String newPath;
  @Nullable
  Bytes content;
  @Nullable
  Bytes decoded;
  @Nullable
  String ref;
  @Nullable
  String hash;
  long size = -1;
  @Nullable
  String mime;
  @Nullable
  String charset;
  @Nullable
  String metadata;
  boolean skipIndex;
  @Nullable
  String commit;
  @Nullable
  String branch;
  @Nullable
  Instant timestamp;
  @Nullable
  String event;
  boolean truncated;
  @Nullable
  Fault fault;

  /// The first thing that was wrong with a value.
  ///
  /// @param field at which it is; null for a name that the format does not know
  record Fault(@Nullable Field field, String wrong, String expected) {}

  RawFields(Field.Scope scope) {
    this.scope = scope;
  }

  void fault(@Nullable Field field, String wrong, String expected) {
    if (fault == null)
      fault = new Fault(field, wrong, expected);
  }

  boolean has(Field field) {
    return given.contains(field);
  }

  boolean hasNothingBut(Field field) {
    return unknown.isEmpty() && given.contains(field)
        && given.stream().allMatch(other -> other == field || other.idle());
  }

  List<String> unknownShown() {
    if (unknown.isEmpty())
      return List.of();
    List<String> shown = new ArrayList<>(unknown);
    return shown.size() > UNKNOWN_SHOWN ? shown.subList(0, UNKNOWN_SHOWN) : shown;
  }

  void clear() {
    if (seen.isEmpty() && unknown.isEmpty() && fault == null)
      return;
    seen.clear();
    given.clear();
    if (!unknown.isEmpty())
      unknown.clear();
    repo = null;
    op = null;
    path = null;
    newPath = null;
    content = null;
    decoded = null;
    ref = null;
    hash = null;
    size = -1;
    mime = null;
    charset = null;
    metadata = null;
    skipIndex = false;
    commit = null;
    branch = null;
    timestamp = null;
    event = null;
    truncated = false;
    fault = null;
  }
}
