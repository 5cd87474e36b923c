package elysia.core.store;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/// The ranking of chunks.
public enum SearchMode {
  /// Vector and keyword ranks fused.
  HYBRID,
  /// By the cosine of the query's vector.
  VECTOR,
  /// BM25 over words, parts of identifiers and the path's words.
  KEYWORD;

  @JsonValue
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public static SearchMode of(String label) {
    for (SearchMode mode : values())
      if (mode.label().equals(label))
        return mode;
    throw new IllegalArgumentException("mode: " + label + " (expected: hybrid, vector or keyword)");
  }
}
