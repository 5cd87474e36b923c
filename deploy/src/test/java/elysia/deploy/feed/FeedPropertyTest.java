package elysia.deploy.feed;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import elysia.coordinator.dispatch.Dispatcher;
import elysia.coordinator.feed.FeedSettings;
import elysia.coordinator.feed.Lane;
import elysia.coordinator.feed.LaneMarks;
import elysia.core.batch.Content;
import elysia.core.batch.FileTask;
import elysia.core.chunk.Chunker;
import elysia.core.embed.Embedding;
import elysia.core.embed.EmbeddingModel;
import elysia.core.embed.FakeEmbedder;
import elysia.core.identity.CollectionName;
import elysia.core.identity.FilePath;
import elysia.core.identity.RepositoryName;
import elysia.core.store.FakeVectorStore;
import elysia.worker.chunk.ChunkSettings;
import elysia.worker.chunk.TextChunker;
import elysia.worker.pipeline.BatchProcessor;
import elysia.worker.pipeline.VectorMemory;
import elysia.worker.pipeline.WorkMeters;
import elysia.worker.pool.WorkerPoolActor;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Random sequences of changes through a real lane, dispatcher, pool and processor, over a store
/// that fails now and then, against a map.
class FeedPropertyTest {
  private static final int SEQUENCES = 3_000;
  private static final String[] PATHS = {"a", "b", "c", "d"};
  private static final CollectionName COLLECTION = new CollectionName("code");
  private static ActorTestKit kit;
  private static ExecutorService work;
  private static FakeVectorStore store;
  private static FakeEmbedder embedder;
  private static ActorRef<Lane.Command> lane;
  private static final Random FAULTS = new Random(7);
  private static volatile double faultRate;

  @BeforeAll
  static void start() {
    kit = ActorTestKit.create("feed", ConfigFactory.parseString("""
        pekko.actor.provider = local
        pekko.loglevel = WARNING
        elysia.coordinator.feed.retry { first = 1ms, max = 2ms, floor = 1ms }
        """).withFallback(ConfigFactory.load("reference")));
    work = Executors.newFixedThreadPool(4);
    store = new FakeVectorStore();
    embedder = new FakeEmbedder();
    store.create(COLLECTION, embedder.model()).orElseThrow();
    Chunker chunker = new TextChunker(embedder.tokens(), embedder.model(),
        new ChunkSettings(64, 12));
    WorkMeters meters = new WorkMeters(new SimpleMeterRegistry());
    VectorMemory nothing = new VectorMemory() {
      @Override
      public Map<String, Embedding> recall(EmbeddingModel model, Set<String> hashes) {
        return Map.of();
      }

      @Override
      public void remember(EmbeddingModel model, Map<String, Embedding> vectors) {
        // forgets
      }
    };
    InstantSource clock = InstantSource.system();
    BatchProcessor processor = new BatchProcessor(store, embedder, chunker, nothing, clock, meters);
    kit.spawn(WorkerPoolActor
        .create(new WorkerPoolActor.Setup(processor, meters, clock, work, 4)));
    ActorRef<Dispatcher.Command> dispatcher = kit.spawn(Dispatcher.create(
        new Dispatcher.Settings(6, Duration.ofSeconds(15), Duration.ofSeconds(4),
            Duration.ofSeconds(10), Duration.ofSeconds(10)),
        clock, (_, _) -> {}));
    lane = kit.spawn(Lane.create("code/app",
        new Lane.Shared(dispatcher, LaneMarks.none(), Duration.ZERO,
            FeedSettings.from(kit.system().settings().config()), clock, new Random(3), work),
        _ -> {}));
    store.failing(_ -> {
      synchronized (FAULTS) {
        return FAULTS.nextDouble() < faultRate
            ? Optional.of(new FakeVectorStore.Fault("down", FAULTS.nextBoolean()))
            : Optional.empty();
      }
    });
  }

  @AfterAll
  static void end() {
    kit.shutdownTestKit();
    work.shutdownNow();
  }

  private static CompletionStage<Lane.Reply> send(RepositoryName repo, List<FileTask> tasks,
      boolean again) {
    return AskPattern.ask(lane,
        replyTo -> new Lane.Submit(COLLECTION, embedder.model(), repo, "", tasks, again, replyTo),
        Duration.ofSeconds(20), kit.system().scheduler());
  }

  private static void done(CompletionStage<Lane.Reply> reply) throws Exception {
    assertThat(reply.toCompletableFuture().get(20, TimeUnit.SECONDS))
        .isInstanceOf(Lane.Done.class);
  }

  private static FileTask index(String path, String text) {
    return new FileTask.Index(new FilePath(path),
        Content.of(text.getBytes(StandardCharsets.UTF_8)));
  }

  /// A change that makes sense for what is there, and its effect.
  private static List<FileTask> change(Random random, Map<String, String> model, String[] paths,
      boolean moves) {
    String path = paths[random.nextInt(paths.length)];
    String other = paths[random.nextInt(paths.length)];
    String text = "value " + random.nextInt(1_000_000) + " of " + path;
    int kind = random.nextInt(5);
    if (kind == 0) {
      model.remove(path);
      return List.of(new FileTask.Remove(new FilePath(path)));
    }
    if (kind == 1 && !path.equals(other)) {
      model.remove(path);
      model.put(other, text);
      return List.of(index(other, text), new FileTask.Remove(new FilePath(path)));
    }
    String there = model.get(path);
    if (kind == 2 && moves && there != null && !path.equals(other)) {
      model.remove(path);
      model.put(other, there);
      return List.of(new FileTask.Move(new FilePath(path), new FilePath(other)));
    }
    model.put(path, text);
    return List.of(index(path, text));
  }

  private static Map<String, String> indexed(RepositoryName repo) {
    Map<String, String> found = new TreeMap<>();
    store.content(COLLECTION).stream().filter(chunk -> chunk.repo().equals(repo))
        .forEach(chunk -> found.merge(chunk.path().value(), chunk.content(),
            (a, b) -> a + " and " + b));
    return found;
  }

  private static List<List<FileTask>> batches(Random random, Map<String, String> model,
      String[] paths, boolean moves) {
    List<List<FileTask>> batches = new ArrayList<>();
    int count = 1 + random.nextInt(4);
    for (int i = 0; i < count; i++) {
      List<FileTask> batch = new ArrayList<>();
      int size = 1 + random.nextInt(4);
      for (int j = 0; j < size; j++)
        batch.addAll(change(random, model, paths, moves));
      batches.add(batch);
    }
    return batches;
  }

  private static void forget(RepositoryName repo) {
    faultRate = 0;
    store.removeRepository(COLLECTION, repo).orElseThrow();
  }

  @Test
  void sequencesCutAnywhereAndSentAgainEndAsTheModelSays() throws Exception {
    RepositoryName repo = new RepositoryName("cut");
    Random random = new Random(1);
    for (int n = 0; n < SEQUENCES; n++) {
      forget(repo);
      faultRate = n % 10 == 0 ? 0.2 : 0;
      Map<String, String> model = new TreeMap<>();
      List<List<FileTask>> batches = batches(random, model, PATHS, false);
      int runs = random.nextInt(3);
      for (int run = 0; run < runs; run++) {
        int cut = random.nextInt(batches.size() + 1);
        for (List<FileTask> batch : batches.subList(0, cut))
          send(repo, batch, true); // nobody waits: the answer is lost
      }
      List<CompletionStage<Lane.Reply>> all = new ArrayList<>();
      for (List<FileTask> batch : batches)
        all.add(send(repo, batch, runs > 0));
      for (CompletionStage<Lane.Reply> reply : all)
        done(reply);
      assertThat(indexed(repo)).as("sequence " + n).isEqualTo(model);
    }
  }

  @Test
  void sequencesWithMovesEndAsTheModelSays() throws Exception {
    RepositoryName repo = new RepositoryName("moves");
    Random random = new Random(2);
    for (int n = 0; n < SEQUENCES; n++) {
      forget(repo);
      Map<String, String> model = new TreeMap<>();
      List<List<FileTask>> batches = batches(random, model, PATHS, true);
      List<CompletionStage<Lane.Reply>> all = new ArrayList<>();
      for (List<FileTask> batch : batches)
        all.add(send(repo, batch, false));
      for (CompletionStage<Lane.Reply> reply : all)
        done(reply);
      assertThat(indexed(repo)).as("sequence " + n).isEqualTo(model);
    }
  }

  @Test
  void twoFeedsAtOnceEndAsEachOfThemSays() throws Exception {
    RepositoryName repo = new RepositoryName("two");
    Random random = new Random(3);
    for (int n = 0; n < SEQUENCES / 3; n++) {
      forget(repo);
      Map<String, String> one = new TreeMap<>();
      Map<String, String> two = new TreeMap<>();
      List<List<FileTask>> first = batches(random, one, new String[]{"a", "b"}, true);
      List<List<FileTask>> second = batches(random, two, new String[]{"x", "y"}, true);
      List<CompletionStage<Lane.Reply>> all = new ArrayList<>();
      while (!first.isEmpty() || !second.isEmpty()) {
        List<List<FileTask>> next = second.isEmpty() || (!first.isEmpty() && random.nextBoolean())
            ? first
            : second;
        all.add(send(repo, next.removeFirst(), false));
      }
      for (CompletionStage<Lane.Reply> reply : all)
        done(reply);
      one.putAll(two);
      assertThat(indexed(repo)).as("sequence " + n).isEqualTo(one);
    }
  }
}
