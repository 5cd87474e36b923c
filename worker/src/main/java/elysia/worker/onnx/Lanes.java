package elysia.worker.onnx;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
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

  private Lanes(List<MiniLm> sessions) {
    this.sessions = sessions;
    free = new ArrayBlockingQueue<>(sessions.size(), false, sessions);
    threads = Executors.newFixedThreadPool(sessions.size(),
        Thread.ofPlatform().daemon().name("onnx-", 0).factory());
  }

  static Lanes load(int count) throws OrtException {
    OrtEnvironment environment = OrtEnvironment.getEnvironment("elysia");
    environment.setTelemetry(false);
    byte[] model = Resources.model();
    List<MiniLm> sessions = new ArrayList<>();
    for (int i = 0; i < count; i++)
      sessions.add(new MiniLm(environment, model));
    return new Lanes(sessions);
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
