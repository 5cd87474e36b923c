package elysia.deploy.feed;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import elysia.coordinator.dispatch.Dispatcher;
import elysia.coordinator.event.SyncMeters;
import elysia.coordinator.feed.ChangeQueue;
import elysia.coordinator.feed.ChangeQueueClient;
import elysia.coordinator.feed.FeedSettings;
import elysia.coordinator.feed.FeedTables;
import elysia.coordinator.feed.ShardedChanges;
import elysia.coordinator.view.ViewStore;
import elysia.core.change.ChangeSettings;
import elysia.core.feed.Changes;
import elysia.core.outcome.Outcome;
import elysia.core.outcome.Unit;
import elysia.http.feed.Ingest;
import elysia.testkit.store.FakeVectorStore;
import elysia.worker.chunk.ChunkSettings;
import elysia.worker.chunk.TextChunker;
import elysia.worker.constant.ConstantEmbedder;
import elysia.worker.pipeline.BatchProcessor;
import elysia.worker.pipeline.WorkMeters;
import elysia.worker.pool.WorkerPoolActor;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Iterator;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.Entity;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Join;
import org.apache.pekko.stream.SystemMaterializer;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/// A node's way of changes as one member of a cluster, all of it in this process. Its wall clock is
/// as many hours ahead as its number says.
final class FeedNode implements AutoCloseable {
  private static final Duration EMBEDDING = Duration.ofMillis(10);
  private static final Duration AGAIN = Duration.ofMillis(500);

  private final ActorTestKit kit;
  private final Changes changes;
  private final ExecutorService work = Executors.newFixedThreadPool(2);
  private boolean closed;

  FeedNode(int number, FakeVectorStore store, DataSource tables) {
    Config config = ConfigFactory.parseString("""
        pekko {
          loglevel = ERROR
          actor.provider = cluster
          actor.serialization-bindings { "elysia.core.wire.Wire" = jackson-cbor }
          remote.artery.canonical { hostname = "127.0.0.1", port = 0 }
          coordinated-shutdown { exit-jvm = off, run-by-actor-system-terminate = off }
          cluster {
            downing-provider-class = "org.apache.pekko.cluster.sbr.SplitBrainResolverProvider"
            split-brain-resolver { active-strategy = keep-majority, stable-after = 2s }
            failure-detector { heartbeat-interval = 500ms, acceptable-heartbeat-pause = 5s }
            jmx.multi-mbeans-in-same-jvm = on
            sharding { number-of-shards = 10, distributed-data.durable.keys = [] }
          }
        }
        elysia.coordinator.feed.retry { first = 50ms, max = 100ms, floor = 10ms }
        """).withFallback(ConfigFactory.load("reference"));
    kit = ActorTestKit.create("feedcluster", config);
    InstantSource clock = InstantSource.system();
    ConstantEmbedder embedder = new ConstantEmbedder(4, EMBEDDING);
    TextChunker chunker = new TextChunker(embedder.tokens(), embedder.model(),
        new ChunkSettings(64, 12));
    store.create(FeedRig.COLLECTION, embedder.model()).orElseThrow();
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    WorkMeters meters = new WorkMeters(registry);
    kit.spawn(WorkerPoolActor.create(new WorkerPoolActor.Setup(
        new BatchProcessor(store, embedder, chunker, FeedRig.forgetful(), clock, meters), meters,
        clock, work, 2)), "worker-pool" + number);
    Dispatcher.Settings dispatch = new Dispatcher.Settings(4, Duration.ofSeconds(3),
        Duration.ofSeconds(1), Duration.ofSeconds(3), Duration.ofSeconds(2));
    ActorRef<Dispatcher.Command> dispatcher = kit
        .spawn(Dispatcher.create(dispatch, clock, (_, _) -> {}));
    FeedSettings settings = FeedSettings.from(config);
    InstantSource wall = InstantSource.offset(clock, Duration.ofHours(number));
    FeedTables feed = new FeedTables(tables, "", clock, Duration.ofDays(1));
    ChangeQueue.Setup shared = new ChangeQueue.Setup(dispatcher, feed, dispatch.fence(), settings,
        clock, new Random(number), work);
    ClusterSharding sharding = ClusterSharding.get(kit.system());
    sharding.init(Entity
        .of(ChangeQueue.TYPE_KEY, entity -> ChangeQueue.create(entity.getEntityId(), shared,
            self -> entity.getShard().tell(new ClusterSharding.Passivate<>(self))))
        .withStopMessage(ChangeQueue.Stop.STOP));
    changes = new ShardedChanges(
        ChangeQueueClient.through(kit.spawn(ChangeQueueClient.create(
            (id, command) -> sharding.entityRefFor(ChangeQueue.TYPE_KEY, id).tell(command),
            settings))),
        store, new ViewStore(tables, ""), feed, chunker, embedder::ready, settings,
        new SyncMeters(registry), CompletableFuture::new, wall,
        Executors.newVirtualThreadPerTaskExecutor());
  }

  void join(FeedNode seed) {
    Cluster.get(kit.system()).manager()
        .tell(Join.create(Cluster.get(seed.kit.system()).selfMember().address()));
  }

  int members() {
    int up = 0;
    Iterator<org.apache.pekko.cluster.Member> members = Cluster.get(kit.system()).state()
        .getMembers().iterator();
    while (members.hasNext())
      if (members.next().status().equals(MemberStatus.up()))
        up++;
    return up;
  }

  /// One request; whether all of it was done.
  CompletionStage<Boolean> send(String key, byte[] body) {
    return changes.begin(FeedRig.COLLECTION, key).thenApply(Outcome::orElseThrow)
        .thenCompose(
            upload -> new Ingest(changes, FeedRig.COLLECTION, Optional.of(upload), false, false,
                new ChangeSettings(1 << 20), Unit::ok)
                .answer(Source.single(ByteString.fromArray(body)).mapMaterializedValue(it -> it),
                    SystemMaterializer.get(kit.system()).materializer())
                .thenCompose(answer -> answer.orElseThrow().runWith(Sink.last(), kit.system())))
        .thenApply(last -> !last.utf8String().contains("\"stopped\""));
  }

  /// Sends until all is done.
  ///
  /// @return how often
  int sendAll(String key, byte[] body, Duration limit) throws Exception {
    long deadline = System.nanoTime() + limit.toNanos();
    for (int attempt = 1; System.nanoTime() < deadline; attempt++) {
      if (send(key, body).toCompletableFuture().get(limit.toSeconds(), TimeUnit.SECONDS))
        return attempt;
      LockSupport.parkNanos(AGAIN.toNanos());
    }
    throw new AssertionError("not done within " + limit);
  }

  /// Without a word to the others.
  void die() {
    closed = true;
    work.shutdownNow();
    kit.shutdownTestKit();
  }

  @Override
  public void close() {
    if (!closed)
      die();
  }
}
