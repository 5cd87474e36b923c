package elysia.coordinator.rate;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import elysia.core.rate.RateBudget.Permit;
import elysia.core.rate.RateLimits;
import elysia.testkit.clock.ManualClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Join;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Budgets of two members of a cluster.
class ClusterRatesClusterTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration LOOK = Duration.ofMillis(50);
  private static final Duration TELL = Duration.ofMillis(500);
  private static final double LONGER = 1.15;
  private static final int NODES = 2;
  private static final Config CONFIG = ConfigFactory.parseString("""
      pekko {
        actor.provider = cluster
        actor.serialization-bindings { "elysia.core.wire.Wire" = jackson-cbor }
        remote.artery.canonical { hostname = "127.0.0.1", port = 0 }
        cluster.jmx.multi-mbeans-in-same-jvm = on
        coordinated-shutdown { terminate-actor-system = off, run-by-actor-system-terminate = off }
      }
      """).withFallback(ConfigFactory.load());

  private final ManualClock clock = new ManualClock();
  private final List<ActorTestKit> kits = new ArrayList<>();
  private final List<SharedRateBudget> budgets = new ArrayList<>();

  @BeforeEach
  void join() {
    for (int i = 0; i < NODES; i++) {
      ActorTestKit kit = ActorTestKit.create("rates", CONFIG);
      kits.add(kit);
      Cluster first = Cluster.get(kits.getFirst().system());
      Cluster.get(kit.system()).manager().tell(Join.create(first.selfMember().address()));
      ClusterRates rates = new ClusterRates(clock, clock);
      budgets.add(rates.budget("service",
          new RateLimits(0, 0, Duration.ofSeconds(6), Duration.ofDays(365))));
      rates.join(kit.system());
    }
    TestProbe<Object> probe = kits.getFirst().createTestProbe();
    probe.awaitAssert(PATIENCE, LOOK, () -> {
      for (ActorTestKit kit : kits)
        assertThat(Cluster.get(kit.system()).state().getMembers()).hasSize(NODES)
            .allMatch(member -> member.status().equals(MemberStatus.up()));
      return true;
    });
  }

  @AfterEach
  void end() {
    kits.forEach(ActorTestKit::shutdownTestKit);
  }

  @Test
  void pauseThatOneMemberLearnsHoldsTheOther() {
    SharedRateBudget one = budgets.getFirst();
    SharedRateBudget other = budgets.getLast();
    assertThat(other.acquire(1, 0, Duration.ZERO)).isEqualTo(new Permit.Granted());
    AtomicInteger told = new AtomicInteger();
    kits.getFirst().<Object>createTestProbe().awaitAssert(PATIENCE, TELL, () -> {
      // told again, and longer each time so that it is news, until the members know of each other
      Duration time = Duration.ofSeconds(Math.round(60 * Math.pow(LONGER, told.incrementAndGet())));
      one.throttled(time, "rate limit of service");
      assertThat(other.acquire(1, 0, Duration.ZERO)).isInstanceOfSatisfying(Permit.Wait.class,
          wait -> assertThat(wait.reason()).isEqualTo("rate limit of service"));
      return true;
    });
    assertThat(clock.slept()).isZero();
  }
}
