package elysia.coordinator.rate;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.junit.jupiter.api.Test;

class RateKeeperWireTest {
  @Test
  void keeperIsAskedFromAllNodes() {
    ActorTestKit kit = ActorTestKit.create(ConfigFactory.parseString("""
        pekko.actor.provider = local
        pekko.actor.serialization-bindings { "elysia.core.wire.Wire" = jackson-cbor }
        """).withFallback(ConfigFactory.load()));
    RateKeeper.Limits limits = new RateKeeper.Limits(1, 2, Duration.ofSeconds(3),
        Duration.ofMinutes(4));
    try {
      for (Object message : List.of(
          new RateKeeper.Reserve("s", limits, 1, 2, Duration.ofSeconds(5),
              kit.<RateKeeper.Reserved>createTestProbe().ref()),
          new RateKeeper.Reserved(Duration.ofMillis(7), "why"),
          new RateKeeper.Refund("s", 1, 2),
          new RateKeeper.Paused("s", Duration.ofSeconds(6), "why"),
          new RateKeeper.Throttled("s", limits, Duration.ofSeconds(8), "why"),
          new RateKeeper.Observed("s", limits, Optional.of(9L), Optional.empty(),
              Duration.ofSeconds(1))))
        assertThat(kit.serializationTestKit().verifySerialization(message, false))
            .isEqualTo(message);
    } finally {
      kit.shutdownTestKit();
    }
  }
}
