package elysia.http.server;

import elysia.core.change.ChangeSettings;
import elysia.http.cluster.ClusterRoutes;
import elysia.http.cluster.MetricsRoutes;
import elysia.http.cluster.ProbeRoutes;
import elysia.http.collection.CollectionRoutes;
import elysia.http.feed.FeedRoutes;
import elysia.http.live.LiveRoutes;
import elysia.http.page.PageRoutes;
import elysia.http.repository.RepositoryRoutes;
import elysia.http.route.Endpoint;
import elysia.http.route.Routes;
import elysia.http.search.SearchRoutes;
import elysia.http.token.TokenRoutes;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.pekko.stream.Materializer;

/// The endpoints of the API.
final class ApiRoutes {
  private ApiRoutes() {}

  /// Every endpoint of the API.
  static List<Endpoint> endpoints(Ports ports, LiveRoutes live, AtomicBoolean leaving,
      ChangeSettings lines, boolean openMetrics, Supplier<Materializer> streams) {
    return Stream.<Routes>of(new RepositoryRoutes(ports.repositories(), ports.diagnoses()),
        new CollectionRoutes(ports.collections()),
        new FeedRoutes(streams, ports.changes(), lines), new SearchRoutes(ports.search()),
        new ClusterRoutes(ports.cluster()), new ProbeRoutes(ports.cluster(), leaving::get),
        new MetricsRoutes(ports.registry(), openMetrics), new TokenRoutes(ports.tokens()),
        new PageRoutes(), live)
        .flatMap(routes -> routes.endpoints().stream()).toList();
  }
}
