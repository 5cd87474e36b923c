package elysia.http.cluster;

import elysia.core.cluster.ClusterView;
import elysia.http.route.ApiException;
import elysia.http.route.Endpoint;
import elysia.http.route.Responses;
import elysia.http.route.Routes;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import org.apache.pekko.http.javadsl.model.HttpResponse;

/// `/alive` and `/ready`, open to anybody: they tell nothing but whether to send requests here.
public final class ProbeRoutes implements Routes {
  private record Alive(boolean alive) {}

  private final ClusterView cluster;
  private final BooleanSupplier leaving;

  /// @param leaving whether this node is about to end
  public ProbeRoutes(ClusterView cluster, BooleanSupplier leaving) {
    this.cluster = cluster;
    this.leaving = leaving;
  }

  @Override
  public List<Endpoint> endpoints() {
    return List.of(
        Endpoint.get("/alive",
            _ -> CompletableFuture.completedFuture(Responses.json(200, new Alive(true)))).open(),
        Endpoint.get("/ready", _ -> ready()).open());
  }

  private CompletionStage<HttpResponse> ready() {
    ClusterView.Readiness readiness = leaving.getAsBoolean()
        ? new ClusterView.Readiness(false, "this node is shutting down")
        : cluster.readiness();
    if (!readiness.ready())
      throw new ApiException(503, "not_ready", readiness.reason(), "");
    return CompletableFuture.completedFuture(Responses.json(200, readiness));
  }
}
