package elysia.core.rate;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class MonotonicClockTest {
  @Test
  void wallClockThatIsSetDoesNotMoveIt() {
    Instant start = Instant.parse("2026-01-01T00:00:00Z");
    AtomicReference<Instant> wall = new AtomicReference<>(start);
    AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1);
    MonotonicClock clock = new MonotonicClock(wall::get, nanos::get);
    wall.set(start.minus(Duration.ofDays(1)));
    assertThat(clock.instant()).isEqualTo(start);
    wall.set(start.plus(Duration.ofDays(1)));
    nanos.addAndGet(Duration.ofSeconds(3).toNanos());
    assertThat(clock.instant()).isEqualTo(start.plusSeconds(3));
  }
}
