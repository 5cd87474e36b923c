package elysia.coordinator.dispatch;

import com.typesafe.config.Config;
import elysia.core.batch.Batch;
import elysia.core.batch.BatchId;
import elysia.core.batch.BatchResult;
import elysia.core.batch.WorkerPool;
import elysia.core.batch.WorkerPool.Reply;
import elysia.core.identity.FilePath;
import elysia.core.identity.RepositoryName;
import elysia.core.outcome.Problem;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PreRestart;
import org.apache.pekko.actor.typed.Signal;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.AbstractMatchingBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.receptionist.Receptionist;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A node's dispatcher: hands the batches of its repositories to the worker pools of all nodes,
/// each on counted credit, its own node's first, else the least loaded, and renews their leases. A
/// pool that is gone or silent loses its batches: they are retried by another. One that is slow
/// gives back those that it has not begun.
public final class Dispatcher extends AbstractMatchingBehavior<Dispatcher.Command> {
  private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);

  /// Local messages only: nothing here crosses nodes.
  public sealed interface Command {}

  /// @param owner is told what becomes of the batch; when it stops the batch is cancelled
  public record Offer(Batch batch, ActorRef<Report> owner) implements Command {}

  /// Nobody wants these batches any more.
  public record Withdraw(List<BatchId> batches) implements Command {
    public Withdraw {
      batches = List.copyOf(batches);
    }
  }

  /// Asks how loaded the dispatcher is.
  public record GetLoad(ActorRef<Load> replyTo) implements Command {}

  /// @param pools worker pools that it knows
  /// @param queued batches that wait for a credit
  /// @param running batches delivered and not answered
  /// @param localChunksPerSecond of this node's own pool
  public record Load(int pools, int queued, int running, double localChunksPerSecond) {}

  private record PoolsChanged(Receptionist.Listing listing) implements Command {}

  private record Replied(Reply reply) implements Command {}

  private record OwnerGone(ActorRef<Report> owner) implements Command {}

  private enum Tick implements Command {
    RENEW
  }

  /// The outcome of an offered batch; exactly one of the first three, later, unless it
  /// is withdrawn.
  public sealed interface Report {
    BatchId batch();
  }

  /// @param writesPossibleUntil until when an earlier delivery of it, given up, may still write
  public record Confirmed(BatchId batch, BatchResult result,
      Optional<Instant> writesPossibleUntil) implements Report {}

  /// @param writeUnknown the next delivery must replace
  /// @param writesPossibleUntil until when an earlier delivery, or a write whose outcome is unknown,
  ///          may still write
  public record Deferred(BatchId batch, String reason, Optional<Duration> retryAfter,
      boolean writeUnknown, Optional<Instant> writesPossibleUntil) implements Report {}

  public record Failed(BatchId batch, Problem problem,
      Optional<Instant> writesPossibleUntil) implements Report {}

  /// @param credits batches outstanding per pool
  /// @param lease how long a delivered batch may be written without a renewal
  /// @param renew how often leases are renewed
  /// @param silence after which a pool that does not answer loses its batches
  /// @param lateWrite how long after the end of a lease a write that had begun may still arrive
  public record Settings(int credits, Duration lease, Duration renew, Duration silence,
      Duration lateWrite) {
    public Settings {
      if (credits < 1)
        throw new IllegalArgumentException("credits: " + credits + " (expected: >= 1)");
      if (renew.compareTo(lease.dividedBy(2)) > 0)
        throw new IllegalArgumentException(
            "renew: " + renew + " (expected: at most half of lease)");
      if (silence.compareTo(renew) < 0)
        throw new IllegalArgumentException("silence: " + silence + " (expected: >= renew)");
    }

    public static Settings from(Config c) {
      return new Settings(c.getInt("credits"), c.getDuration("lease"), c.getDuration("renew"),
          c.getDuration("silence"), c.getDuration("late-write"));
    }

    /// The time after which no write of a delivery that was given up now, and none whose outcome
    /// was unknown until now, can arrive.
    public Duration fence() {
      return lease.plus(lateWrite);
    }
  }

  /// Of this process: a dispatcher that restarted must not take an answer to another's request.
  private static final AtomicLong REQUEST_IDS = new AtomicLong();

  private final ActorContext<Command> context;
  private final Settings settings;
  private final InstantSource clock;
  private final BiConsumer<RepositoryName, List<FilePath>> lateWrites;
  private final ActorRef<Reply> replies;
  private final Pools pools;
  private final Deque<Pending> queue = new ArrayDeque<>();
  private final Set<ActorRef<Report>> watched = new HashSet<>();

  private Dispatcher(ActorContext<Command> context, Settings settings, InstantSource clock,
      BiConsumer<RepositoryName, List<FilePath>> lateWrites) {
    super(context);
    this.context = context;
    this.settings = settings;
    this.clock = clock;
    this.lateWrites = lateWrites;
    this.pools = new Pools(settings, clock);
    this.replies = context.messageAdapter(Reply.class, Replied::new);
    context.getSystem().receptionist().tell(Receptionist.subscribe(WorkerPool.KEY,
        context.messageAdapter(Receptionist.Listing.class, PoolsChanged::new)));
  }

  /// One that fails gives all batches back to their owners and starts again.
  ///
  /// @param clock one that nobody sets: what it says to owners is by this clock
  /// @param lateWrites is told of files that a paused worker wrote too late
  public static Behavior<Command> create(Settings settings, InstantSource clock,
      BiConsumer<RepositoryName, List<FilePath>> lateWrites) {
    return Behaviors.supervise(Behaviors.<Command>withTimers(timers -> Behaviors.setup(context -> {
      timers.startTimerWithFixedDelay(Tick.RENEW, settings.renew());
      return new Dispatcher(context, settings, clock, lateWrites);
    }))).onFailure(SupervisorStrategy.restart());
  }

  @Override
  public Behavior<Command> onMessage(Command message) {
    switch (message) {
      case Offer(var batch, var owner) -> {
        if (watched.add(owner))
          context.watchWith(owner, new OwnerGone(owner));
        queue.addLast(new Pending(batch, owner));
        fill();
      }
      case Withdraw(var batches) -> withdraw(new HashSet<>(batches));
      case GetLoad(var replyTo) -> replyTo.tell(load());
      case PoolsChanged(var listing) -> poolsChanged(listing.getServiceInstances(WorkerPool.KEY));
      case Replied(var reply) -> replied(reply);
      case OwnerGone(var owner) -> ownerGone(owner);
      case Tick.RENEW -> renew();
    }
    return this;
  }

  @Override
  public Behavior<Command> onSignal(Signal signal) {
    if (signal instanceof PreRestart)
      returnAll();
    return this;
  }

  /// Owners retry what comes back: nothing of it is known here any more.
  private void returnAll() {
    for (Pool pool : pools.all())
      for (Pending pending : pool.outstanding.values()) {
        pool.ref.tell(new WorkerPool.Cancel(pending.batch.id()));
        pending.redeliver(settings.lateWrite());
        queue.addLast(pending);
      }
    for (Pending pending : queue)
      pending.owner.tell(new Deferred(pending.batch.id(), "the node's dispatcher restarted",
          Optional.empty(), pending.batch.redelivered(), pending.writesPossibleUntil));
  }

  private Load load() {
    int running = pools.all().stream().mapToInt(pool -> pool.outstanding.size()).sum();
    double rate = pools.all().stream().filter(Pool::local)
        .mapToDouble(pool -> pool.chunksPerSecond).sum();
    return new Load(pools.all().size(), queue.size(), running, rate);
  }

  private void fill() {
    while (!queue.isEmpty()) {
      Optional<Pool> free = pools.next();
      if (free.isEmpty())
        return;
      deliver(queue.removeFirst(), free.get());
    }
    rebalance();
  }

  /// When a pool has nothing to do and nothing is queued, the fullest gives back what it has not
  /// begun: a slow one would hold up the end.
  private void rebalance() {
    pools.overfull().ifPresent(pool -> {
      long requestId = REQUEST_IDS.incrementAndGet();
      pool.requestId = OptionalLong.of(requestId);
      pool.ref.tell(new WorkerPool.Reclaim(List.copyOf(pool.outstanding.keySet()),
          pool.outstanding.size() / 2, requestId, replies));
    });
  }

  private void reclaimed(WorkerPool.Reclaimed answer) {
    Pool pool = pools.get(answer.pool()).orElse(null);
    if (pool == null || !pool.requestId.equals(OptionalLong.of(answer.requestId())))
      return;
    pool.requestId = OptionalLong.empty();
    pool.lastHeard = clock.instant();
    pool.allBegun = answer.batches().isEmpty();
    for (BatchId batch : answer.batches()) {
      pool.renewed.remove(batch);
      Pending pending = pool.outstanding.remove(batch);
      if (pending != null)
        queue.addFirst(pending);
    }
  }

  private void deliver(Pending pending, Pool pool) {
    pool.deliver(pending, clock.instant());
    pending.leaseEnd = clock.instant().plus(settings.lease());
    pool.ref.tell(
        new WorkerPool.Work(pending.batch, pending.leaseEnd.plus(pool.ahead), replies));
  }

  private void poolsChanged(Set<ActorRef<WorkerPool.Command>> now) {
    for (Pool pool : pools.changed(now))
      takeBack(pool, "gone");
    for (Pool pool : pools.all())
      if (pool.unknown())
        pool.ref.tell(new WorkerPool.Renew(List.of(), clock.instant(), replies));
    fill();
  }

  /// Here batches of a lost worker pool are retried: queued again, first in line, and delivered to
  /// another pool. What the lost one may still write is remembered with each.
  private void takeBack(Pool pool, String why) {
    if (pool.outstanding.isEmpty())
      return;
    LOG.warn("worker pool {} is {}: {} batches are delivered again", pool.ref.path(), why,
        pool.outstanding.size());
    for (Pending pending : pool.outstanding.values()) {
      pending.redeliver(settings.lateWrite());
      queue.addFirst(pending);
    }
    pool.forget();
  }

  private void renew() {
    Instant now = clock.instant();
    Instant end = now.plus(settings.lease());
    for (Pool pool : pools.all()) {
      if (!pool.outstanding.isEmpty() && pools.silent(pool)) {
        takeBack(pool, "silent");
        continue;
      }
      if (!pools.silent(pool))
        for (Pending pending : pool.outstanding.values())
          pending.leaseEnd = end;
      pool.renewed.clear();
      pool.renewed.addAll(pool.outstanding.keySet());
      pool.ref.tell(
          new WorkerPool.Renew(List.copyOf(pool.renewed), end.plus(pool.ahead), replies));
    }
    fill();
  }

  private void replied(Reply reply) {
    switch (reply) {
      case WorkerPool.Done(var batch, var result) ->
        settled(batch)
            .ifPresent(p -> p.owner.tell(new Confirmed(batch, result, p.writesPossibleUntil)));
      case WorkerPool.Deferred(var batch, var reason, var retryAfter, var writeUnknown) ->
        settled(batch).ifPresent(p -> {
          if (writeUnknown) // the store may have it queued still
            p.mayWriteUntil(clock.instant().plus(settings.fence()));
          p.owner.tell(new Deferred(batch, reason, retryAfter,
              writeUnknown || p.batch.redelivered(), p.writesPossibleUntil));
        });
      case WorkerPool.Failed(var batch, var problem) ->
        settled(batch)
            .ifPresent(p -> p.owner.tell(new Failed(batch, problem, p.writesPossibleUntil)));
      case WorkerPool.Alive alive -> alive(alive);
      case WorkerPool.Reclaimed reclaimed -> reclaimed(reclaimed);
      case WorkerPool.Late(var repo, var paths) -> lateWrites.accept(repo, paths);
    }
    fill();
  }

  /// The pool lives; a batch of the last renewal that it does not know was lost on the way, or its
  /// lease ended.
  private void alive(WorkerPool.Alive alive) {
    Pool pool = pools.get(alive.pool()).orElse(null);
    if (pool == null)
      return;
    Instant now = clock.instant();
    pool.lastHeard = now;
    pool.heard = true;
    // It said so before now, so that its clock is at least as far on.
    pool.ahead = alive.at().map(at -> Duration.between(now, at)).orElse(Duration.ZERO);
    pool.chunksPerSecond = alive.chunksPerSecond();
    Set<BatchId> known = new HashSet<>(alive.batches());
    for (BatchId batch : pool.renewed) {
      if (known.contains(batch))
        continue;
      Pending lost = pool.outstanding.remove(batch);
      if (lost == null)
        continue;
      lost.redeliver(settings.lateWrite());
      queue.addFirst(lost);
    }
    pool.renewed.clear();
  }

  private Optional<Pending> settled(BatchId batch) {
    for (Pool pool : pools.all()) {
      Pending pending = pool.outstanding.remove(batch);
      if (pending != null) {
        pool.lastHeard = clock.instant();
        if (pending.writesPossibleUntil.isPresent()) { // it may be the earlier pool that answers
          pending.abandon(settings.lateWrite());
          pool.ref.tell(new WorkerPool.Cancel(batch));
        }
        return Optional.of(pending);
      }
    }
    for (Pending pending : queue) {
      if (pending.batch.id().equals(batch)) { // a pool thought lost has done it after all
        queue.remove(pending);
        return Optional.of(pending);
      }
    }
    return Optional.empty();
  }

  private void withdraw(Set<BatchId> batches) {
    queue.removeIf(pending -> batches.contains(pending.batch.id()));
    for (Pool pool : pools.all())
      for (BatchId batch : batches)
        if (pool.outstanding.remove(batch) != null)
          pool.ref.tell(new WorkerPool.Cancel(batch));
    fill();
  }

  private void ownerGone(ActorRef<Report> owner) {
    watched.remove(owner);
    List<BatchId> orphans = new ArrayList<>();
    for (Pool pool : pools.all())
      pool.outstanding.forEach((batch, pending) -> {
        if (pending.owner.equals(owner))
          orphans.add(batch);
      });
    for (Pending pending : queue)
      if (pending.owner.equals(owner))
        orphans.add(pending.batch.id());
    withdraw(new HashSet<>(orphans));
  }
}
