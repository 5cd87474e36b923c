package elysia.core.auth;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import elysia.core.identity.Printable;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/// A level of access of a token. Each level holds the ones before it.
public enum Access {
  READ, WRITE, ADMIN;

  @JsonCreator
  public static Access of(String text) {
    for (Access access : values())
      if (access.label().equals(text.strip().toLowerCase(Locale.ROOT)))
        return access;
    throw new IllegalArgumentException(
        "scope: " + Printable.of(text) + " (expected: read, write or admin)");
  }

  @JsonValue
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// What a caller with this level may do.
  public Set<Scope> scopes() {
    return switch (this) {
      case READ -> EnumSet.of(Scope.READ);
      case WRITE -> EnumSet.of(Scope.READ, Scope.WRITE);
      case ADMIN -> EnumSet.allOf(Scope.class);
    };
  }
}
