package elysia.http.guard;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RateLimitTest {
  private static final long SECOND = 1_000_000_000L;
  private final AtomicLong clock = new AtomicLong();
  private final RateLimit limit = new RateLimit(2, 3, clock::get);

  @Test
  void burstIsFreeThenTheRateHolds() {
    assertThat(limit.take("a")).isZero();
    assertThat(limit.take("a")).isZero();
    assertThat(limit.take("a")).isZero();
    assertThat(limit.take("a")).isEqualTo(1);
    clock.addAndGet(SECOND / 2);
    assertThat(limit.take("a")).isZero();
    assertThat(limit.take("a")).isPositive();
    clock.addAndGet(100 * SECOND);
    for (int i = 0; i < 3; i++)
      assertThat(limit.take("a")).isZero();
    assertThat(limit.take("a")).isPositive();
  }

  @Test
  void clientsDoNotShareABucket() {
    for (int i = 0; i < 4; i++)
      limit.take("a");
    assertThat(limit.take("b")).isZero();
  }

  @Test
  void clientsSeenLongAgoAreForgotten() {
    for (int i = 0; i < 4; i++)
      limit.take("a");
    for (int i = 0; i < 10_000; i++)
      limit.take("c" + i);
    assertThat(limit.take("a")).isZero();
  }
}
