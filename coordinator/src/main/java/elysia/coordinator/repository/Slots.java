package elysia.coordinator.repository;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractMatchingBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/// Bounds what the repositories of one node do at once: pulls (subprocesses) and syncs (memory).
/// First come, first served.
public final class Slots extends AbstractMatchingBehavior<Slots.Command> {
  /// What is bounded.
  public enum Kind {
    PULL, SYNC
  }

  /// Local messages only.
  public sealed interface Command {}

  /// Answered with [RepositoryCommand.SlotGranted] when there is room; one who holds it is told
  /// so again.
  record Acquire(Kind kind, ActorRef<RepositoryCommand> owner) implements Command {}

  /// Gives back, or stops waiting.
  record Release(Kind kind, ActorRef<RepositoryCommand> owner) implements Command {}

  private record Gone(ActorRef<RepositoryCommand> owner) implements Command {}

  private static final class Pool {
    private final int size;
    private final Set<ActorRef<RepositoryCommand>> held = new HashSet<>();
    private final Deque<ActorRef<RepositoryCommand>> waiting = new ArrayDeque<>();

    Pool(int size) {
      this.size = size;
    }
  }

  private final ActorContext<Command> context;
  private final Map<Kind, Pool> pools = new EnumMap<>(Kind.class);
  private final Set<ActorRef<RepositoryCommand>> watched = new HashSet<>();

  private Slots(ActorContext<Command> context, int pulls, int syncs) {
    super(context);
    this.context = context;
    pools.put(Kind.PULL, new Pool(pulls));
    pools.put(Kind.SYNC, new Pool(syncs));
  }

  /// @param pulls
  ///          at once on this node
  /// @param syncs
  ///          at once on this node
  public static Behavior<Command> create(int pulls, int syncs) {
    return Behaviors.setup(context -> new Slots(context, pulls, syncs));
  }

  @Override
  public Behavior<Command> onMessage(Command message) {
    switch (message) {
      case Acquire(var kind, var owner) -> {
        Pool pool = pool(kind);
        if (watched.add(owner))
          context.watchWith(owner, new Gone(owner));
        if (pool.held.contains(owner))
          owner.tell(new RepositoryCommand.SlotGranted(kind));
        else if (!pool.waiting.contains(owner))
          pool.waiting.addLast(owner);
        grant(kind, pool);
      }
      case Release(var kind, var owner) -> release(kind, owner);
      case Gone(var owner) -> {
        watched.remove(owner);
        for (Kind kind : Kind.values())
          release(kind, owner);
      }
    }
    return this;
  }

  private Pool pool(Kind kind) {
    Pool pool = pools.get(kind);
    if (pool == null)
      throw new IllegalStateException("no pool for " + kind);
    return pool;
  }

  private void release(Kind kind, ActorRef<RepositoryCommand> owner) {
    Pool pool = pool(kind);
    pool.held.remove(owner);
    pool.waiting.remove(owner);
    grant(kind, pool);
  }

  private static void grant(Kind kind, Pool pool) {
    while (pool.held.size() < pool.size && !pool.waiting.isEmpty()) {
      ActorRef<RepositoryCommand> next = pool.waiting.removeFirst();
      pool.held.add(next);
      next.tell(new RepositoryCommand.SlotGranted(kind));
    }
  }
}
