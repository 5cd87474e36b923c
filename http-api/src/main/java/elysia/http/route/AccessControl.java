package elysia.http.route;

import elysia.core.auth.Principal;
import elysia.core.auth.Scope;
import elysia.core.outcome.Outcome;
import elysia.core.outcome.Unit;
import org.apache.pekko.http.javadsl.model.HttpRequest;

/// Decides who may ask at all.
public interface AccessControl {
  /// Before anything else is known of the request; throws [ApiException] when not.
  void admit(HttpRequest request);

  /// Who asks; for every path but those that are open to anybody. Throws [ApiException] when nobody
  /// that it knows.
  Principal identify(HttpRequest request);

  /// Whether it would let a request in once more that it has let in: tokens are revoked and expire
  /// while a long one goes on. `Busy` while it cannot know.
  Outcome<Unit> stillAdmits(HttpRequest request, Scope scope);
}
