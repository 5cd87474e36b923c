package elysia.http.route;

import elysia.core.auth.Principal;
import org.apache.pekko.http.javadsl.model.HttpRequest;

/// Decides who may ask at all. Both methods throw [Rejected] when not.
public interface Gate {
  /// Before anything else is known of the request.
  void admit(HttpRequest request);

  /// Who asks; for every path but those that are open to anybody.
  Principal identify(HttpRequest request);
}
