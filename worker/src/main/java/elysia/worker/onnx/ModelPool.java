package elysia.worker.onnx;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import elysia.core.outcome.Outcome;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// A fixed pool of platform threads that run one model.
final class ModelPool implements AutoCloseable {
  /// Work on a thread of its own.
  @FunctionalInterface
  interface Work {
    void with(MiniLm model) throws OrtException;
  }

  /// ONNX Runtime needs more stack than a Java thread has by default: with 1 MiB the process dies
  /// of a segmentation fault without a word.
  private static final long STACK_BYTES = 16L << 20;

  private final OrtSession session;
  private final int count;
  private final BlockingQueue<MiniLm> free;
  private final ExecutorService threads;

  private ModelPool(OrtEnvironment environment, OrtSession session, int count,
      ExecutorService threads) {
    this.session = session;
    this.count = count;
    this.threads = threads;
    free = new ArrayBlockingQueue<>(count);
    for (int i = 0; i < count; i++)
      free.add(new MiniLm(environment, session));
  }

  static Outcome<ModelPool> load(int count) {
    ExecutorService threads = Executors.newFixedThreadPool(count,
        Thread.ofPlatform().daemon().stackSize(STACK_BYTES).name("onnx-", 0).factory());
    try {
      return Outcome.ok(threads.submit(() -> load(count, threads)).get());
    } catch (InterruptedException e) {
      threads.shutdown();
      Thread.currentThread().interrupt();
      return new Outcome.Busy<>("embedder_unavailable",
          "interrupted while the model was being loaded");
    } catch (ExecutionException e) {
      threads.shutdown();
      return Outcome.refused("model_unusable",
          "the embedded model does not run here: " + e.getCause(),
          "let java.io.tmpdir be writable and executable, or use another embedder");
    }
  }

  private static ModelPool load(int count, ExecutorService threads) throws OrtException {
    OrtEnvironment environment = OrtEnvironment.getEnvironment("elysia");
    environment.setTelemetry(false);
    return new ModelPool(environment, MiniLm.session(environment, Resources.model()), count,
        threads);
  }

  int count() {
    return count;
  }

  Future<?> submit(Work work) {
    return threads.submit(() -> {
      MiniLm model = free.take();
      try {
        work.with(model);
      } finally {
        free.add(model);
      }
      return null;
    });
  }

  /// Waits for work that runs.
  @Override
  public void close() {
    threads.close();
    try {
      session.close();
    } catch (OrtException e) {
      throw new IllegalStateException("a session closed twice", e);
    }
  }
}
