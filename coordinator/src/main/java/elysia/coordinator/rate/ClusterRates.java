package elysia.coordinator.rate;

import elysia.core.rate.RateLimits;
import elysia.core.rate.Sleeper;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.pubsub.Topic;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.ClusterSingleton;
import org.apache.pekko.cluster.typed.SingletonActor;

/// The budgets of a node: local ones at first, shared by the cluster as soon as it is a member.
public final class ClusterRates {
  /// A node that is lost is downed after about ten seconds; until then others go by their own part.
  private static final Duration ANSWER = Duration.ofSeconds(1);

  private final InstantSource clock;
  private final Sleeper sleeper;
  private final List<SharedRateBudget> budgets = new CopyOnWriteArrayList<>();

  public ClusterRates(InstantSource clock, Sleeper sleeper) {
    this.clock = clock;
    this.sleeper = sleeper;
  }

  /// The budget of a service; before [#join].
  public SharedRateBudget budget(String service, RateLimits limits) {
    SharedRateBudget budget = new SharedRateBudget(service, limits, clock, sleeper);
    budgets.add(budget);
    return budget;
  }

  /// From now on the budgets are those of the cluster.
  public void join(ActorSystem<?> system) {
    ActorRef<RateKeeper.Command> keeper = ClusterSingleton.get(system)
        .init(SingletonActor.of(RateKeeper.create(clock), "rate-keeper")
            .withStopMessage(RateKeeper.Stop.STOP));
    ActorRef<Topic.Command<RateKeeper.Paused>> pauses = system.systemActorOf(
        Topic.create(RateKeeper.Paused.class, "rate-pauses"), "rate-pauses", Props.empty());
    pauses.tell(Topic.subscribe(system.systemActorOf(Behaviors.receiveMessage(pause -> {
      heard(pause);
      return Behaviors.same();
    }), "rate-pauses-heard", Props.empty())));
    SharedRateBudget.Keeper way = new ToKeeper(system, keeper, pauses);
    budgets.forEach(budget -> budget.share(way));
  }

  private void heard(RateKeeper.Paused pause) {
    for (SharedRateBudget budget : budgets)
      if (budget.name().equals(pause.service()))
        budget.heard(pause);
  }

  private record ToKeeper(ActorSystem<?> system, ActorRef<RateKeeper.Command> keeper,
      ActorRef<Topic.Command<RateKeeper.Paused>> pauses) implements SharedRateBudget.Keeper {
    @Override
    public Optional<RateKeeper.Reserved> reserve(String service, RateKeeper.Limits limits,
        long requests, long tokens, Duration maxWait) {
      return AskPattern.<RateKeeper.Command, RateKeeper.Reserved>ask(keeper,
          replyTo -> new RateKeeper.Reserve(service, limits, requests, tokens, maxWait,
              replyTo),
          ANSWER, system.scheduler()).<Optional<RateKeeper.Reserved>>handle(
              (reserved, error) -> error == null ? Optional.of(reserved) : Optional.empty())
          .toCompletableFuture().join();
    }

    @Override
    public void tell(RateKeeper.Command command) {
      keeper.tell(command);
    }

    @Override
    public void announce(RateKeeper.Paused pause) {
      pauses.tell(Topic.publish(pause));
    }

    @Override
    public int nodes() {
      int up = 0;
      for (var member : Cluster.get(system).state().getMembers())
        if (member.status().equals(MemberStatus.up()))
          up++;
      return up;
    }
  }
}
