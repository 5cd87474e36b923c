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
import org.junit.jupiter.api.Test;

class SharedRateBudgetTest {
  private static final RateLimits LIMITS = new RateLimits(60, 0, Duration.ofSeconds(3),
      Duration.ofMinutes(1));
  private static final int NODES = 3;

  private Instant now = Instant.EPOCH;
  private final InstantSource clock = () -> now;
  private final LocalRateBudget kept = new LocalRateBudget("service", LIMITS, clock, _ -> {});
  private final List<RateKeeper.Command> told = new ArrayList<>();
  private boolean lost;
  private final SharedRateBudget.Keeper keeper = new SharedRateBudget.Keeper() {
    @Override
    public Optional<RateKeeper.Reserved> reserve(String service, RateKeeper.Limits limits,
        long requests, long tokens, Duration maxWait) {
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
    }

    @Override
    public int nodes() {
      return NODES;
    }
  };

  private SharedRateBudget node() {
    SharedRateBudget node = new SharedRateBudget("service", LIMITS, clock,
        time -> now = now.plus(time));
    node.share(keeper);
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
