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

class ChangeQueueClientTest {
  private static final int REQUESTS = 500;
  private static final Duration LONGEST = Duration.ofSeconds(30);

  @Test
  void requestsReachTheirQueuesInTheOrderInWhichTheyWereMade() {
    ActorTestKit kit = ActorTestKit.create();
    try {
      TestProbe<String> sent = kit.createTestProbe();
      ActorRef<ChangeQueueClient.Request> client = kit
          .spawn(ChangeQueueClient.create((id, _) -> sent.ref().tell(id),
              FeedSettings.from(ConfigFactory.load("reference"))));
      List<String> ids = IntStream.range(0, REQUESTS).mapToObj(String::valueOf).toList();
      for (String id : ids)
        client.tell(new ChangeQueueClient.Request(id, _ -> ChangeQueue.Stop.STOP,
            new CompletableFuture<>()));
      assertThat(sent.receiveSeveralMessages(REQUESTS, LONGEST)).isEqualTo(ids);
    } finally {
      kit.shutdownTestKit();
    }
  }
}
