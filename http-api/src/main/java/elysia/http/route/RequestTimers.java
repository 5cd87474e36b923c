package elysia.http.route;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/// Times requests by route template, method and class of status, so that the number of series is
/// bounded whatever clients ask for.
public final class RequestTimers {
  private static final Set<String> METHODS = Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE",
      "OPTIONS");
  private final MeterRegistry registry;
  private final Duration[] buckets;

  /// @param buckets upper bounds of the histogram
  public RequestTimers(MeterRegistry registry, List<Duration> buckets) {
    this.registry = registry;
    this.buckets = buckets.toArray(Duration[]::new);
  }

  void record(String method, String route, int status, Duration took) {
    Timer.builder("elysiactl.http.request").description("Time to answer a request")
        .tag("method", METHODS.contains(method) ? method : "other").tag("route", route)
        .tag("status", status / 100 + "xx").serviceLevelObjectives(buckets).register(registry)
        .record(took);
  }
}
