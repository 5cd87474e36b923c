package elysia.cli.feed.upload;

import elysia.cli.process.Interrupts;
import elysia.cli.session.Session;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// A signal's wish that a run ends. Once the run has something in hand, the process waits a while
/// for it to put that away.
public final class InterruptFlag implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final CountDownLatch asked = new CountDownLatch(1);
  private final CountDownLatch ended = new CountDownLatch(1);
  private final Interrupts.Registration registration;
  private volatile boolean held;

  public InterruptFlag(Session session) {
    registration = session.environment().interrupts().onInterrupt(this::ask);
  }

  private void ask() {
    asked.countDown();
    if (held)
      await(ended, PATIENCE);
  }

  /// From now on there is something to put away.
  public void hold() {
    held = true;
  }

  public boolean asked() {
    return asked.getCount() == 0;
  }

  /// Waits, less when it is asked to end.
  ///
  /// @return whether it was
  public boolean asked(Duration within) {
    return await(asked, within);
  }

  private static boolean await(CountDownLatch latch, Duration time) {
    try {
      return latch.await(time.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }

  @Override
  public void close() {
    ended.countDown();
    registration.close();
  }
}
