package elysia.core.auth;

import java.time.Instant;
import java.util.Optional;

/// Facts about a token; never the token.
///
/// @param createdBy name of the caller who made it
public record TokenInfo(String name, Access scope, Instant createdAt, Optional<Instant> expiresAt,
    String createdBy) {
  public boolean expired(Instant now) {
    return expiresAt.filter(end -> !end.isAfter(now)).isPresent();
  }
}
