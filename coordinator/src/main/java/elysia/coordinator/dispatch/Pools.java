package elysia.coordinator.dispatch;

import elysia.core.batch.WorkerPool;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.pekko.actor.typed.ActorRef;

/// The worker pools that a dispatcher knows, and which of them is next.
final class Pools {
  private final Dispatcher.Settings settings;
  private final InstantSource clock;
  private final Map<ActorRef<WorkerPool.Command>, Pool> known = new HashMap<>();

  Pools(Dispatcher.Settings settings, InstantSource clock) {
    this.settings = settings;
    this.clock = clock;
  }

  Collection<Pool> all() {
    return known.values();
  }

  Optional<Pool> get(ActorRef<WorkerPool.Command> ref) {
    return Optional.ofNullable(known.get(ref));
  }

  /// @return those that are there no more
  List<Pool> changed(Set<ActorRef<WorkerPool.Command>> now) {
    for (ActorRef<WorkerPool.Command> ref : now)
      known.computeIfAbsent(ref, r -> new Pool(r, clock.instant()));
    List<Pool> gone = known.values().stream().filter(pool -> !now.contains(pool.ref)).toList();
    gone.forEach(pool -> known.remove(pool.ref));
    return gone;
  }

  boolean silent(Pool pool) {
    return Duration.between(pool.lastHeard, clock.instant()).compareTo(settings.silence()) > 0;
  }

  private boolean usable(Pool pool) {
    return !silent(pool) && !pool.unknown();
  }

  /// The least loaded that has a credit, the local one among equals.
  Optional<Pool> next() {
    return known.values().stream()
        .filter(pool -> pool.outstanding.size() < settings.credits() && usable(pool))
        .min(Comparator.<Pool>comparingInt(pool -> pool.outstanding.size())
            .thenComparing(pool -> !pool.local()));
  }

  /// The fullest that may have batches which it has not begun, when another has nothing to do.
  Optional<Pool> overfull() {
    return known.values().stream().anyMatch(pool -> pool.outstanding.isEmpty() && usable(pool))
        ? known.values().stream().filter(pool -> pool.mayGive() && !silent(pool))
            .max(Comparator.comparingInt(pool -> pool.outstanding.size()))
        : Optional.empty();
  }
}
