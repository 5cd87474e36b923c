package elysia.coordinator.event;

import com.typesafe.config.ConfigFactory;
import java.time.Instant;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.junit.jupiter.api.Test;

class NoticeWireTest {
  @Test
  void eventsCrossNodes() {
    ActorTestKit kit = ActorTestKit.create(ConfigFactory.parseString("""
        pekko.actor.provider = local
        pekko.actor.serialization-bindings { "elysia.core.wire.Wire" = jackson-cbor }
        """).withFallback(ConfigFactory.load()));
    try {
      kit.serializationTestKit().verifySerialization(
          new LiveEvents.Notice("sync:started", "app", "{\"a\":1}", Instant.EPOCH), true);
    } finally {
      kit.shutdownTestKit();
    }
  }
}
