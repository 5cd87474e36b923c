package elysia.testkit.clock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import elysia.core.rate.LocalRateBudget;
import elysia.core.rate.RateBudget.Permit;
import elysia.core.rate.RateLimits;
import java.time.Duration;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class LocalRateBudgetTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Duration HOUR = Duration.ofHours(1);

  private final ManualClock clock = new ManualClock();

  private LocalRateBudget budget(long requestsPerMinute, long tokensPerMinute) {
    return new LocalRateBudget("svc",
        new RateLimits(requestsPerMinute, tokensPerMinute, Duration.ofSeconds(6),
            Duration.ofMinutes(15)),
        clock, clock);
  }

  @Test
  void withoutLimitsNobodyWaits() {
    LocalRateBudget budget = budget(0, 0);
    for (int i = 0; i < 10_000; i++)
      assertThat(budget.acquire(1, 1_000_000, Duration.ZERO)).isEqualTo(new Permit.Granted());
    assertThat(clock.slept()).isZero();
  }

  @Test
  void theConfiguredRateOfRequestsIsKeptOverTime() {
    LocalRateBudget budget = budget(60, 0);
    for (int i = 0; i < 126; i++)
      assertThat(budget.acquire(1, 0, MINUTE)).isEqualTo(new Permit.Granted());
    // a burst of 6, then one a second
    assertThat(clock.elapsed()).isCloseTo(Duration.ofMinutes(2), Duration.ofMillis(5));
  }

  @Test
  void theConfiguredRateOfTokensIsKeptOverTime() {
    LocalRateBudget budget = budget(0, 60_000);
    for (int i = 0; i < 36; i++)
      assertThat(budget.acquire(1, 1_000, MINUTE)).isEqualTo(new Permit.Granted());
    assertThat(clock.elapsed()).isCloseTo(Duration.ofSeconds(30), Duration.ofMillis(5));
  }

  @Test
  void aCostBeyondTheBurstIsGrantedAndPaidOff() {
    LocalRateBudget budget = budget(0, 60_000);
    assertThat(budget.acquire(1, 60_000, Duration.ZERO)).isEqualTo(new Permit.Granted());
    assertThat(budget.acquire(1, 1, Duration.ZERO)).isInstanceOf(Permit.Wait.class);
    assertThat(budget.acquire(1, 1, MINUTE)).isEqualTo(new Permit.Granted());
    assertThat(clock.elapsed()).isCloseTo(Duration.ofSeconds(54), Duration.ofMillis(5));
  }

  @Test
  void aLongerWaitIsAnsweredAtOnceAndBooksNothing() {
    LocalRateBudget budget = budget(1, 0);
    assertThat(budget.acquire(1, 0, Duration.ZERO)).isEqualTo(new Permit.Granted());
    for (int i = 0; i < 3; i++)
      assertThat(budget.acquire(1, 0, Duration.ofSeconds(5)))
          .isEqualTo(new Permit.Wait(MINUTE, "own limit of 1 requests a minute to svc"));
    assertThat(clock.slept()).isZero();
    clock.advance(MINUTE);
    assertThat(budget.acquire(1, 0, Duration.ZERO)).isEqualTo(new Permit.Granted());
  }

  @Test
  void whatTheServiceAskedForHoldsEveryoneBack() {
    LocalRateBudget budget = budget(0, 0);
    budget.throttled(Duration.ofSeconds(42), "rate limit of svc");
    budget.throttled(Duration.ofSeconds(10), "shorter");
    assertThat(budget.acquire(1, 0, Duration.ofSeconds(5)))
        .isEqualTo(new Permit.Wait(Duration.ofSeconds(42), "rate limit of svc"));
    clock.advance(Duration.ofSeconds(38));
    assertThat(budget.acquire(1, 0, Duration.ofSeconds(5))).isEqualTo(new Permit.Granted());
    assertThat(clock.slept()).isEqualTo(Duration.ofSeconds(4));
  }

  @Test
  void whatIsTakenAtOnceIsWaitedForByTheNext() {
    LocalRateBudget budget = budget(60, 0);
    budget.throttled(Duration.ofSeconds(3), "rate limit of svc");
    budget.take(8, 0);
    assertThat(clock.slept()).isZero();
    assertThat(budget.acquire(1, 0, MINUTE)).isEqualTo(new Permit.Granted());
    assertThat(clock.slept()).isCloseTo(Duration.ofSeconds(3), Duration.ofMillis(5));
    assertThat(budget.acquire(1, 0, MINUTE)).isEqualTo(new Permit.Granted());
    assertThat(clock.slept()).isCloseTo(Duration.ofSeconds(4), Duration.ofMillis(5));
  }

  @Test
  void anAbsurdPauseIsCut() {
    LocalRateBudget budget = budget(0, 0);
    budget.throttled(Duration.ofDays(100_000), "for ever");
    assertThat(budget.acquire(1, 0, Duration.ZERO))
        .isEqualTo(new Permit.Wait(Duration.ofMinutes(15), "for ever"));
  }

  @Test
  void whatRemainsInTheServicesWindowIsNotExceeded() {
    LocalRateBudget budget = budget(0, 0);
    budget.observed(OptionalLong.of(2), OptionalLong.empty(), Duration.ofSeconds(30));
    assertThat(budget.acquire(1, 0, Duration.ZERO)).isEqualTo(new Permit.Granted());
    assertThat(budget.acquire(1, 0, Duration.ZERO)).isEqualTo(new Permit.Granted());
    assertThat(budget.acquire(1, 0, Duration.ZERO))
        .isEqualTo(new Permit.Wait(Duration.ofSeconds(30), "rate limit of svc"));
    clock.advance(Duration.ofSeconds(30));
    assertThat(budget.acquire(5, 0, Duration.ZERO)).isEqualTo(new Permit.Granted());
  }

  @Test
  void requestsAndTokensHaveWindowsOfTheirOwn() {
    LocalRateBudget budget = budget(0, 0);
    budget.observed(OptionalLong.of(0), OptionalLong.empty(), Duration.ofSeconds(1));
    budget.observed(OptionalLong.empty(), OptionalLong.of(100), Duration.ofMinutes(1));
    clock.advance(Duration.ofSeconds(1));
    assertThat(budget.acquire(1, 100, Duration.ZERO)).isEqualTo(new Permit.Granted());
    assertThat(budget.acquire(1, 1, Duration.ZERO)).isInstanceOf(Permit.Wait.class);
    budget.observed(OptionalLong.empty(), OptionalLong.of(5), Duration.ZERO);
    assertThat(budget.acquire(1, 1, Duration.ZERO)).isInstanceOf(Permit.Wait.class);
  }

  @Test
  void aPauseThatBeginsWhileOneSleepsHoldsItBackToo() {
    ManualClock time = new ManualClock();
    LocalRateBudget[] held = new LocalRateBudget[1];
    LocalRateBudget budget = new LocalRateBudget("svc",
        new RateLimits(60, 0, Duration.ofSeconds(1), HOUR), time, sleep -> {
          time.sleep(sleep);
          if (time.slept().compareTo(Duration.ofSeconds(2)) < 0)
            held[0].throttled(Duration.ofSeconds(20), "rate limit of svc");
        });
    held[0] = budget;
    assertThat(budget.acquire(1, 0, MINUTE)).isEqualTo(new Permit.Granted());
    assertThat(budget.acquire(1, 0, MINUTE)).isEqualTo(new Permit.Granted());
    assertThat(time.slept()).isCloseTo(Duration.ofSeconds(21), Duration.ofMillis(5));
  }

  @Test
  void anInterruptEndsTheWaitAndGivesTheCostBack() {
    LocalRateBudget budget = budget(60, 0);
    for (int i = 0; i < 6; i++)
      assertThat(budget.acquire(1, 0, Duration.ZERO)).isEqualTo(new Permit.Granted());
    Thread.currentThread().interrupt();
    assertThat(budget.acquire(1, 0, MINUTE)).isInstanceOf(Permit.Wait.class);
    assertThat(Thread.interrupted()).isTrue();
    assertThat(budget.acquire(1, 0, MINUTE)).isEqualTo(new Permit.Granted());
    assertThat(clock.elapsed().toMillis()).isCloseTo(1_000, within(5L));
  }
}
