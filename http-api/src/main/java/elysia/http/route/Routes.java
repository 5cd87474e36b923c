package elysia.http.route;

import java.util.List;

/// The endpoints of one feature.
@FunctionalInterface
public interface Routes {
  List<Endpoint> endpoints();
}
