package elysia.core.rate;

import java.time.Duration;

/// The wait of a thread: [Thread#sleep(Duration)], or a test's clock that advances.
@FunctionalInterface
public interface Sleeper {
  void sleep(Duration time) throws InterruptedException;
}
