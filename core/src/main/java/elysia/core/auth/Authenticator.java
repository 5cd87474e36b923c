package elysia.core.auth;

import elysia.core.outcome.Outcome;
import java.util.Optional;
import java.util.Set;

/// Recognizes callers. Never blocks: it compares with what is in memory, in constant time.
public interface Authenticator {
  /// Whether tokens are configured. While not, a node serves its own account only.
  boolean required();

  /// Whether this is the token in the node's home, which only the account of the node, and root,
  /// can read; also while no tokens are configured.
  default boolean ofHome(Optional<String> bearer) {
    return false;
  }

  /// Refused with `unauthenticated` when the token is missing where one is required, unknown
  /// or revoked.
  Outcome<Principal> authenticate(Optional<String> bearer);

  /// Knows no tokens: every caller that is let in may do everything.
  static Authenticator open() {
    return new Authenticator() {
      private final Principal local = new Principal("local", Set.of(Scope.values()));

      @Override
      public boolean required() {
        return false;
      }

      @Override
      public Outcome<Principal> authenticate(Optional<String> bearer) {
        return Outcome.ok(local);
      }
    };
  }
}
