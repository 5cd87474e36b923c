package elysia.testkit.clock;

import elysia.core.rate.Sleeper;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/// A clock that stands until told to move; who sleeps by it moves it. Thread-safe.
public final class ManualClock implements InstantSource, Sleeper {
  private final Instant start;
  private Instant now;
  private Duration slept = Duration.ZERO;

  public ManualClock() {
    this(Instant.parse("2026-01-01T00:00:00Z"));
  }

  public ManualClock(Instant start) {
    this.start = start;
    this.now = start;
  }

  @Override
  public synchronized Instant instant() {
    return now;
  }

  public synchronized void advance(Duration time) {
    now = now.plus(time);
  }

  @Override
  public synchronized void sleep(Duration time) throws InterruptedException {
    if (Thread.interrupted())
      throw new InterruptedException();
    advance(time);
    slept = slept.plus(time);
  }

  /// How long all sleepers together slept.
  public synchronized Duration slept() {
    return slept;
  }

  /// How far the clock has moved.
  public synchronized Duration elapsed() {
    return Duration.between(start, now);
  }
}
