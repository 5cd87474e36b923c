package elysia.worker.openai;

import java.util.Objects;

/// A secret that never prints itself.
public final class ApiKey {
  private final String value;

  private ApiKey(String value) {
    this.value = value;
  }

  /// Surrounding white space (the line end of a key read from a file) is no part of it.
  ///
  /// @throws IllegalArgumentException for what cannot stand in an HTTP header
  public static ApiKey of(String value) {
    String key = value.strip();
    if (key.chars().anyMatch(c -> c <= ' ' || c > '~'))
      throw new IllegalArgumentException("key: *** (expected: visible ASCII characters only)");
    return new ApiKey(key);
  }

  boolean isEmpty() {
    return value.isEmpty();
  }

  String bearer() {
    return "Bearer " + value;
  }

  /// A service's text without the key, should it have echoed it.
  String hideIn(String text) {
    return value.isEmpty() ? text : text.replace(value, "***");
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ApiKey key && key.value.equals(value);
  }

  @Override
  public int hashCode() {
    return Objects.hash(value);
  }

  @Override
  public String toString() {
    return value.isEmpty() ? "" : "***";
  }
}
