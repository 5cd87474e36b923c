package elysia.coordinator.cluster;

import elysia.coordinator.dispatch.Dispatcher;
import elysia.coordinator.repository.RepositoryActor;
import elysia.core.wire.Wire;
import java.time.Duration;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.receptionist.Receptionist;
import org.apache.pekko.actor.typed.receptionist.ServiceKey;
import org.apache.pekko.cluster.sharding.ShardRegion.CurrentShardRegionState;
import org.apache.pekko.cluster.sharding.typed.GetShardRegionState;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.typed.Cluster;

/// Tells the other nodes how its own node fares.
public final class NodeReporter {
  static final ServiceKey<GetReport> KEY = ServiceKey.create(GetReport.class,
      "elysia-node-reporter");
  private static final Duration TIMEOUT = Duration.ofMillis(700);

  private NodeReporter() {}

  /// Asks for a report.
  public record GetReport(ActorRef<Report> replyTo) implements Wire {}

  /// @param shards and repositories that live on the node; negative when the region did not answer
  public record Report(String address, String version, int shards, int repositories, int queued,
      int running, double chunksPerSecond) implements Wire {}

  private record Regions(int shards, int repositories) {}

  /// @param dispatcher none on a node that only works
  public static Behavior<GetReport> create(Optional<ActorRef<Dispatcher.Command>> dispatcher,
      String version) {
    return Behaviors.setup(context -> {
      context.getSystem().receptionist().tell(Receptionist.register(KEY, context.getSelf()));
      return Behaviors.receiveMessage(ask -> {
        context.spawnAnonymous(answer(ask.replyTo(), dispatcher, version));
        return Behaviors.same();
      });
    });
  }

  private sealed interface Part {
    record Load(Dispatcher.Load load) implements Part {}

    record Region(CurrentShardRegionState state) implements Part {}

    record Late() implements Part {}
  }

  /// Gathers both parts, or what came in time, and stops.
  private static Behavior<Part> answer(ActorRef<Report> replyTo,
      Optional<ActorRef<Dispatcher.Command>> dispatcher, String version) {
    return Behaviors.setup(context -> Behaviors.withTimers(timers -> {
      timers.startSingleTimer(new Part.Late(), TIMEOUT);
      dispatcher.ifPresent(ref -> {
        ref.tell(
            new Dispatcher.GetLoad(context.messageAdapter(Dispatcher.Load.class, Part.Load::new)));
        ClusterSharding.get(context.getSystem()).shardState()
            .tell(new GetShardRegionState(RepositoryActor.TYPE_KEY,
                context.messageAdapter(CurrentShardRegionState.class, Part.Region::new)));
      });
      return gather(context, replyTo, version, Optional.empty(),
          dispatcher.isPresent() ? Optional.empty() : Optional.of(new Regions(0, 0)));
    }));
  }

  private static Behavior<Part> gather(ActorContext<Part> context, ActorRef<Report> replyTo,
      String version, Optional<Dispatcher.Load> load, Optional<Regions> regions) {
    return Behaviors.receiveMessage(part -> {
      Optional<Dispatcher.Load> newLoad = part instanceof Part.Load(var l) ? Optional.of(l) : load;
      Optional<Regions> newRegions = part instanceof Part.Region(var state)
          ? Optional.of(count(state))
          : regions;
      if (!(part instanceof Part.Late) && (newLoad.isEmpty() || newRegions.isEmpty()))
        return gather(context, replyTo, version, newLoad, newRegions);
      Dispatcher.Load l = newLoad.orElse(new Dispatcher.Load(0, 0, 0, 0));
      Regions r = newRegions.orElse(new Regions(-1, -1));
      String address = Cluster.get(context.getSystem()).selfMember().address().toString();
      replyTo.tell(new Report(address, version, r.shards(), r.repositories(), l.queued(),
          l.running(), l.localChunksPerSecond()));
      return Behaviors.stopped();
    });
  }

  private static Regions count(CurrentShardRegionState state) {
    int repositories = 0;
    int shards = 0;
    for (var shard : state.getShards()) {
      shards++;
      repositories += shard.getEntityIds().size();
    }
    return new Regions(shards, repositories);
  }
}
