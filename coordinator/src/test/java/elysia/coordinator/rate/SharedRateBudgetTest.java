package elysia.coordinator.rate;

import static org.assertj.core.api.Assertions.assertThat;

import elysia.core.rate.LocalRateBudget;
import elysia.core.rate.RateBudget.Permit;
import elysia.core.rate.RateLimits;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class SharedRateBudgetTest {
  private static final RateLimits LIMITS = new RateLimits(60, 0, Duration.ofSeconds(3),
      Duration.ofMinutes(1));
  private static final RateLimits UNLIMITED = new RateLimits(0, 0, Duration.ofSeconds(3),
      Duration.ofMinutes(1));
  private static final int NODES = 3;

  private Instant now = Instant.EPOCH;
  private final InstantSource clock = () -> now;
  private final LocalRateBudget kept = new LocalRateBudget("service", LIMITS, clock, _ -> {});
  private final List<RateKeeper.Command> told = new ArrayList<>();
  private final List<RateKeeper.Paused> announced = new ArrayList<>();
  private final List<SharedRateBudget> all = new ArrayList<>();
  private int questions;
  private boolean lost;
  private final SharedRateBudget.Keeper keeper = new SharedRateBudget.Keeper() {
    @Override
    public Optional<RateKeeper.Reserved> reserve(String service, RateKeeper.Limits limits,
        long requests, long tokens, Duration maxWait) {
      questions++;
      if (lost)
        return Optional.empty();
      Permit.Wait wait = kept.reserve(requests, tokens, maxWait);
      return Optional.of(new RateKeeper.Reserved(wait.time(), wait.reason()));
    }

    @Override
    public void tell(RateKeeper.Command command) {
      told.add(command);
      if (command instanceof RateKeeper.Throttled(_, _, var time, var reason))
        kept.throttled(time, reason);
      if (command instanceof RateKeeper.Refund(_, var requests, var tokens))
        kept.giveBack(requests, tokens);
    }

    @Override
    public void announce(RateKeeper.Paused pause) {
      announced.add(pause);
      all.forEach(node -> node.heard(pause));
    }

    @Override
    public int nodes() {
      return NODES;
    }
  };

  private SharedRateBudget node() {
    return node(LIMITS);
  }

  private SharedRateBudget node(RateLimits limits) {
    SharedRateBudget node = new SharedRateBudget("service", limits, clock,
        time -> now = now.plus(time));
    node.share(keeper);
    all.add(node);
    return node;
  }

  /// Calls that a budget grants at once.
  private static int atOnce(List<SharedRateBudget> nodes) {
    int granted = 0;
    for (SharedRateBudget node : nodes)
      while (node.acquire(1, 0, Duration.ZERO) instanceof Permit.Granted)
        granted++;
    return granted;
  }

  @Test
  void nodesTogetherGetWhatOneWouldGet() {
    assertThat(atOnce(List.of(node(), node(), node()))).isEqualTo(3);
    now = now.plusSeconds(2);
    assertThat(atOnce(List.of(node(), node(), node()))).isEqualTo(2);
  }

  @Test
  void whatOneNodeLearnedHoldsTheOthersBack() {
    SharedRateBudget other = node();
    node().throttled(Duration.ofSeconds(42), "rate limit of service");
    assertThat(other.acquire(1, 0, Duration.ofSeconds(1)))
        .isEqualTo(new Permit.Wait(Duration.ofSeconds(42), "rate limit of service"));
  }

  @Test
  void unlimitedServiceIsCalledWithoutAMessage() {
    SharedRateBudget node = node(UNLIMITED);
    for (int i = 0; i < 100; i++) {
      assertThat(node.acquire(1, 0, Duration.ZERO)).isEqualTo(new Permit.Granted());
      node.take(1, 0);
    }
    assertThat(questions).isZero();
    assertThat(told).isEmpty();
    assertThat(announced).isEmpty();
  }

  @Test
  void pauseOfAnUnlimitedServiceHoldsAllNodesUntilItIsOver() {
    SharedRateBudget one = node(UNLIMITED);
    SharedRateBudget other = node(UNLIMITED);
    one.throttled(Duration.ofSeconds(42), "rate limit of service");
    for (SharedRateBudget node : all)
      assertThat(node.acquire(1, 0, Duration.ofSeconds(2)))
          .isEqualTo(new Permit.Wait(Duration.ofSeconds(42), "rate limit of service"));
    now = now.plusSeconds(41);
    assertThat(other.acquire(1, 0, Duration.ofSeconds(2))).isEqualTo(new Permit.Granted());
    assertThat(now).isEqualTo(Instant.EPOCH.plusSeconds(42));
    assertThat(questions).isZero();
  }

  @Test
  void onePauseThatManyCallsMeetIsToldOnce() {
    SharedRateBudget node = node(UNLIMITED);
    for (int i = 0; i < 40; i++) {
      node.throttled(Duration.ofSeconds(30), "rate limit of service");
      now = now.plusMillis(10);
    }
    assertThat(announced).hasSize(1);
    now = now.plusSeconds(31);
    node.throttled(Duration.ofSeconds(30), "rate limit of service");
    assertThat(announced).hasSize(2);
  }

  @Test
  void whatTheServiceSaysItHasLeftIsCountedForAll() {
    SharedRateBudget node = node(UNLIMITED);
    node.observed(OptionalLong.of(1), OptionalLong.empty(), Duration.ofSeconds(9));
    assertThat(node.acquire(1, 0, Duration.ZERO)).isEqualTo(new Permit.Granted());
    assertThat(questions).isEqualTo(1);
  }

  @Test
  void callThatDoesNotWaitIsPaidByThoseThatDo() {
    SharedRateBudget node = node();
    node.take(3, 0);
    assertThat(now).isEqualTo(Instant.EPOCH);
    assertThat(node().acquire(1, 0, Duration.ofSeconds(5))).isEqualTo(new Permit.Granted());
    assertThat(now).isEqualTo(Instant.EPOCH.plusSeconds(1));
  }

  @Test
  void callThatMayWaitIsMadeWhenItsTurnHasCome() {
    SharedRateBudget node = node();
    atOnce(List.of(node));
    assertThat(node.acquire(1, 0, Duration.ofSeconds(5))).isEqualTo(new Permit.Granted());
    assertThat(now).isEqualTo(Instant.EPOCH.plusSeconds(1));
  }

  @Test
  void withoutTheKeeperEachNodeKeepsToItsPart() {
    lost = true;
    assertThat(atOnce(List.of(node(), node(), node()))).isEqualTo(NODES);
    now = now.plusSeconds(3);
    SharedRateBudget node = node();
    assertThat(atOnce(List.of(node))).isEqualTo(1);
    now = now.plusSeconds(3);
    assertThat(atOnce(List.of(node))).isEqualTo(1);
  }

  @Test
  void pauseHoldsWhenTheKeeperIsLost() {
    SharedRateBudget node = node();
    node.throttled(Duration.ofSeconds(42), "rate limit of service");
    lost = true;
    assertThat(node.acquire(1, 0, Duration.ofSeconds(1)))
        .isEqualTo(new Permit.Wait(Duration.ofSeconds(42), "rate limit of service"));
  }

  @Test
  void keeperIsAskedAgainAfterAWhile() {
    lost = true;
    SharedRateBudget node = node();
    atOnce(List.of(node));
    lost = false;
    now = now.plusSeconds(6);
    assertThat(atOnce(List.of(node))).isEqualTo(3);
  }
}
