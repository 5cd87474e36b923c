package elysia.coordinator.event;

import static org.assertj.core.api.Assertions.assertThat;

import elysia.core.repository.RepositoryStatus.State;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RepositoryGaugesTest {
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final RepositoryGauges gauges = new RepositoryGauges(registry);

  @Test
  void eachRepositoryCountsInItsLastStateOnly() {
    gauges.changed("a", State.PULLING, false);
    gauges.changed("b", State.IDLE, false);
    gauges.changed("a", State.IDLE, false);

    assertThat(inState("idle")).isEqualTo(2);
    assertThat(inState("pulling")).isZero();
  }

  @Test
  void whatFailedCountsAsFailingUntilItIsInStepAgain() {
    gauges.changed("a", State.WAITING, true);
    assertThat(failing()).isEqualTo(1);

    gauges.changed("a", State.IDLE, false);
    assertThat(failing()).isZero();
  }

  @Test
  void whatMovedAwayOrWasRemovedCountsNoMore() {
    gauges.changed("stays", State.IDLE, false);
    gauges.changed("moved", State.IDLE, false);
    gauges.changed("removed", State.REMOVING, false);

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
