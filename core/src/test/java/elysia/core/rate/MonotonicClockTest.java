package elysia.core.rate;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class MonotonicClockTest {
  @Test
  void wallClockThatIsSetDoesNotMoveIt() {
    ManualClock wall = new ManualClock();
    Instant start = wall.instant();
    AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1);
    MonotonicClock clock = new MonotonicClock(wall, nanos::get);
    wall.advance(Duration.ofDays(-1));
    assertThat(clock.instant()).isEqualTo(start);
    wall.advance(Duration.ofDays(2));
    nanos.addAndGet(Duration.ofSeconds(3).toNanos());
    assertThat(clock.instant()).isEqualTo(start.plusSeconds(3));
  }
}
