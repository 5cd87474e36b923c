package elysia.core.auth;

import elysia.core.identity.Printable;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Pattern;

/// A wish for a token.
///
/// @param name for the list and the audit log
/// @param scope how much it may do
/// @param expiresAt after which it is refused; absent for never
public record TokenRequest(String name, Access scope, Optional<Instant> expiresAt) {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");

  public TokenRequest {
    if (name == null || !NAME.matcher(name).matches())
      throw new IllegalArgumentException("name: "
          + (name == null ? "missing" : "\"" + Printable.of(name) + "\"")
          + " (expected: 1 to 100 letters, digits, dots, hyphens and underscores)");
    if (scope == null)
      throw new IllegalArgumentException("scope: missing (expected: read, write or admin)");
    expiresAt = expiresAt == null ? Optional.empty() : expiresAt;
  }
}
