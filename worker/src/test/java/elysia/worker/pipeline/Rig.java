package elysia.worker.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import elysia.core.batch.Batch;
import elysia.core.batch.BatchId;
import elysia.core.batch.BatchResult;
import elysia.core.batch.FileContent;
import elysia.core.batch.FileTask;
import elysia.core.chunk.Chunker.Chunking;
import elysia.core.embed.Embedding;
import elysia.core.embed.EmbeddingModel;
import elysia.core.identity.CollectionName;
import elysia.core.identity.FilePath;
import elysia.core.identity.RepositoryName;
import elysia.core.store.StoredChunk;
import elysia.testkit.clock.ManualClock;
import elysia.testkit.embed.FakeEmbedder;
import elysia.testkit.store.FakeVectorStore;
import elysia.testkit.store.FakeVectorStore.Call;
import elysia.worker.chunk.ChunkSettings;
import elysia.worker.chunk.TextChunker;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// A processor among fakes, and the index that it should make.
public final class Rig {
  public static final CollectionName COLLECTION = new CollectionName("code");
  public static final RepositoryName REPO = new RepositoryName("app");

  final FakeVectorStore store = new FakeVectorStore();
  final FakeEmbedder embedder = new FakeEmbedder();
  final ManualClock clock = new ManualClock();
  final Map<String, Embedding> memory = new ConcurrentHashMap<>();
  private final TextChunker chunker = new TextChunker(embedder.tokens(), embedder.model(),
      new ChunkSettings(64, 12));
  private final WorkMeters meters = new WorkMeters(new SimpleMeterRegistry());
  private final BatchProcessor processor;
  private int number;

  public Rig() {
    store.create(COLLECTION, embedder.model()).orElseThrow();
    processor = new BatchProcessor(store, embedder, chunker, new VectorMemory() {
      @Override
      public Map<String, Embedding> recall(EmbeddingModel model, Set<String> vectorHashes) {
        Map<String, Embedding> known = new HashMap<>(memory);
        known.keySet().retainAll(vectorHashes);
        return known;
      }

      @Override
      public void remember(EmbeddingModel model, Map<String, Embedding> vectors) {
        memory.putAll(vectors);
      }
    }, clock, meters);
  }

  public BatchProcessor processor() {
    return processor;
  }

  public FakeEmbedder embedder() {
    return embedder;
  }

  public ManualClock clock() {
    return clock;
  }

  public WorkMeters meters() {
    return meters;
  }

  /// A text of some chunks that no other name gives.
  public static String text(String name) {
    return IntStream.range(0, 25)
        .mapToObj(i -> "int " + name + i + " = " + name + ".of(" + i + ");")
        .collect(Collectors.joining("\n"));
  }

  public static FilePath path(String path) {
    return new FilePath(path);
  }

  public static FileTask index(String path, String text) {
    return new FileTask.Index(path(path), FileContent.of(text.getBytes(UTF_8)));
  }

  static FileTask remove(String path) {
    return new FileTask.Remove(path(path));
  }

  static FileTask move(String path, String to) {
    return new FileTask.Move(path(path), path(to));
  }

  public Batch batch(FileTask... tasks) {
    return batch(embedder.model(), tasks);
  }

  Batch batch(EmbeddingModel model, FileTask... tasks) {
    return new Batch(new BatchId("run", number++), COLLECTION, model, REPO, "c1", List.of(tasks),
        false);
  }

  /// The paths of which the index holds something.
  public List<FilePath> indexed() {
    return store.content(COLLECTION).stream().map(StoredChunk::path).distinct().toList();
  }

  /// Every write takes so long by the clock.
  public void slowWrites(Duration time) {
    store.failing(call -> {
      if (call == Call.WRITE)
        clock.advance(time);
      return Optional.empty();
    });
  }

  Lease lease() {
    return new Lease(clock, clock, clock.instant().plus(Duration.ofHours(1)));
  }

  Processed process(Batch batch) {
    return processor.process(batch, lease());
  }

  /// Done at once, without failures.
  BatchResult done(FileTask... tasks) {
    BatchResult result = result(process(batch(tasks)));
    assertThat(result.failures()).isEmpty();
    return result;
  }

  static BatchResult result(Processed processed) {
    assertThat(processed).isInstanceOf(Processed.Done.class);
    return ((Processed.Done) processed).result();
  }

  /// Delivers it as a coordinator does, until it is done.
  BatchResult deliver(Batch batch) {
    Batch next = batch;
    for (int i = 0; i < 10; i++) {
      switch (process(next)) {
        case Processed.Done(var result, _) -> {
          return result;
        }
        case Processed.Deferred deferred ->
          next = deferred.writeUnknown() ? next.asRedelivered() : next;
        case Processed.Expired _ -> next = next.asRedelivered();
        case Processed.Failed(var problem) -> throw new AssertionError(problem.text());
      }
    }
    throw new AssertionError("not done after ten deliveries");
  }

  /// The index holds exactly the chunks of these files, each with the right vector.
  void holds(Map<String, String> files) {
    List<String> expected = new ArrayList<>();
    new TreeMap<>(files).forEach((path, text) -> {
      if (chunker.chunk(path(path),
          text.getBytes(UTF_8)) instanceof Chunking.Chunks(_, var chunks, _))
        chunks.forEach(chunk -> expected.add(path + "#" + chunk.index() + " " + chunk.startLine()
            + " " + chunk.content() + " " + embedder.vectorOf(chunk.embeddedText()).at(0)));
    });
    assertThat(store.content(COLLECTION)).extracting(c -> c.path() + "#" + c.chunk() + " "
        + c.startLine() + " " + c.content() + " " + c.vector().orElseThrow().at(0))
        .containsExactlyInAnyOrderElementsOf(expected);
  }
}
