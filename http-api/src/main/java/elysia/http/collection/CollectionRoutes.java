package elysia.http.collection;

import elysia.core.auth.Scope;
import elysia.core.collection.Collections;
import elysia.core.identity.Printable;
import elysia.http.route.ApiException;
import elysia.http.route.Endpoint;
import elysia.http.route.RequestContext;
import elysia.http.route.Responses;
import elysia.http.route.Routes;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.HttpMethods;
import org.apache.pekko.http.javadsl.model.HttpResponse;

/// `/v1/collections`.
public final class CollectionRoutes implements Routes {
  private static final String ALL = "/v1/collections";
  private static final String ONE = ALL + "/{collection}";

  private final Collections collections;

  public CollectionRoutes(Collections collections) {
    this.collections = collections;
  }

  @Override
  public List<Endpoint> endpoints() {
    return List.of(Endpoint.get(ALL, _ -> Responses.of(200, collections.list())),
        Endpoint.get(ONE,
            context -> Responses.of(200, collections.show(context.path("collection")))),
        Endpoint.act(HttpMethods.DELETE, ONE, this::delete).needs(Scope.ADMIN).slowly());
  }

  private CompletionStage<HttpResponse> delete(RequestContext context) {
    String name = context.path("collection");
    return Responses.from(collections.delete(name), deleted -> {
      if (!deleted)
        throw new ApiException(404, "collection_not_found",
            "collection: " + Printable.of(name) + " (expected: one that exists)",
            "GET /v1/collections lists them");
      return HttpResponse.create().withStatus(204);
    });
  }
}
