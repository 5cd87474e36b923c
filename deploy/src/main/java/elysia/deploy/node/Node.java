package elysia.deploy.node;

import com.typesafe.config.Config;
import com.zaxxer.hikari.HikariDataSource;
import elysia.coordinator.cluster.NodeMeters;
import elysia.coordinator.cluster.NodeReporter;
import elysia.coordinator.cluster.PekkoClusterView;
import elysia.coordinator.collection.StoreCollections;
import elysia.coordinator.diagnose.ClusterDiagnoses;
import elysia.coordinator.diagnose.DiagnoseSettings;
import elysia.coordinator.diagnose.Diagnostician;
import elysia.coordinator.diagnose.NodeChecks;
import elysia.coordinator.dispatch.Dispatcher;
import elysia.coordinator.event.LiveEvents;
import elysia.coordinator.event.NodeListener;
import elysia.coordinator.event.RepositoryGauges;
import elysia.coordinator.event.SyncMeters;
import elysia.coordinator.feed.ChangeQueue;
import elysia.coordinator.feed.ChangeQueueClient;
import elysia.coordinator.feed.FeedSettings;
import elysia.coordinator.feed.FeedTables;
import elysia.coordinator.feed.OpenQueues;
import elysia.coordinator.feed.ShardedChanges;
import elysia.coordinator.rate.ClusterRates;
import elysia.coordinator.repository.Estimator;
import elysia.coordinator.repository.RepositoryActor;
import elysia.coordinator.repository.RepositoryCommand;
import elysia.coordinator.repository.RepositoryRuntime;
import elysia.coordinator.repository.ShardedRepositories;
import elysia.coordinator.repository.Slots;
import elysia.coordinator.search.StoreSearch;
import elysia.coordinator.view.ViewStore;
import elysia.coordinator.view.ViewWriter;
import elysia.core.chunk.Chunker;
import elysia.core.embed.Embedder;
import elysia.core.feed.Changes;
import elysia.core.rate.MonotonicClock;
import elysia.core.source.Source;
import elysia.core.store.VectorStore;
import elysia.deploy.access.AccessSettings;
import elysia.deploy.access.AuditLog;
import elysia.deploy.access.HomeToken;
import elysia.deploy.access.StoredTokens;
import elysia.deploy.access.TokenTable;
import elysia.deploy.journal.JournalDatabase;
import elysia.deploy.membership.Claim;
import elysia.deploy.membership.Joining;
import elysia.deploy.membership.Membership;
import elysia.deploy.membership.NodeId;
import elysia.deploy.membership.StoredClaim;
import elysia.git.process.Commands;
import elysia.http.server.HttpServer;
import elysia.http.server.HttpSettings;
import elysia.http.server.Ports;
import elysia.http.server.ServerAddress;
import elysia.worker.WorkerEnvironment;
import elysia.worker.Workers;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.DiskSpaceMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.apache.pekko.Done;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.sharding.typed.ClusterShardingSettings;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.Entity;
import org.apache.pekko.cluster.typed.Cluster;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A running node.
final class Node {
  private static final Logger LOG = LoggerFactory.getLogger(Node.class);
  /// Longest wait for all to be closed; what is lost then is what kill -9 would lose.
  private static final Duration CLOSE = Duration.ofSeconds(20);
  private static final Duration AGAIN = Duration.ofSeconds(2);

  private final Config config;
  private final Path home;
  private final HomeLock lock;
  private final InstantSource clock = InstantSource.system();
  private final InstantSource monotonic = new MonotonicClock(clock);
  private final RandomGenerator random = RandomGenerator.getDefault();
  private final ExecutorService blocking = Executors.newVirtualThreadPerTaskExecutor();
  private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(
      PrometheusConfig.DEFAULT);
  private final Commands commands = new Commands();
  private final ClusterRates rates = new ClusterRates(monotonic, Thread::sleep);

  private Node(Config config, Path home, HomeLock lock) {
    this.config = config;
    this.home = home;
    this.lock = lock;
  }

  /// Starts a node and returns when it serves.
  ///
  /// @throws IllegalStateException or IllegalArgumentException saying what to change
  static ServerAddress start(Config config) {
    Path home = Path.of(config.getString("elysia.node.home")).toAbsolutePath();
    return new Node(config, home, HomeLock.take(home)).run();
  }

  private ServerAddress run() {
    JournalDatabase database = JournalDatabase.from(config, home);
    CompletableFuture<HikariDataSource> connections = CompletableFuture.supplyAsync(() -> {
      HikariDataSource source = database.connections();
      database.migrate(source);
      return source;
    }, blocking);
    Workers workers = Workers.start(Adapters.workers(config), config, new WorkerEnvironment(home,
        clock, monotonic, random, rates::budget, registry, blocking));
    HikariDataSource tables = joined(connections);
    Parts parts = new Parts(workers, Adapters.source(config, home, commands), tables);
    Membership membership = Membership.from(config, !database.embedded() && parts.store().shared());
    CompletableFuture<Running> running = new CompletableFuture<>();
    ActorSystem<Void> system = ActorSystem.create(Behaviors.<Void>setup(context -> {
      try {
        running.complete(wire(context, parts, membership));
        return Behaviors.empty();
      } catch (RuntimeException e) { // otherwise nobody hears of it, and the start waits for ever
        running.completeExceptionally(e);
        return Behaviors.empty();
      }
    }), "elysia", membership.pekko().withFallback(database.pekko()).withFallback(config));
    closeAtTheEnd(system, parts);
    Joining joining = new Joining(system, membership, database.embedded()
        ? Claim.alone()
        : new StoredClaim(tables, config.getString("elysia.journal.schema"), NodeId.in(home)));
    blocking.execute(joining);
    leaveAtTheEnd(system, joining);
    Running wired = joined(running);
    closeFirst(system, wired);
    ServerAddress address = joined(
        HttpServer.start(system, HttpSettings.from(config), wired.ports()).toCompletableFuture());
    wired.view().serving();
    announce(address, true);
    if (membership.works())
      workers.warmUp(); // while a client comes with its first work
    IdleExit.watch(config.getDuration("elysia.node.idle-exit"), system, registry,
        wired.ports().repositories(), wired.dispatcher());
    return address;
  }

  /// The adapters of a node.
  private record Parts(Workers workers, Source source, HikariDataSource tables) {
    VectorStore store() {
      return workers.store();
    }

    Embedder embedder() {
      return workers.embedder();
    }

    Chunker chunker() {
      return workers.chunker();
    }
  }

  /// The started components.
  private record Running(Ports ports, PekkoClusterView view, ViewWriter writer, LiveEvents events,
      ActorRef<Dispatcher.Command> dispatcher) {}

  private static <T> T joined(CompletableFuture<T> future) {
    try {
      return future.join();
    } catch (java.util.concurrent.CompletionException e) {
      if (e.getCause() instanceof RuntimeException cause)
        throw cause;
      throw e;
    }
  }

  private Running wire(ActorContext<Void> context, Parts parts, Membership membership) {
    ActorSystem<Void> system = context.getSystem();
    meters();
    rates.join(system);
    if (membership.works())
      parts.workers().work(context);

    Config coordinator = config.getConfig("elysia.coordinator");
    RepositoryRuntime.Settings settings = RepositoryRuntime.Settings
        .from(coordinator.getConfig("repository"));
    Dispatcher.Settings dispatch = Dispatcher.Settings.from(coordinator.getConfig("dispatch"));
    ViewStore view = new ViewStore(parts.tables(), config.getString("elysia.journal.schema"));
    ViewWriter writer = new ViewWriter(view, coordinator.getDuration("repository.view-pause"));
    LiveEvents events = new LiveEvents(context);
    RepositoryGauges gauges = new RepositoryGauges(registry);
    ClusterSharding sharding = ClusterSharding.get(system);
    Optional<Double> price = Optional
        .of(config.getDouble("elysia.worker.openai.price-per-million-tokens")).filter(p -> p > 0);
    Estimator estimator = new Estimator(parts.source(), parts.store(), parts.chunker(),
        parts.embedder().tokens(), settings.expectedChunksPerSecond(), price);
    JournalHealth journal = new JournalHealth(parts.tables(),
        config.getString("elysia.journal.url").isEmpty()
            ? Optional.of(home.resolve("journal"))
            : Optional.empty(),
        clock);
    blocking.execute(journal);
    ShardedRepositories repositories = new ShardedRepositories(sharding, parts.source(),
        parts.store(), view, parts.embedder()::ready, estimator, journal,
        coordinator.getDuration("repository.ask-timeout"), blocking);
    ActorRef<Dispatcher.Command> dispatcher = context
        .spawn(Dispatcher.create(dispatch, monotonic, repositories::lateWrites), "dispatcher");
    ActorRef<Slots.Command> slots = context.spawn(
        Slots.create(settings.pulls(), settings.syncs(), monotonic),
        "slots");
    SyncMeters synced = new SyncMeters(registry);
    RepositoryRuntime runtime = new RepositoryRuntime(parts.source(), parts.store(),
        parts.chunker(), dispatcher, slots,
        new NodeListener(writer, events, gauges, registry, synced, clock), settings,
        dispatch.fence(), clock, monotonic, ZoneId.systemDefault(), random, blocking,
        Cluster.get(system).selfMember().address().toString());
    sharding
        .init(Entity.of(RepositoryActor.TYPE_KEY, entity -> RepositoryActor.create(entity, runtime))
            .withStopMessage(RepositoryCommand.Stop.STOP).withRole(Membership.COORDINATOR)
            .withSettings(ClusterShardingSettings.create(system).withRememberEntities(true)));
    context
        .spawn(
            NodeReporter.create(
                membership.coordinates() ? Optional.of(dispatcher) : Optional.empty(), version()),
            "node-reporter");
    NodeMeters.bind(registry, Cluster.get(system), version(), parts.store()::health,
        journal::health);
    if (membership.coordinates())
      context.spawn(NodeMeters.follow(registry, gauges, dispatcher), "node-meters");
    new DiskSpaceMetrics(home.toFile()).bindTo(registry);
    PekkoClusterView cluster = new PekkoClusterView(system, version(), clock, parts.store()::health,
        journal::health, parts.embedder().model().toString(), List.of());
    Changes changes = feed(context, sharding, parts, view, synced, journal, dispatcher,
        dispatch.fence());
    NodeChecks checks = new NodeChecks(parts.source(), parts.store(), parts.embedder(),
        Map.of("clones", home.resolve("clones"), "journal", home.resolve("journal"), "index",
            home.resolve("index")),
        journal::health, DiagnoseSettings.from(config), blocking);
    context.spawn(Diagnostician.create(checks, blocking), "diagnostician");
    StoredTokens tokens = tokens(parts.tables(), journal);
    Ports ports = new Ports(repositories, new StoreCollections(parts.store(), view, blocking),
        changes,
        new ClusterDiagnoses(system, repositories, checks,
            coordinator.getDuration("repository.ask-timeout"), DiagnoseSettings.from(config), clock,
            blocking),
        new StoreSearch(parts.store(), parts.embedder(), view, blocking), cluster, events,
        tokens, tokens, new AuditLog(home.resolve("logs"), clock, blocking), registry);
    return new Running(ports, cluster, writer, events, dispatcher);
  }

  private StoredTokens tokens(HikariDataSource tables, JournalHealth journal) {
    StoredTokens tokens = new StoredTokens(
        new TokenTable(tables, config.getString("elysia.journal.schema")),
        AccessSettings.from(config), !HttpSettings.from(config).loopback(), HomeToken.renew(home),
        journal, clock, System::nanoTime, blocking);
    blocking.execute(tokens);
    return tokens;
  }

  private Changes feed(ActorContext<Void> context, ClusterSharding sharding, Parts parts,
      ViewStore view, SyncMeters synced, JournalHealth journal,
      ActorRef<Dispatcher.Command> dispatcher, Duration fence) {
    FeedSettings settings = FeedSettings.from(config);
    FeedTables tables = new FeedTables(parts.tables(), config.getString("elysia.journal.schema"),
        monotonic, settings.retention());
    boolean shared = parts.store().shared();
    ChangeQueue.Setup queues = new ChangeQueue.Setup(dispatcher,
        shared ? tables : OpenQueues.none(),
        shared ? fence : Duration.ZERO, settings, monotonic, random, blocking);
    sharding.init(Entity.of(ChangeQueue.TYPE_KEY,
        entity -> ChangeQueue.create(entity.getEntityId(), queues,
            self -> entity.getShard().tell(new ClusterSharding.Passivate<>(self))))
        .withStopMessage(ChangeQueue.Stop.STOP).withRole(Membership.COORDINATOR));
    ActorRef<ChangeQueueClient.Request> calls = context.spawn(ChangeQueueClient.create(
        (id, command) -> sharding.entityRefFor(ChangeQueue.TYPE_KEY, id).tell(command), settings),
        "change-queue-client");
    return new ShardedChanges(ChangeQueueClient.through(calls), parts.store(), view, tables,
        parts.chunker(), parts.embedder()::ready, settings, synced, journal, clock, blocking);
  }

  private void meters() {
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    JvmGcMetrics gc = new JvmGcMetrics();
    gc.bindTo(registry);
  }

  static String version() {
    String version = Node.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }

  /// Until it is done: the disk may be full just now.
  private void announce(ServerAddress address, boolean first) {
    try {
      lock.announce(address.url());
      if (!first)
        LOG.info("node.json is written");
    } catch (IOException e) {
      if (first)
        LOG.warn("node.json cannot be written, so commands on this machine do not find this node"
            + " until it can: {}", e.toString());
      CompletableFuture.delayedExecutor(AGAIN.toMillis(), TimeUnit.MILLISECONDS, blocking)
          .execute(() -> announce(address, false));
    }
  }

  /// The read side is written while the journal can still be read.
  private void closeFirst(ActorSystem<Void> system, Running running) {
    CoordinatedShutdown.get(system).addTask(CoordinatedShutdown.PhaseBeforeActorSystemTerminate(),
        "read-side", () -> CompletableFuture.supplyAsync(() -> {
          running.writer().close();
          running.events().close();
          return Done.getInstance();
        }, blocking));
  }

  private void leaveAtTheEnd(ActorSystem<Void> system, Joining joining) {
    CoordinatedShutdown.get(system).addTask(CoordinatedShutdown.PhaseClusterLeave(), "claim",
        () -> CompletableFuture.supplyAsync(() -> {
          joining.leave();
          return Done.getInstance();
        }, blocking));
  }

  /// The process ends after all is closed. Pekko must not end it: its exit would hold the thread
  /// that tells of the end.
  private void closeAtTheEnd(ActorSystem<Void> system, Parts parts) {
    CompletableFuture<Void> closed = system.getWhenTerminated().toCompletableFuture()
        .thenRunAsync(() -> close(parts), blocking);
    Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().name("close").unstarted(
        () -> closed.completeOnTimeout(null, CLOSE.toMillis(), TimeUnit.MILLISECONDS).join()));
    AtomicInteger status = new AtomicInteger();
    Signals.handle(bySignal -> {
      status.set(bySignal);
      CoordinatedShutdown.get(system).runAll(CoordinatedShutdown.jvmExitReason());
      exitAfter(closed.completeOnTimeout(null, CLOSE.toMillis(), TimeUnit.MILLISECONDS), status);
    });
    blocking.execute(() -> exitAfter(closed, status));
  }

  private static void exitAfter(CompletableFuture<Void> closed, AtomicInteger status) {
    try {
      closed.join();
    } finally {
      Runtime.getRuntime().exit(status.get());
    }
  }

  private void close(Parts parts) {
    commands.close();
    parts.workers().close();
    parts.tables().close();
    try {
      HomeToken.remove(home);
      lock.close();
    } catch (IOException e) {
      LOG.warn("the home cannot be released: {}", e.toString());
    }
  }
}
