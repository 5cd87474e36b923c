package elysia.http.cluster;

import elysia.http.route.Endpoint;
import elysia.http.route.Responses;
import elysia.http.route.Routes;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.ContentTypes;

/// `/metrics` in the Prometheus text format.
public final class MetricsRoutes implements Routes {
  private static final ContentType TEXT = ContentTypes
      .parse("text/plain; version=0.0.4; charset=utf-8");
  private final PrometheusMeterRegistry registry;
  private final boolean open;

  /// @param open to callers without a token
  public MetricsRoutes(PrometheusMeterRegistry registry, boolean open) {
    this.registry = registry;
    this.open = open;
  }

  @Override
  public List<Endpoint> endpoints() {
    Endpoint metrics = Endpoint.get("/metrics", _ -> CompletableFuture.completedFuture(
        Responses.of(200, TEXT, registry.scrape().getBytes(StandardCharsets.UTF_8))));
    return List.of(open ? metrics.open() : metrics);
  }
}
