package elysia.worker.weaviate;

import elysia.core.outcome.Outcome;
import java.util.List;
import java.util.Locale;

/// The meaning of a message of the server. Weaviate has no codes: a failure of one object of a
/// batch, or of a query, is told by its words alone.
///
/// @param text as the server sent it
/// @param meaning what follows from it
/// @param keptUnindexed whether the object was kept but not put into the vector index: writing it
///          again does not heal it, it must be deleted first
record ServerMessage(String text, Meaning meaning, boolean keptUnindexed) {
  enum Meaning {
    /// May work later.
    TRANSIENT,
    /// The class is not there (any more).
    NO_CLASS,
    /// The caller may not do that.
    FORBIDDEN,
    /// Will never work as it is.
    FINAL,
    /// Words that are not known.
    UNKNOWN
  }

  private static final List<String> TRANSIENT = List.of("not enough memory", "read-only",
      "too many open files", "no space left", "resolve node name", "leader not found",
      "shutting down", "node not ready", "context deadline", "context canceled",
      "connection refused", "panic occurred", "i/o timeout", "no such host", "connection reset",
      "rpc error", "failed to execute query", // of the nodes of a server among themselves
      "no read replica", "no write replica", "already shut", "shutdown in progress",
      "already closed", // of a server that is ending
      "too many requests",
      "failed with status: 429", "failed with status: 5"); // a vectorizer's own service
  private static final List<String> NO_CLASS = List.of("not present in schema",
      "failed to get class", "could not find class", "class not found", "non-existing index",
      "on type \"getobjectsobj\"", "on type \"aggregateobjectsobj\"");
  private static final List<String> FORBIDDEN = List.of("forbidden action",
      "insufficient permissions");
  private static final List<String> FINAL = List.of("no such prop", "invalid", "wrong size",
      "vector dimensions", "vector lengths", "nil vector", "not a valid", "too long",
      "failed with status: 4", "maximum results exceeded");
  private static final String KEPT = "insert to vector index";
  private static final int MAX_LENGTH = 500;

  static ServerMessage of(String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    Meaning meaning = mentions(lower, FORBIDDEN)
        ? Meaning.FORBIDDEN
        : mentions(lower, TRANSIENT)
            ? Meaning.TRANSIENT
            : mentions(lower, NO_CLASS)
                ? Meaning.NO_CLASS
                : mentions(lower, FINAL) ? Meaning.FINAL : Meaning.UNKNOWN;
    String shown = text.length() > MAX_LENGTH ? text.substring(0, MAX_LENGTH) + "…" : text;
    return new ServerMessage(shown, meaning, lower.contains(KEPT));
  }

  /// The consequence for the caller, where it is [Meaning#FORBIDDEN].
  <T> Outcome<T> forbidden() {
    return Outcome.refused("store_unauthorized", "Weaviate: " + text,
        "set WEAVIATE_API_KEY to a key that may read, write and delete");
  }

  private static boolean mentions(String lower, List<String> words) {
    return words.stream().anyMatch(lower::contains);
  }
}
