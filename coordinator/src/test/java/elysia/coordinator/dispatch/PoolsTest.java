package elysia.coordinator.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import elysia.core.batch.Batch;
import elysia.core.batch.BatchId;
import elysia.core.batch.WorkerPool;
import elysia.core.identity.CollectionName;
import elysia.testkit.clock.ManualClock;
import elysia.testkit.store.TestChunks;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorRefResolver;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class PoolsTest {
  private static final ActorTestKit KIT = ActorTestKit.create(ConfigFactory.parseString("""
      pekko {
        actor.provider = cluster
        remote.artery.canonical { hostname = "127.0.0.1", port = 0 }
        cluster.jmx.multi-mbeans-in-same-jvm = on
        coordinated-shutdown { terminate-actor-system = off, run-by-actor-system-terminate = off }
      }
      """).withFallback(ConfigFactory.load()));

  private final ActorRef<WorkerPool.Command> remote = ActorRefResolver.get(KIT.system())
      .resolveActorRef("pekko://elysia@127.0.0.1:1/user/worker-pool");
  private final TestProbe<WorkerPool.Command> own = KIT.createTestProbe();
  private final ManualClock clock = new ManualClock();
  private final Pools pools = new Pools(new Dispatcher.Settings(2, Duration.ofSeconds(15),
      Duration.ofSeconds(4), Duration.ofSeconds(9), Duration.ofSeconds(10)), clock);

  @AfterAll
  static void end() {
    KIT.shutdownTestKit();
  }

  private Pool known(ActorRef<WorkerPool.Command> pool) {
    return pools.get(pool).orElseThrow();
  }

  private static Pending pending(int number) {
    return new Pending(new Batch(new BatchId("run", number), new CollectionName("c"),
        TestChunks.MODEL, TestChunks.REPO, "commit", List.of(), false),
        KIT.<Dispatcher.Report>createTestProbe().ref());
  }

  @Test
  void remotePoolGetsNoBatchBeforeItsFirstAnswer() {
    pools.changed(Set.of(remote));
    assertThat(known(remote).local()).isFalse();
    assertThat(pools.next()).isEmpty();
    known(remote).heard = true;
    assertThat(pools.next()).contains(known(remote));
  }

  @Test
  void ownPoolNeedsNoAnswer() {
    pools.changed(Set.of(remote, own.ref()));
    assertThat(pools.next()).contains(known(own.ref()));
    known(own.ref()).deliver(pending(0), clock.instant());
    assertThat(pools.next()).as("the other one would be empty").contains(known(own.ref()));
    known(own.ref()).deliver(pending(1), clock.instant());
    assertThat(pools.next()).as("no credit is left").isEmpty();
  }

  @Test
  void remotePoolThatHasNotAnsweredTakesNothingFromAFullOne() {
    pools.changed(Set.of(remote, own.ref()));
    known(own.ref()).deliver(pending(0), clock.instant());
    known(own.ref()).deliver(pending(1), clock.instant());
    assertThat(pools.overfull()).isEmpty();
    known(remote).heard = true;
    assertThat(pools.overfull()).contains(known(own.ref()));
  }

  @Test
  void remotePoolThatCameBackIsAskedAnew() {
    pools.changed(Set.of(remote));
    known(remote).heard = true;
    assertThat(pools.changed(Set.of())).hasSize(1);
    pools.changed(Set.of(remote));
    assertThat(pools.next()).isEmpty();
  }
}
