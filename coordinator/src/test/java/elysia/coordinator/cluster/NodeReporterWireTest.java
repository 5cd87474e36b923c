package elysia.coordinator.cluster;

import com.typesafe.config.ConfigFactory;
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
      kit.serializationTestKit().verifySerialization(new NodeReporter.GetReport(probe.ref()),
          true);
      kit.serializationTestKit()
          .verifySerialization(new NodeReporter.Report("a", "1", -1, 2, 3, 4, 5.5), true);
    } finally {
      kit.shutdownTestKit();
    }
  }
}
