package elysia.coordinator.feed;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.Test;

class LaneCallsTest {
  private static final int CALLS = 500;
  private static final Duration LONGEST = Duration.ofSeconds(30);

  @Test
  void callsReachTheirLanesInTheOrderInWhichTheyWereMade() {
    ActorTestKit kit = ActorTestKit.create();
    try {
      TestProbe<String> sent = kit.createTestProbe();
      ActorRef<LaneCalls.Call> calls = kit.spawn(LaneCalls.create((id, _) -> sent.ref().tell(id),
          FeedSettings.from(ConfigFactory.load("reference"))));
      List<String> ids = IntStream.range(0, CALLS).mapToObj(String::valueOf).toList();
      for (String id : ids)
        calls.tell(new LaneCalls.Call(id, _ -> Lane.Stop.STOP, new CompletableFuture<>()));
      assertThat(sent.receiveSeveralMessages(CALLS, LONGEST)).isEqualTo(ids);
    } finally {
      kit.shutdownTestKit();
    }
  }
}
