package elysia.bench.limit;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import elysia.worker.bert.WordPiece;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;

/// The model alone: as many sessions of one thread as there are processors, one text per run,
/// tokenised before the clock starts, the answer thrown away.
public final class BareModel implements AutoCloseable {
  private static final long STACK_BYTES = 16L << 20;

  private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
  private final List<OrtSession> sessions = new ArrayList<>();

  public BareModel() {
    try (InputStream in = Objects
        .requireNonNull(BareModel.class.getResourceAsStream("/all-minilm-l6-v2-q.onnx"));
        OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      byte[] model = in.readAllBytes();
      options.setIntraOpNumThreads(1);
      options.setInterOpNumThreads(1);
      for (int i = 0; i < Runtime.getRuntime().availableProcessors(); i++)
        sessions.add(environment.createSession(model, options));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (OrtException e) {
      throw new IllegalStateException(e);
    }
  }

  /// The cost of some texts.
  ///
  /// @param seconds by the clock
  /// @param processor seconds of processor time
  public record Cost(double seconds, double processor) {
    /// Both together.
    public Cost plus(Cost more) {
      return new Cost(seconds + more.seconds, processor + more.processor);
    }
  }

  private static double processor() {
    return ProcessHandle.current().info().totalCpuDuration().map(d -> d.toNanos() / 1e9)
        .orElse(0.0);
  }

  /// Runs all of the texts.
  public Cost cost(List<String> texts) {
    List<long[]> ids = texts.stream().map(WordPiece.uncased()::encode).toList();
    AtomicInteger next = new AtomicInteger();
    List<Throwable> failures = new ArrayList<>();
    List<Thread> threads = new ArrayList<>();
    double before = processor();
    long start = System.nanoTime();
    for (OrtSession session : sessions)
      threads.add(Thread.ofPlatform().stackSize(STACK_BYTES).uncaughtExceptionHandler((_, e) -> {
        synchronized (failures) {
          failures.add(e);
        }
      }).start(() -> {
        for (int at = next.getAndIncrement(); at < ids.size(); at = next.getAndIncrement())
          run(session, ids.get(at));
      }));
    try {
      for (Thread thread : threads)
        thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (!failures.isEmpty())
      throw new IllegalStateException(failures.getFirst());
    return new Cost((System.nanoTime() - start) / 1e9, processor() - before);
  }

  private void run(OrtSession session, long[] ids) {
    long[] shape = {1, ids.length};
    long[] mask = new long[ids.length];
    Arrays.fill(mask, 1);
    try (
        OnnxTensor input = OnnxTensor.createTensor(environment, LongBuffer.wrap(ids), shape);
        OnnxTensor attention = OnnxTensor.createTensor(environment, LongBuffer.wrap(mask), shape);
        OnnxTensor types = OnnxTensor.createTensor(environment, LongBuffer.allocate(ids.length),
            shape);
        OrtSession.Result _ = session.run(Map.of("input_ids", input, "attention_mask", attention,
            "token_type_ids", types))) {
      // the time is what counts
    } catch (OrtException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    try {
      for (OrtSession session : sessions)
        session.close();
    } catch (OrtException e) {
      throw new IllegalStateException(e);
    }
  }
}
