package elysia.worker.pool;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;

/// The rate of a growing count over the last minute. One thread.
final class RateMeter {
  private static final Duration WINDOW = Duration.ofMinutes(1);

  private record Sample(Instant at, double count) {}

  private final InstantSource clock;
  private final Deque<Sample> samples = new ArrayDeque<>();

  RateMeter(InstantSource clock) {
    this.clock = clock;
  }

  double perSecond(double count) {
    Instant now = clock.instant();
    samples.addLast(new Sample(now, count));
    while (samples.size() > 2
        && Duration.between(samples.getFirst().at(), now).compareTo(WINDOW) > 0)
      samples.removeFirst();
    double seconds = Duration.between(samples.getFirst().at(), now).toMillis() / 1000.0;
    return seconds <= 0 ? 0 : (count - samples.getFirst().count()) / seconds;
  }
}
