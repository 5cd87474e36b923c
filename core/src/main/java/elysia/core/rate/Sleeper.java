package elysia.core.rate;

import java.time.Duration;

/// How a thread waits: [Thread#sleep(Duration)], or a test's clock that moves on.
@FunctionalInterface
public interface Sleeper {
  void sleep(Duration time) throws InterruptedException;
}
