package elysia.http.cluster;

import elysia.core.cluster.ClusterView;
import elysia.http.route.Endpoint;
import elysia.http.route.Responses;
import elysia.http.route.Routes;
import java.util.List;

/// `/v1/cluster`.
public final class ClusterRoutes implements Routes {
  private final ClusterView cluster;

  public ClusterRoutes(ClusterView cluster) {
    this.cluster = cluster;
  }

  @Override
  public List<Endpoint> endpoints() {
    return List.of(Endpoint.get("/v1/cluster",
        _ -> cluster.status().thenApply(status -> Responses.json(200, status))));
  }
}
