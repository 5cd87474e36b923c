package elysia.coordinator.repository;

import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityContext;

/// Where a repository's actor lives.
interface EntityLifecycle {
  /// It has nothing to do here any more: answered with [RepositoryCommand.Stop].
  void leave(ActorRef<RepositoryCommand> self);

  /// It is to be started again after it has stopped.
  void comeBack();

  /// A shard of the cluster, which remembers the actors that did not leave.
  record Shard(ActorContext<RepositoryCommand> context,
      EntityContext<RepositoryCommand> entity) implements EntityLifecycle {
    @Override
    public void leave(ActorRef<RepositoryCommand> self) {
      entity.getShard().tell(new ClusterSharding.Passivate<>(self));
    }

    @Override
    public void comeBack() {
      ClusterSharding.get(context.getSystem())
          .entityRefFor(RepositoryActor.TYPE_KEY, entity.getEntityId())
          .tell(RepositoryCommand.Wake.WAKE);
    }
  }
}
