package elysia.coordinator.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RepositoryGaugesTest {
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final RepositoryGauges gauges = new RepositoryGauges(registry);

  @Test
  void eachRepositoryCountsInItsLastStateOnly() {
    gauges.changed("a", "pulling", false);
    gauges.changed("b", "idle", false);
    gauges.changed("a", "idle", false);

    assertThat(inState("idle")).isEqualTo(2);
    assertThat(inState("pulling")).isZero();
  }

  @Test
  void whatFailedCountsAsFailingUntilItIsInStepAgain() {
    gauges.changed("a", "waiting", true);
    assertThat(failing()).isEqualTo(1);

    gauges.changed("a", "idle", false);
    assertThat(failing()).isZero();
  }

  @Test
  void whatMovedAwayOrWasRemovedCountsNoMore() {
    gauges.changed("stays", "idle", false);
    gauges.changed("moved", "idle", false);
    gauges.changed("removed", "removing", false);

    gauges.removed("removed");
    gauges.keep(Set.of("stays"));

    assertThat(inState("idle")).isEqualTo(1);
    assertThat(inState("removing")).isZero();
  }

  private double inState(String state) {
    return registry.get("elysiactl.repositories").tag("state", state).gauge().value();
  }

  private double failing() {
    return registry.get("elysiactl.repositories.failing").gauge().value();
  }
}
