package elysia.http.search;

import elysia.core.auth.Scope;
import elysia.core.search.Search;
import elysia.core.search.SearchRequest;
import elysia.http.route.Endpoint;
import elysia.http.route.Responses;
import elysia.http.route.Routes;
import java.util.List;
import org.apache.pekko.http.javadsl.model.HttpMethods;

/// `/v1/search`.
public final class SearchRoutes implements Routes {
  private final Search search;

  public SearchRoutes(Search search) {
    this.search = search;
  }

  @Override
  public List<Endpoint> endpoints() {
    return List.of(Endpoint.change(HttpMethods.POST, "/v1/search", Endpoint.Body.JSON,
        context -> Responses.of(200, search.search(context.json(SearchRequest.class))))
        .needs(Scope.READ));
  }
}
