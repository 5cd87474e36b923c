package elysia.worker.pipeline;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/// Until when a batch may be written. Renewed from another thread than the one that asks.
///
/// Two clocks must both agree: one that nobody sets, in whose time a lease is given, and the wall
/// clock, which advances while the machine sleeps. A wall clock that is set forward ends leases
/// early, until their next renewal; that is safe.
public final class Lease {
  private final InstantSource monotonic;
  private final InstantSource wall;
  private volatile End end;
  private volatile boolean cancelled;

  private record End(Instant monotonic, Instant wall) {}

  /// @param monotonic this node's clock for leases
  /// @param wall this node's wall clock
  /// @param leaseEnd by the monotonic clock
  public Lease(InstantSource monotonic, InstantSource wall, Instant leaseEnd) {
    this.monotonic = monotonic;
    this.wall = wall;
    this.end = endAt(leaseEnd);
  }

  private End endAt(Instant leaseEnd) {
    return new End(leaseEnd,
        wall.instant().plus(Duration.between(monotonic.instant(), leaseEnd)));
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
    return !cancelled && monotonic.instant().isBefore(e.monotonic())
        && wall.instant().isBefore(e.wall());
  }

  /// By how much the end has passed; zero or negative while it has not.
  public Duration overrun() {
    End e = end;
    Duration byMonotonic = Duration.between(e.monotonic(), monotonic.instant());
    Duration byWall = Duration.between(e.wall(), wall.instant());
    return byMonotonic.compareTo(byWall) > 0 ? byMonotonic : byWall;
  }
}
