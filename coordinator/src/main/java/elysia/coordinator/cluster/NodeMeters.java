package elysia.coordinator.cluster;

import elysia.coordinator.dispatch.Dispatcher;
import elysia.coordinator.event.RepositoryGauges;
import elysia.coordinator.repository.RepositoryActor;
import elysia.core.store.StoreHealth;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.sharding.ShardRegion.CurrentShardRegionState;
import org.apache.pekko.cluster.sharding.typed.GetShardRegionState;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.typed.Cluster;

/// Gauges of the node as a member: its cluster, its queues, what it depends on.
public final class NodeMeters {
  private static final Duration INTERVAL = Duration.ofSeconds(5);

  private NodeMeters() {}

  sealed interface Command {
    record Load(Dispatcher.Load load) implements Command {}

    record Region(CurrentShardRegionState state) implements Command {}

    enum Tick implements Command {
      TICK
    }
  }

  /// The members and what this node depends on; for every node.
  ///
  /// @param store how it fares; answers at once, as does the journal
  public static void bind(MeterRegistry registry, Cluster cluster, String version,
      Supplier<StoreHealth> store, Supplier<StoreHealth> journal) {
    Gauge.builder("elysiactl.build.info", () -> 1).tag("version", version)
        .description("Always 1").register(registry);
    for (MemberStatus status : List.of(MemberStatus.joining(), MemberStatus.up(),
        MemberStatus.leaving(), MemberStatus.down()))
      Gauge.builder("elysiactl.cluster.members", () -> members(cluster, status))
          .tag("status", status.toString().toLowerCase(Locale.ROOT))
          .description("Nodes, as this node sees them").register(registry);
    Gauge.builder("elysiactl.cluster.unreachable", () -> cluster.state().getUnreachable().size())
        .description("Nodes that this one, or another, cannot reach").register(registry);
    dependency(registry, "store", store);
    dependency(registry, "journal", journal);
  }

  private static long members(Cluster cluster, MemberStatus status) {
    long count = 0;
    for (var member : cluster.state().getMembers())
      if (member.status().equals(status))
        count++;
    return count;
  }

  private static void dependency(MeterRegistry registry, String name,
      Supplier<StoreHealth> health) {
    Gauge.builder("elysiactl.dependency.up", () -> health.get().ok() ? 1 : 0).tag("name", name)
        .description("1 when the last calls to it worked").register(registry);
  }

  /// Follows what lives and waits on a coordinator.
  public static Behavior<?> follow(MeterRegistry registry, RepositoryGauges repositories,
      ActorRef<Dispatcher.Command> dispatcher) {
    return Behaviors.<Command>setup(context -> Behaviors.withTimers(timers -> {
      AtomicReference<Dispatcher.Load> load = new AtomicReference<>(
          new Dispatcher.Load(0, 0, 0, 0));
      Gauge.builder("elysiactl.batches", () -> load.get().queued()).tag("state", "queued")
          .description("Batches of this node's repositories").register(registry);
      Gauge.builder("elysiactl.batches", () -> load.get().running()).tag("state", "running")
          .description("Batches of this node's repositories").register(registry);
      Gauge.builder("elysiactl.worker.pools", () -> load.get().pools())
          .description("Worker pools that this node gives batches to").register(registry);
      ActorRef<Dispatcher.Load> loads = context.messageAdapter(Dispatcher.Load.class,
          Command.Load::new);
      ActorRef<CurrentShardRegionState> regions = context
          .messageAdapter(CurrentShardRegionState.class, Command.Region::new);
      timers.startTimerWithFixedDelay(Command.Tick.TICK, INTERVAL);
      return Behaviors.receiveMessage(message -> {
        switch (message) {
          case Command.Load(var now) -> load.set(now);
          case Command.Region(var state) -> repositories.keep(names(state));
          case Command.Tick.TICK -> {
            dispatcher.tell(new Dispatcher.GetLoad(loads));
            ClusterSharding.get(context.getSystem()).shardState()
                .tell(new GetShardRegionState(RepositoryActor.TYPE_KEY, regions));
          }
        }
        return Behaviors.same();
      });
    }));
  }

  private static Set<String> names(CurrentShardRegionState state) {
    Set<String> names = new HashSet<>();
    for (var shard : state.getShards())
      names.addAll(shard.getEntityIds());
    return names;
  }
}
