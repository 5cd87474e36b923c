package elysia.worker.pipeline;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/// Until when a batch may be written. Renewed from another thread than the one that asks.
///
/// Two clocks must both agree: one that nobody sets, in whose time a lease is given, and the wall
/// clock, which goes on while the machine sleeps. A wall clock that is set forward ends leases
/// early, until their next renewal; that is safe.
public final class Lease {
  private final InstantSource steady;
  private final InstantSource wall;
  private volatile End end;
  private volatile boolean cancelled;

  private record End(Instant steady, Instant wall) {}

  /// @param steady
  ///          this node's clock for leases
  /// @param wall
  ///          this node's wall clock
  /// @param leaseEnd
  ///          by the steady clock
  public Lease(InstantSource steady, InstantSource wall, Instant leaseEnd) {
    this.steady = steady;
    this.wall = wall;
    this.end = endAt(leaseEnd);
  }

  private End endAt(Instant leaseEnd) {
    return new End(leaseEnd,
        wall.instant().plus(Duration.between(steady.instant(), leaseEnd)));
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
    return !cancelled && steady.instant().isBefore(e.steady())
        && wall.instant().isBefore(e.wall());
  }

  /// By how much the end has passed; zero or negative while it has not.
  public Duration overrun() {
    End e = end;
    Duration bySteady = Duration.between(e.steady(), steady.instant());
    Duration byWall = Duration.between(e.wall(), wall.instant());
    return bySteady.compareTo(byWall) > 0 ? bySteady : byWall;
  }
}
