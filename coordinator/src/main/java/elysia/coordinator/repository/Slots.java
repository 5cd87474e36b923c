package elysia.coordinator.repository;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractMatchingBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/// Bounds what the repositories of one node do at once: pulls (subprocesses) and syncs (memory).
/// First come, first served; but while many repositories are being added at once, their first pulls
/// wait but for one now and then, and leave the machine to those who still wait to be added.
public final class Slots extends AbstractMatchingBehavior<Slots.Command> {
  /// What is bounded.
  public enum Kind {
    /// The pull of a repository that was never synced; shares its room with the other pulls.
    FIRST_PULL, PULL, SYNC
  }

  /// So many first pulls wanted within this time are a rush.
  private static final int RUSH = 5;
  private static final Duration RUSH_TIME = Duration.ofSeconds(2);
  /// Between first pulls in a rush.
  private static final Duration PAUSE = Duration.ofSeconds(1);

  /// Local messages only.
  public sealed interface Command {}

  /// Answered with [RepositoryCommand.SlotGranted] when there is room; one who holds it is told
  /// so again.
  record Acquire(Kind kind, ActorRef<RepositoryCommand> owner) implements Command {}

  /// Gives back, or stops waiting.
  record Release(Kind kind, ActorRef<RepositoryCommand> owner) implements Command {}

  private record Gone(ActorRef<RepositoryCommand> owner) implements Command {}

  private enum Look implements Command {
    LOOK
  }

  private static final class Pool {
    private final int size;
    private final Map<ActorRef<RepositoryCommand>, Kind> held = new HashMap<>();
    private final Map<ActorRef<RepositoryCommand>, Kind> waiting = new LinkedHashMap<>();

    Pool(int size) {
      this.size = size;
    }
  }

  private final ActorContext<Command> context;
  private final TimerScheduler<Command> timers;
  private final Pool pulls;
  private final Pool syncs;
  private final Set<ActorRef<RepositoryCommand>> watched = new HashSet<>();
  private final InstantSource monotonic;
  private final Deque<Instant> firstPulls = new ArrayDeque<>(RUSH);
  private Instant firstPullGranted;

  private Slots(ActorContext<Command> context, TimerScheduler<Command> timers, int pulls,
      int syncs, InstantSource monotonic) {
    super(context);
    this.context = context;
    this.timers = timers;
    this.pulls = new Pool(pulls);
    this.syncs = new Pool(syncs);
    this.monotonic = monotonic;
    this.firstPullGranted = monotonic.instant().minus(PAUSE);
  }

  /// @param pulls at once on this node
  /// @param syncs at once on this node
  /// @param monotonic a clock that is never set
  public static Behavior<Command> create(int pulls, int syncs, InstantSource monotonic) {
    return Behaviors.setup(context -> Behaviors
        .withTimers(timers -> new Slots(context, timers, pulls, syncs, monotonic)));
  }

  @Override
  public Behavior<Command> onMessage(Command message) {
    switch (message) {
      case Acquire(var kind, var owner) -> {
        Pool pool = pool(kind);
        if (watched.add(owner))
          context.watchWith(owner, new Gone(owner));
        if (pool.held.get(owner) == kind)
          owner.tell(new RepositoryCommand.SlotGranted(kind));
        else if (pool.waiting.put(owner, kind) == null && kind == Kind.FIRST_PULL)
          firstPullWanted();
        grant(pool);
      }
      case Release(var kind, var owner) -> release(pool(kind), owner);
      case Gone(var owner) -> {
        watched.remove(owner);
        release(pulls, owner);
        release(syncs, owner);
      }
      case Look.LOOK -> {
        lookAgainInARush();
        grant(pulls);
      }
    }
    return this;
  }

  private Pool pool(Kind kind) {
    return kind == Kind.SYNC ? syncs : pulls;
  }

  private void firstPullWanted() {
    if (firstPulls.size() == RUSH)
      firstPulls.removeFirst();
    firstPulls.addLast(monotonic.instant());
    if (!timers.isTimerActive(Look.LOOK))
      lookAgainInARush();
  }

  private void lookAgainInARush() {
    if (rush())
      timers.startSingleTimer(Look.LOOK, Look.LOOK, PAUSE);
  }

  private boolean rush() {
    return firstPulls.size() == RUSH
        && monotonic.instant().isBefore(firstPulls.getFirst().plus(RUSH_TIME));
  }

  private void release(Pool pool, ActorRef<RepositoryCommand> owner) {
    pool.held.remove(owner);
    pool.waiting.remove(owner);
    grant(pool);
  }

  private void grant(Pool pool) {
    if (pool.held.size() == pool.size)
      return;
    boolean rush = rush();
    var next = pool.waiting.entrySet().iterator();
    while (pool.held.size() < pool.size && next.hasNext()) {
      var waiter = next.next();
      Kind kind = waiter.getValue();
      if (kind == Kind.FIRST_PULL) {
        Instant now = monotonic.instant();
        if (rush && now.isBefore(firstPullGranted.plus(PAUSE)))
          continue;
        firstPullGranted = now;
      }
      next.remove();
      pool.held.put(waiter.getKey(), kind);
      waiter.getKey().tell(new RepositoryCommand.SlotGranted(kind));
    }
  }
}
