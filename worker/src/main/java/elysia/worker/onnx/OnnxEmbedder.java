package elysia.worker.onnx;

import ai.onnxruntime.OrtException;
import elysia.core.embed.Embedder;
import elysia.core.embed.Embedding;
import elysia.core.embed.EmbeddingModel;
import elysia.core.embed.TokenCounter;
import elysia.core.outcome.Outcome;
import elysia.worker.bert.WordPiece;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Embeds inside the JVM with all-MiniLM-L6-v2: needs no service, no network and no file but the
/// jars (ONNX Runtime unpacks its library into `java.io.tmpdir`).
///
/// Nothing is loaded before the first use or [#warmUp()]; counting tokens loads the
/// vocabulary alone.
public final class OnnxEmbedder implements Embedder {
  private static final EmbeddingModel MODEL = new EmbeddingModel("embedded", "all-MiniLM-L6-v2",
      MiniLm.DIMENSION, MiniLm.MAX_TOKENS);

  private final OnnxSettings settings;
  private final ReentrantLock lock = new ReentrantLock();
  private @Nullable ModelPool pool;
  private boolean closed;

  public OnnxEmbedder(OnnxSettings settings) {
    this.settings = settings;
  }

  /// Loads model and vocabulary, in about a second, so that the first call need not.
  ///
  /// @return `Refused` when this machine cannot run the model
  public Outcome<EmbeddingModel> warmUp() {
    return embed(List.of("warm up")).map(_ -> MODEL);
  }

  @Override
  public EmbeddingModel model() {
    return MODEL;
  }

  @Override
  public TokenCounter tokens() {
    return text -> WordPiece.uncased().count(text);
  }

  @Override
  public int batchSize() {
    return settings.threads() * settings.batchPerSession();
  }

  @Override
  public Outcome<List<Embedded>> embed(List<String> texts) {
    return embed(texts, (_, _) -> {});
  }

  @Override
  public Outcome<List<Embedded>> embed(List<String> texts, Sink sink) {
    return pool().flatMap(loaded -> embed(loaded, List.copyOf(texts), sink));
  }

  private static Outcome<List<Embedded>> embed(ModelPool loaded, List<String> texts, Sink sink) {
    AtomicReferenceArray<@Nullable Embedded> results = new AtomicReferenceArray<>(texts.size());
    AtomicInteger next = new AtomicInteger();
    Optional<String> fault = run(loaded, texts, results, next);
    next.set(texts.size()); // after a fault: no thread begins another text
    List<Embedded> done = new ArrayList<>(texts.size());
    for (int i = 0; i < texts.size(); i++) {
      Embedded result = results.get(i);
      if (result == null)
        continue;
      done.add(result);
      sink.done(i, result);
    }
    return fault
        .<Outcome<List<Embedded>>>map(why -> new Outcome.Busy<>("embedder_unavailable", why))
        .orElseGet(() -> Outcome.ok(List.copyOf(done)));
  }

  private static Optional<String> run(ModelPool loaded, List<String> texts,
      AtomicReferenceArray<@Nullable Embedded> results, AtomicInteger next) {
    List<Future<?>> running = new ArrayList<>();
    try {
      for (int i = 0; i < Math.min(loaded.count(), texts.size()); i++)
        running.add(loaded.submit(session -> {
          for (int at = next.getAndIncrement(); at < texts.size(); at = next.getAndIncrement())
            results.set(at, one(session, texts.get(at)));
        }));
      for (Future<?> thread : running)
        thread.get();
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.of("embedding was interrupted");
    } catch (ExecutionException e) {
      return Optional.of("the embedded model failed: " + e.getCause());
    } catch (RejectedExecutionException e) {
      return Optional.of("the embedder is closed");
    }
  }

  private static Embedded one(MiniLm session, String text) throws OrtException {
    long[] ids = WordPiece.uncased().encode(text);
    return ids.length > MiniLm.MAX_TOKENS
        ? new Embedded.Rejected(
            "tokens: " + ids.length + " (expected: <= " + MiniLm.MAX_TOKENS + ")")
        : new Embedded.Vector(Embedding.of(session.embed(ids)));
  }

  private Outcome<ModelPool> pool() {
    lock.lock();
    try {
      if (closed)
        return new Outcome.Busy<>("embedder_unavailable", "the embedder is closed");
      if (pool != null)
        return Outcome.ok(pool);
      return ModelPool.load(settings.threads()).map(loaded -> pool = loaded);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      if (pool != null)
        pool.close();
      pool = null;
    } finally {
      lock.unlock();
    }
  }
}
