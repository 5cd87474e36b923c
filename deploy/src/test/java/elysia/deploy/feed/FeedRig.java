package elysia.deploy.feed;

import com.fasterxml.jackson.databind.JsonNode;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import elysia.coordinator.dispatch.Dispatcher;
import elysia.coordinator.event.SyncMeters;
import elysia.coordinator.feed.ChangeQueue;
import elysia.coordinator.feed.ChangeQueueClient;
import elysia.coordinator.feed.FeedSettings;
import elysia.coordinator.feed.FeedTables;
import elysia.coordinator.feed.OpenQueues;
import elysia.coordinator.feed.ShardedChanges;
import elysia.coordinator.view.ViewStore;
import elysia.core.batch.WorkerPool;
import elysia.core.change.ChangeSettings;
import elysia.core.embed.Embedding;
import elysia.core.embed.EmbeddingModel;
import elysia.core.feed.Changes;
import elysia.core.feed.Upload;
import elysia.core.identity.CollectionName;
import elysia.core.json.Json;
import elysia.core.outcome.Outcome;
import elysia.core.outcome.Unit;
import elysia.http.feed.Ingest;
import elysia.testkit.store.FakeVectorStore;
import elysia.testkit.store.FakeVectorStore.Fault;
import elysia.worker.chunk.ChunkSettings;
import elysia.worker.chunk.TextChunker;
import elysia.worker.constant.ConstantEmbedder;
import elysia.worker.pipeline.BatchProcessor;
import elysia.worker.pipeline.VectorMemory;
import elysia.worker.pipeline.WorkMeters;
import elysia.worker.pool.WorkerPoolActor;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.stream.SystemMaterializer;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.h2.jdbcx.JdbcConnectionPool;

/// A node's way of changes in one process, from the body of a request to the store, which can be
/// killed: from some call of the store on nothing is done any more, until it is revived.
final class FeedRig implements AutoCloseable {
  static final CollectionName COLLECTION = new CollectionName("code");
  static final String DOWN = "the journal's database does not answer since noon";
  private static final Duration LONGEST = Duration.ofSeconds(60);
  private static final Duration CALM = Duration.ofMillis(1);
  private static final List<String> TABLES = List.of("/db/h2/V1__journal_and_view.sql",
      "/db/h2/V2__feed.sql", "/db/h2/V5__change_queue.sql",
      "/db/h2/V6__upload_fingerprint.sql");

  final FakeVectorStore store = new FakeVectorStore();
  final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final ActorTestKit kit;
  private final ThreadPoolExecutor work = (ThreadPoolExecutor) Executors.newFixedThreadPool(4);
  private final JdbcConnectionPool tables;
  private final ActorRef<WorkerPool.Command> pool;
  private final ActorRef<Dispatcher.Command> dispatcher;
  private final ChangeQueue.Setup shared;
  private volatile ActorRef<Routed> host;
  private final Changes changes;
  private final Random faults;
  private double faultRate;
  private int callsLeft = Integer.MAX_VALUE;
  private boolean dead;
  private int callsToTheOutage;
  private volatile Optional<CountDownLatch> down = Optional.empty();
  private volatile CompletableFuture<String> outage = new CompletableFuture<>();

  FeedRig(long seed) throws IOException, SQLException {
    faults = new Random(seed);
    Config config = ConfigFactory.parseString("""
        pekko.actor.provider = local
        pekko.loglevel = ERROR
        elysia.coordinator.feed.retry { first = 1ms, max = 2ms, floor = 1ms }
        """).withFallback(ConfigFactory.load("reference"));
    kit = ActorTestKit.create("feed", config);
    tables = database();
    InstantSource clock = InstantSource.system();
    ConstantEmbedder embedder = new ConstantEmbedder(4, Duration.ZERO);
    TextChunker chunker = new TextChunker(embedder.tokens(), embedder.model(),
        new ChunkSettings(64, 12));
    store.create(COLLECTION, embedder.model()).orElseThrow();
    WorkMeters meters = new WorkMeters(registry);
    pool = kit.spawn(WorkerPoolActor.create(new WorkerPoolActor.Setup(
        new BatchProcessor(store, embedder, chunker, forgetful(), clock, meters), meters, clock,
        work, 4))).unsafeUpcast();
    dispatcher = kit.spawn(Dispatcher.create(
        new Dispatcher.Settings(6, Duration.ofMinutes(5), Duration.ofMinutes(1),
            Duration.ofMinutes(5), Duration.ofSeconds(10)),
        clock, (_, _) -> {}));
    FeedSettings settings = FeedSettings.from(config);
    shared = new ChangeQueue.Setup(dispatcher, OpenQueues.none(), Duration.ZERO, settings,
        clock, new Random(seed), work);
    host = kit.spawn(host());
    DataSource database = hanging(tables);
    changes = new ShardedChanges(
        ChangeQueueClient.through(kit.spawn(ChangeQueueClient.create(
            (id, command) -> host.tell(new Routed(id, command)), settings))),
        store, new ViewStore(database, ""),
        new FeedTables(database, "", clock, Duration.ofDays(1)), chunker, embedder::ready, settings,
        new SyncMeters(registry), () -> outage, clock, Executors.newVirtualThreadPerTaskExecutor());
    store.failing(_ -> fault());
  }

  static JdbcConnectionPool database() throws IOException, SQLException {
    JdbcConnectionPool pool = JdbcConnectionPool
        .create("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1", "sa", "");
    try (Connection connection = pool.getConnection();
        Statement statement = connection.createStatement()) {
      for (String name : TABLES)
        try (InputStream in = Objects.requireNonNull(FeedRig.class.getResourceAsStream(name))) {
          statement.execute(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
    }
    return pool;
  }

  /// Gives no connection while the database is down; that it is becomes known to the node when the
  /// first one waits.
  private DataSource hanging(DataSource real) {
    return (DataSource) Proxy.newProxyInstance(DataSource.class.getClassLoader(),
        new Class<?>[]{DataSource.class}, (_, method, arguments) -> {
          if (down.isPresent()) {
            outage.complete(DOWN);
            down.get().await();
          }
          return method.invoke(real, arguments);
        });
  }

  /// From this call of the store on the database does not answer; 0 for now.
  synchronized void databaseGoes(int call) {
    callsToTheOutage = call;
    if (call == 0)
      down = Optional.of(new CountDownLatch(1));
  }

  synchronized void databaseIsBack() {
    down.ifPresent(CountDownLatch::countDown);
    down = Optional.empty();
    callsToTheOutage = 0;
    outage = new CompletableFuture<>();
  }

  static VectorMemory forgetful() {
    return new VectorMemory() {
      @Override
      public Map<String, Embedding> recall(EmbeddingModel model, Set<String> hashes) {
        return Map.of();
      }

      @Override
      public void remember(EmbeddingModel model, Map<String, Embedding> vectors) {
        // forgets
      }
    };
  }

  private record Routed(String id, ChangeQueue.Command command) {}

  /// Stands for sharding: holds the queues.
  private Behavior<Routed> host() {
    return Behaviors.setup(context -> {
      Map<String, ActorRef<ChangeQueue.Command>> queues = new HashMap<>();
      return Behaviors.receiveMessage(routed -> {
        queues.computeIfAbsent(routed.id(),
            id -> context.spawnAnonymous(ChangeQueue.create(id, shared, _ -> {})))
            .tell(routed.command());
        return Behaviors.same();
      });
    });
  }

  private synchronized Optional<Fault> fault() {
    if (callsToTheOutage > 0 && --callsToTheOutage == 0)
      databaseGoes(0);
    if (dead)
      return Optional.of(new Fault("dead", false));
    if (--callsLeft <= 0) {
      dead = true;
      return Optional.of(new Fault("dies", faults.nextBoolean()));
    }
    return faults.nextDouble() < faultRate
        ? Optional.of(new Fault("down", faults.nextBoolean()))
        : Optional.empty();
  }

  /// From now on this share of the store's calls fails, and from this call on all do.
  synchronized void troubled(double rate, int calls) {
    faultRate = rate;
    callsLeft = calls;
  }

  synchronized boolean dead() {
    return dead;
  }

  /// The node is gone with all that it had in memory, and starts again.
  void revive() {
    kit.stop(host, LONGEST);
    host = kit.spawn(host());
    TestProbe<Dispatcher.Load> load = kit.createTestProbe();
    TestProbe<WorkerPool.Reply> alive = kit.createTestProbe();
    long deadline = System.nanoTime() + LONGEST.toNanos();
    while (busy(load, alive)) {
      if (System.nanoTime() > deadline)
        throw new AssertionError("something still runs after " + LONGEST);
      LockSupport.parkNanos(CALM.toNanos());
    }
    synchronized (this) {
      dead = false;
      callsLeft = Integer.MAX_VALUE;
    }
  }

  private boolean busy(TestProbe<Dispatcher.Load> load, TestProbe<WorkerPool.Reply> alive) {
    dispatcher.tell(new Dispatcher.GetLoad(load.getRef()));
    Dispatcher.Load now = load.receiveMessage(LONGEST);
    pool.tell(new WorkerPool.Renew(List.of(), InstantSource.system().instant(), alive.getRef()));
    alive.receiveMessage(LONGEST);
    return now.running() + now.queued() > 0 || work.getActiveCount() > 0
        || !work.getQueue().isEmpty();
  }

  /// One request.
  ///
  /// @param received bytes of the body that arrive before the connection breaks; all when it is
  ///          their number
  /// @return the answer's lines; fails when the connection broke
  CompletionStage<List<JsonNode>> send(String key, byte[] body, int received) {
    return send(key, body, received, false);
  }

  private CompletionStage<List<JsonNode>> send(String key, byte[] body, int received,
      boolean again) {
    return begin(key).thenApply(Outcome::orElseThrow).thenCompose(upload -> {
      List<ByteString> pieces = new ArrayList<>();
      for (int from = 0; from < received; from += 4096)
        pieces.add(ByteString.fromArray(body, from, Math.min(received - from, 4096)));
      Source<ByteString, Object> source = Source.from(pieces).mapMaterializedValue(it -> it);
      if (received < body.length)
        source = source.concat(Source.failed(new IOException("connection reset")));
      return new Ingest(changes, COLLECTION, Optional.of(upload), false, again,
          new ChangeSettings(1 << 20), Unit::ok)
          .answer(source, SystemMaterializer.get(kit.system()).materializer())
          .thenCompose(answer -> answer.orElseThrow().runWith(Sink.seq(), kit.system()))
          .thenApply(FeedRig::lines);
    });
  }

  CompletionStage<Outcome<Upload>> begin(String key) {
    return changes.begin(COLLECTION, key);
  }

  Outcome<Unit> ready() {
    return changes.ready();
  }

  private static List<JsonNode> lines(List<ByteString> answer) {
    List<JsonNode> lines = new ArrayList<>();
    try {
      for (ByteString line : answer)
        lines.add(Json.mapper().readTree(line.utf8String()));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    return lines;
  }

  /// Sends until everything is done, as a client does that gets a broken or unfinished answer.
  void sendAll(String key, byte[] body) throws Exception {
    sendAll(key, body, false);
  }

  /// @param again as a client does that sends what may have been done under another name
  void sendAll(String key, byte[] body, boolean again) throws Exception {
    for (int attempt = 0; attempt < 50; attempt++) {
      List<JsonNode> answer = send(key, body, body.length, again).toCompletableFuture()
          .get(LONGEST.toSeconds(), TimeUnit.SECONDS);
      if (!answer.getLast().has("stopped"))
        return;
      if (dead())
        revive();
    }
    throw new AssertionError("not done after 50 attempts");
  }

  @Override
  public void close() {
    kit.shutdownTestKit();
    work.shutdownNow();
    tables.dispose();
  }
}
