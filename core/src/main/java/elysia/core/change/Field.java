package elysia.core.change;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A field of a line, whatever the name by which a producer calls it.
enum Field {
  REPO, OP, PATH, NEW_PATH, CONTENT, CONTENT_BASE64, CONTENT_REF, CONTENT_HASH, SIZE, MIME, CHARSET, METADATA, SKIP_INDEX, COMMIT, TIMESTAMP, NEW_CHANGESET, EVENT, DATA, BRANCH, IS_TRUNCATED,
  // Known, and without effect.
  LINE(true), LINE_COUNT(true), CONTENT_ERROR(true), ENCODING(true), SKIP_REASON(true), BATCH_ID(
      true), REPO_URL(true), PARENT(true), TREE_HASH(true);

  /// Of the line itself.
  private static final Map<String, Field> LINE_FIELDS = Map.ofEntries(Map.entry("repo", REPO),
      Map.entry("op", OP), Map.entry("path", PATH), Map.entry("new_path", NEW_PATH),
      Map.entry("content", CONTENT), Map.entry("content_base64", CONTENT_BASE64),
      Map.entry("content_ref", CONTENT_REF), Map.entry("content_hash", CONTENT_HASH),
      Map.entry("size", SIZE), Map.entry("size_bytes", SIZE), Map.entry("mime", MIME),
      Map.entry("mime_type", MIME), Map.entry("charset", CHARSET), Map.entry("metadata", METADATA),
      Map.entry("skip_index", SKIP_INDEX), Map.entry("commit", COMMIT),
      Map.entry("timestamp", TIMESTAMP), Map.entry("new_changeset", NEW_CHANGESET),
      Map.entry("event", EVENT), Map.entry("data", DATA), Map.entry("is_truncated", IS_TRUNCATED),
      Map.entry("line", LINE), Map.entry("line_count", LINE_COUNT),
      Map.entry("content_error", CONTENT_ERROR));
  /// Of an event's `data`.
  private static final Map<String, Field> DATA_FIELDS = Map.ofEntries(Map.entry("repo_id", REPO),
      Map.entry("file_path", PATH), Map.entry("content", CONTENT),
      Map.entry("content_base64", CONTENT_BASE64), Map.entry("content_ref", CONTENT_REF),
      Map.entry("content_hash", CONTENT_HASH), Map.entry("size_bytes", SIZE),
      Map.entry("mime_type", MIME), Map.entry("original_encoding", CHARSET),
      Map.entry("metadata", METADATA), Map.entry("skip_index", SKIP_INDEX),
      Map.entry("commit_sha", COMMIT), Map.entry("branch", BRANCH),
      Map.entry("encoding", ENCODING), Map.entry("skip_reason", SKIP_REASON),
      Map.entry("batch_id", BATCH_ID), Map.entry("repo_url", REPO_URL));
  /// Of a marker's `new_changeset`.
  private static final Map<String, Field> CHANGESET_FIELDS = Map.of("commit", COMMIT, "branch",
      BRANCH, "parent", PARENT, "tree_hash", TREE_HASH);

  private final boolean idle;

  Field() {
    this(false);
  }

  Field(boolean idle) {
    this.idle = idle;
  }

  /// Whether it has no effect on anything.
  boolean idle() {
    return idle;
  }

  /// The object that a name is in: the same name may mean something else in each.
  enum Scope {
    LINE, DATA, CHANGESET;

    @Nullable
    Field field(String name) {
      return switch (this) {
        case LINE -> LINE_FIELDS.get(name);
        case DATA -> DATA_FIELDS.get(name);
        case CHANGESET -> CHANGESET_FIELDS.get(name);
      };
    }
  }
}
