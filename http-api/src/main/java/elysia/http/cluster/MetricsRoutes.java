package elysia.http.cluster;

import elysia.http.route.Answers;
import elysia.http.route.Endpoint;
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

  public MetricsRoutes(PrometheusMeterRegistry registry) {
    this.registry = registry;
  }

  @Override
  public List<Endpoint> endpoints() {
    return List.of(Endpoint.get("/metrics", _ -> CompletableFuture.completedFuture(
        Answers.of(200, TEXT, registry.scrape().getBytes(StandardCharsets.UTF_8)))));
  }
}
