package elysia.core.identity;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.regex.Pattern;

/// The name of a repository in the index: the `repo` property of every chunk.
///
/// Producers of changes may use any text without control characters of at most 512 characters
/// (`github.com/owner/name` is common); a repository that the cluster manages has a name matching
/// [#MANAGED].
public record RepositoryName(@JsonValue String value) implements Comparable<RepositoryName> {
  /// What a managed repository's name looks like.
  public static final Pattern MANAGED = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");
  private static final int MAX_LENGTH = 512;

  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public RepositoryName {
    if (value.isBlank() || value.length() > MAX_LENGTH
        || value.chars().anyMatch(Character::isISOControl))
      throw new IllegalArgumentException(
          "repo: \"" + Printable.of(value) + "\" (expected: 1 to " + MAX_LENGTH
              + " characters, no control characters)");
  }

  /// Whether the cluster can manage a repository of this name: it is also a path segment and a
  /// persistence id.
  public boolean managed() {
    return MANAGED.matcher(value).matches();
  }

  @Override
  public int compareTo(RepositoryName other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
