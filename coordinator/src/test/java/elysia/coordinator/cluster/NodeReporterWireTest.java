package elysia.coordinator.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import elysia.core.wire.Wire;
import java.util.List;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.junit.jupiter.api.Test;

class NodeReporterWireTest {
  @Test
  void reportsCrossNodes() {
    ActorTestKit kit = ActorTestKit.create(ConfigFactory.parseString("""
        pekko.actor.provider = local
        pekko.actor.serialization-bindings { "elysia.core.wire.Wire" = jackson-cbor }
        """).withFallback(ConfigFactory.load()));
    try {
      TestProbe<NodeReporter.Report> probe = kit.createTestProbe();
      for (Wire message : List.of(new NodeReporter.GetReport(probe.ref()),
          new NodeReporter.Report("a", "1", -1, 2, 3, 4, 5.5)))
        assertThat(kit.serializationTestKit().verifySerialization(message, false))
            .isEqualTo(message);
    } finally {
      kit.shutdownTestKit();
    }
  }
}
