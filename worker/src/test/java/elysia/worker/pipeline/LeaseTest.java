package elysia.worker.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import elysia.testkit.clock.ManualClock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class LeaseTest {
  private static final Duration LEASE = Duration.ofSeconds(15);
  private static final Duration HOUR = Duration.ofHours(1);

  private final ManualClock monotonic = new ManualClock();
  private final ManualClock wall = new ManualClock(monotonic.instant().minus(HOUR));
  private final Lease lease = new Lease(monotonic, wall, monotonic.instant().plus(LEASE));

  private void pass(Duration time) {
    monotonic.advance(time);
    wall.advance(time);
  }

  @Test
  void itEndsByTheClockInWhoseTimeItWasGiven() {
    pass(LEASE.minusMillis(1));
    assertThat(lease.valid()).isTrue();
    assertThat(lease.overrun()).isEqualTo(Duration.ofMillis(-1));
    pass(Duration.ofSeconds(2));
    assertThat(lease.valid()).isFalse();
    assertThat(lease.overrun()).isEqualTo(Duration.ofMillis(1_999));
  }

  @Test
  void wallClockThatIsSetBackDoesNotProlongIt() {
    wall.advance(HOUR.negated());
    assertThat(lease.valid()).isTrue();
    pass(LEASE);
    assertThat(lease.valid()).isFalse();
    assertThat(lease.overrun()).isZero();
  }

  @Test
  void wallClockThatIsSetForwardEndsItUntilItIsRenewed() {
    wall.advance(HOUR);
    assertThat(lease.valid()).isFalse();
    lease.renew(monotonic.instant().plus(LEASE));
    assertThat(lease.valid()).isTrue();
  }

  @Test
  void machineThatSleptHasNoLeaseAnyMore() {
    wall.advance(LEASE);
    assertThat(lease.valid()).isFalse();
  }

  @Test
  void cancelledLeaseDoesNotComeBack() {
    lease.cancel();
    lease.renew(monotonic.instant().plus(HOUR));
    assertThat(lease.valid()).isFalse();
  }
}
