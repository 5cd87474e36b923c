package elysia.coordinator.event;

import static org.assertj.core.api.Assertions.assertThat;

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
      LiveEvents.Notice notice = new LiveEvents.Notice("sync:started", "app", "{\"a\":1}",
          Instant.EPOCH);
      assertThat(kit.serializationTestKit().verifySerialization(notice, false)).isEqualTo(notice);
    } finally {
      kit.shutdownTestKit();
    }
  }
}
