package elysia.core.identity;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.regex.Pattern;

/// The name of a collection, matching `[A-Za-z][A-Za-z0-9._-]{0,99}`.
public record CollectionName(@JsonValue String value) implements Comparable<CollectionName> {
  private static final Pattern VALID = Pattern.compile("[A-Za-z][A-Za-z0-9._-]{0,99}");

  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public CollectionName {
    if (!VALID.matcher(value).matches())
      throw new IllegalArgumentException(
          "collection: \"" + Printable.of(value) + "\" (expected: " + VALID + ")");
  }

  /// The collection that a repository gets when none is named: its own name, made to start with
  /// a letter.
  public static CollectionName defaultFor(RepositoryName repo) {
    String name = repo.value();
    return new CollectionName(Character.isDigit(name.charAt(0))
        ? "r" + name.substring(0, Math.min(99, name.length()))
        : name);
  }

  @Override
  public int compareTo(CollectionName other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
