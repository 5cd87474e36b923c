package elysia.worker.pipeline;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/// Until when a batch may be written. Renewed from another thread than the one that asks.
///
/// Two clocks must both agree: the wall clock, since a message may have waited while this process
/// was paused, and the monotonic one, since the wall clock may be set back.
public final class Lease {
  private final InstantSource clock;
  private volatile End end;
  private volatile boolean cancelled;

  private record End(Instant wall, long nanos) {}

  /// @param clock
  ///          this node's wall clock
  /// @param leaseEnd
  ///          by the wall clock of whoever delivered the batch
  public Lease(InstantSource clock, Instant leaseEnd) {
    this.clock = clock;
    this.end = endAt(leaseEnd);
  }

  private End endAt(Instant leaseEnd) {
    return new End(leaseEnd,
        System.nanoTime() + Duration.between(clock.instant(), leaseEnd).toNanos());
  }

  /// Moves the end; never brings a cancelled lease back.
  public void renew(Instant leaseEnd) {
    end = endAt(leaseEnd);
  }

  public void cancel() {
    cancelled = true;
  }

  public boolean cancelled() {
    return cancelled;
  }

  /// Whether a write may begin now.
  public boolean valid() {
    End e = end;
    return !cancelled && clock.instant().isBefore(e.wall()) && System.nanoTime() - e.nanos() < 0;
  }

  /// By how much the end has passed; zero or negative while it has not.
  public Duration overrun() {
    return Duration.between(end.wall(), clock.instant());
  }
}
