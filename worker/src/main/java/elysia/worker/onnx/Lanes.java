package elysia.worker.onnx;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// A fixed pool of platform threads with a session for each.
final class Lanes implements AutoCloseable {
  /// Work that has a session to itself.
  @FunctionalInterface
  interface Work {
    void with(MiniLm session) throws OrtException;
  }

  private final List<MiniLm> sessions;
  private final BlockingQueue<MiniLm> free;
  private final ExecutorService threads;

  /// ONNX Runtime needs more stack than a Java thread has by default: with 1 MiB the process dies of
  /// a segmentation fault without a word.
  private static final long STACK_BYTES = 16L << 20;

  private Lanes(List<MiniLm> sessions, ExecutorService threads) {
    this.sessions = sessions;
    this.threads = threads;
    free = new ArrayBlockingQueue<>(sessions.size(), false, sessions);
  }

  static Lanes load(int count) throws OrtException {
    ExecutorService threads = Executors.newFixedThreadPool(count,
        Thread.ofPlatform().daemon().stackSize(STACK_BYTES).name("onnx-", 0).factory());
    try {
      return new Lanes(threads.submit(() -> sessions(count)).get(), threads);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while the model was being loaded", e);
    } catch (ExecutionException e) {
      threads.shutdown();
      if (e.getCause() instanceof OrtException cause)
        throw cause;
      throw new IllegalStateException("the model cannot be loaded", e);
    }
  }

  private static List<MiniLm> sessions(int count) throws OrtException {
    OrtEnvironment environment = OrtEnvironment.getEnvironment("elysia");
    environment.setTelemetry(false);
    byte[] model = Resources.model();
    List<MiniLm> sessions = new ArrayList<>();
    for (int i = 0; i < count; i++)
      sessions.add(new MiniLm(environment, model));
    return sessions;
  }

  int count() {
    return sessions.size();
  }

  Future<?> submit(Work work) {
    return threads.submit(() -> {
      MiniLm session = free.take();
      try {
        work.with(session);
      } finally {
        free.add(session);
      }
      return null;
    });
  }

  /// Waits for work that runs.
  @Override
  public void close() {
    threads.close();
    for (MiniLm session : sessions)
      session.close();
  }
}
