package elysia.testkit.process;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/// Bounded waits for what happens in another process.
public final class Await {
  private static final Duration LOOK = Duration.ofMillis(50);

  private Await() {}

  /// Looks until there is an answer.
  ///
  /// @param what is awaited, for the message
  /// @throws AssertionError when there is none within the time
  public static <T> T until(String what, Duration limit, Supplier<Optional<T>> look) {
    long deadline = System.nanoTime() + limit.toNanos();
    while (true) {
      Optional<T> found = look.get();
      if (found.isPresent())
        return found.get();
      if (System.nanoTime() > deadline)
        throw new AssertionError("not within " + limit + ": " + what);
      LockSupport.parkNanos(LOOK.toNanos());
    }
  }

  /// Looks until the assertions hold.
  ///
  /// @throws AssertionError the last one, when they do not hold within the time
  public static void asserted(Duration limit, Runnable assertions) {
    long deadline = System.nanoTime() + limit.toNanos();
    while (true) {
      try {
        assertions.run();
        return;
      } catch (AssertionError e) {
        if (System.nanoTime() > deadline)
          throw e;
      }
      LockSupport.parkNanos(LOOK.toNanos());
    }
  }

  /// Looks until it is so.
  public static void so(String what, Duration limit, Supplier<Boolean> look) {
    until(what, limit, () -> look.get() ? Optional.of(true) : Optional.empty());
  }
}
