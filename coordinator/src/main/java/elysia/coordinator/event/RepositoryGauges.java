package elysia.coordinator.event;

import elysia.core.repository.RepositoryStatus.State;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Gauges of the repositories that live on this node, by state. Thread-safe.
public final class RepositoryGauges {
  private record Seen(State state, boolean failing) {}

  private final Map<String, Seen> repositories = new ConcurrentHashMap<>();

  public RepositoryGauges(MeterRegistry registry) {
    for (State state : State.values())
      Gauge.builder("elysiactl.repositories", () -> count(state)).tag("state", state.label())
          .description("Repositories that live on this node").register(registry);
    Gauge.builder("elysiactl.repositories.failing", this::failing)
        .description("Those whose last pull or sync failed and that will be tried again")
        .register(registry);
  }

  /// @param failing its last pull or sync failed
  void changed(String name, State state, boolean failing) {
    repositories.put(name, new Seen(state, failing));
  }

  void removed(String name) {
    repositories.remove(name);
  }

  /// Forgets those that moved to another node.
  ///
  /// @param names what lives here now
  public void keep(Set<String> names) {
    repositories.keySet().retainAll(names);
  }

  private long count(State state) {
    return repositories.values().stream().filter(seen -> seen.state() == state).count();
  }

  private long failing() {
    return repositories.values().stream().filter(Seen::failing).count();
  }
}
