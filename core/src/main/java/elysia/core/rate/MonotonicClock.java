package elysia.core.rate;

import java.time.Instant;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/// Begins with the wall clock's time and then advances evenly, whatever the wall clock is set to:
/// for waits and budgets within one process. Thread-safe.
public final class MonotonicClock implements InstantSource {
  private final Instant start;
  private final LongSupplier nanos;
  private final long startNanos;

  public MonotonicClock(InstantSource wall) {
    this(wall, System::nanoTime);
  }

  /// @param nanos of any origin, never set
  MonotonicClock(InstantSource wall, LongSupplier nanos) {
    this.start = wall.instant();
    this.nanos = nanos;
    this.startNanos = nanos.getAsLong();
  }

  @Override
  public Instant instant() {
    return start.plusNanos(nanos.getAsLong() - startNanos);
  }
}
