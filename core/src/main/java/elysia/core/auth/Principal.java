package elysia.core.auth;

import java.util.Set;

/// A caller that was recognized.
///
/// @param name for the audit log; never the secret
public record Principal(String name, Set<Scope> scopes) {
  public Principal {
    scopes = Set.copyOf(scopes);
  }

  public boolean may(Scope scope) {
    return scopes.contains(scope);
  }
}
