package elysia.worker;

import com.typesafe.config.Config;
import elysia.core.chunk.Chunker;
import elysia.core.embed.Embedder;
import elysia.core.store.VectorStore;
import elysia.worker.cache.VectorCache;
import elysia.worker.cache.VectorCacheSettings;
import elysia.worker.chunk.ChunkSettings;
import elysia.worker.chunk.TextChunker;
import elysia.worker.onnx.OnnxEmbedder;
import elysia.worker.pipeline.BatchProcessor;
import elysia.worker.pipeline.WorkMeters;
import elysia.worker.pool.WorkerPoolActor;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.pekko.actor.typed.javadsl.ActorContext;

/// A node's workers: the store, the embedder and the chunker as ports, and the pool that uses them
/// for batches.
public final class Workers implements AutoCloseable {
  private final WorkerSettings settings;
  private final WorkerEnvironment environment;
  private final VectorStore store;
  private final VectorCache cache;
  private final Embedder embedder;
  private final Chunker chunker;
  private final WorkMeters meters;

  private Workers(WorkerSettings settings, WorkerEnvironment environment, VectorStore store,
      VectorCache cache, Embedder embedder, Chunker chunker) {
    this.settings = settings;
    this.environment = environment;
    this.store = store;
    this.cache = cache;
    this.embedder = embedder;
    this.chunker = chunker;
    this.meters = new WorkMeters(environment.registry());
  }

  /// Opens the adapters, which takes a while; no batch is worked on before [#work].
  ///
  /// @param config whole configuration, of which `elysia.worker` is read
  /// @throws RuntimeException saying what to change, when an adapter cannot be used
  public static Workers start(WorkerSettings settings, Config config,
      WorkerEnvironment environment) {
    CompletableFuture<VectorStore> store = CompletableFuture
        .supplyAsync(() -> Adapters.store(settings, config, environment), environment.blocking());
    CompletableFuture<VectorCache> cache = CompletableFuture.supplyAsync(
        () -> VectorCache.open(environment.home().resolve("vectors.mv"),
            VectorCacheSettings.from(config)),
        environment.blocking());
    Embedder embedder = Adapters.embedder(settings, config, environment);
    Chunker chunker = new TextChunker(embedder.tokens(), embedder.model(),
        ChunkSettings.from(config));
    return new Workers(settings, environment, joined(store), joined(cache), embedder, chunker);
  }

  private static <T> T joined(CompletableFuture<T> future) {
    try {
      return future.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException cause)
        throw cause;
      throw e;
    }
  }

  public VectorStore store() {
    return store;
  }

  public Embedder embedder() {
    return embedder;
  }

  public Chunker chunker() {
    return chunker;
  }

  /// Starts the pool, which registers itself with the receptionist. Once.
  public void work(ActorContext<?> context) {
    BatchProcessor processor = new BatchProcessor(store, embedder, chunker, cache,
        environment.clock(), meters);
    int parallelism = settings.batchesAtOnce();
    ExecutorService threads = Executors.newFixedThreadPool(parallelism,
        Thread.ofPlatform().name("worker-", 1).daemon().factory());
    context.spawn(WorkerPoolActor.create(new WorkerPoolActor.Setup(processor, meters,
        environment.clock(), threads, parallelism)), "worker-pool");
  }

  /// Loads what the first batch would wait for.
  public void warmUp() {
    if (embedder instanceof OnnxEmbedder onnx)
      environment.blocking().execute(onnx::warmUp);
  }

  @Override
  public void close() {
    embedder.close();
    store.close();
    cache.close();
  }
}
