package elysia.worker.pool;

import elysia.core.batch.Batch;
import elysia.core.batch.BatchId;
import elysia.core.batch.WorkerPool;
import elysia.core.batch.WorkerPool.Alive;
import elysia.core.batch.WorkerPool.Cancel;
import elysia.core.batch.WorkerPool.Command;
import elysia.core.batch.WorkerPool.Deferred;
import elysia.core.batch.WorkerPool.Done;
import elysia.core.batch.WorkerPool.Failed;
import elysia.core.batch.WorkerPool.Late;
import elysia.core.batch.WorkerPool.Reclaim;
import elysia.core.batch.WorkerPool.Reclaimed;
import elysia.core.batch.WorkerPool.Renew;
import elysia.core.batch.WorkerPool.Reply;
import elysia.core.batch.WorkerPool.Work;
import elysia.core.identity.FilePath;
import elysia.core.outcome.Problem;
import elysia.core.rate.MonotonicClock;
import elysia.worker.pipeline.BatchProcessor;
import elysia.worker.pipeline.Lease;
import elysia.worker.pipeline.Processed;
import elysia.worker.pipeline.WorkMeters;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.AbstractMatchingBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.receptionist.Receptionist;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A node's worker pool: works on a bounded number of batches at once, queues what its dispatchers'
/// credits let through, and keeps the leases.
public final class WorkerPoolActor extends AbstractMatchingBehavior<Command> {
  private static final Logger LOG = LoggerFactory.getLogger(WorkerPoolActor.class);

  /// @param executor runs batches; blocking is allowed on it
  /// @param parallelism batches at work at once
  public record Setup(BatchProcessor processor, WorkMeters meters, InstantSource clock,
      Executor executor, int parallelism) {
    public Setup {
      if (parallelism < 1)
        throw new IllegalArgumentException("parallelism: " + parallelism + " (expected: >= 1)");
    }
  }

  /// A batch that was taken. Compared by identity: a batch that was cancelled may be at work still
  /// when it is delivered again.
  private static final class Taken {
    private final Batch batch;
    private final Lease lease;
    /// Of the last delivery.
    private ActorRef<Reply> replyTo;

    Taken(Batch batch, Lease lease, ActorRef<Reply> replyTo) {
      this.batch = batch;
      this.lease = lease;
      this.replyTo = replyTo;
    }

    boolean is(BatchId id) {
      return batch.id().equals(id) && !lease.cancelled();
    }
  }

  private record Finished(Taken taken, Processed processed) implements Command {}

  private final ActorContext<Command> context;
  private final Setup setup;
  private final InstantSource monotonic;
  private final Set<Taken> running = new HashSet<>();
  private final Deque<Taken> queue = new ArrayDeque<>();
  private final RateMeter rate;

  private WorkerPoolActor(ActorContext<Command> context, Setup setup) {
    super(context);
    this.context = context;
    this.setup = setup;
    this.monotonic = new MonotonicClock(setup.clock());
    this.rate = new RateMeter(monotonic);
  }

  /// Registers itself with the receptionist.
  public static Behavior<Command> create(Setup setup) {
    return Behaviors.<Command>supervise(Behaviors.setup(context -> {
      context.getSystem().receptionist()
          .tell(Receptionist.register(WorkerPool.KEY, context.getSelf().narrow()));
      return new WorkerPoolActor(context, setup);
    })).onFailure(SupervisorStrategy.restart());
  }

  @Override
  public Behavior<Command> onMessage(Command message) {
    switch (message) {
      case Work work -> take(work);
      case Renew renew -> renew(renew);
      case Cancel(var batch) -> cancel(batch);
      case Reclaim back -> reclaim(back);
      case Finished(var taken, var processed) -> finish(taken, processed);
      default -> LOG.warn("unknown message {}", message.getClass());
    }
    return this;
  }

  private void take(Work work) {
    Taken known = known(work.batch().id());
    if (known != null) {
      known.lease.renew(work.leaseEnd());
      known.replyTo = work.replyTo();
      return;
    }
    queue.addLast(
        new Taken(work.batch(), new Lease(monotonic, setup.clock(), work.leaseEnd()),
            work.replyTo()));
    fill();
  }

  /// The batch, unless it was cancelled.
  private @Nullable Taken known(BatchId id) {
    for (Taken taken : running)
      if (taken.is(id))
        return taken;
    for (Taken taken : queue)
      if (taken.is(id))
        return taken;
    return null;
  }

  private void fill() {
    while (running.size() < setup.parallelism() && !queue.isEmpty()) {
      Taken next = queue.removeFirst();
      running.add(next);
      context.pipeToSelf(
          CompletableFuture.supplyAsync(() -> setup.processor().process(next.batch, next.lease),
              setup.executor()),
          (processed, error) -> new Finished(next,
              error == null ? processed : crashed(next.batch.id(), error)));
    }
  }

  private static Processed crashed(BatchId id, Throwable error) {
    LOG.error("batch {} failed unexpectedly", id, error);
    return new Processed.Failed(Problem.of("internal_error",
        "a worker failed unexpectedly: " + error, "see the log of the node"));
  }

  private void renew(Renew renew) {
    List<BatchId> alive = new ArrayList<>();
    for (BatchId id : renew.batches()) {
      Taken taken = known(id);
      if (taken == null)
        continue;
      taken.lease.renew(renew.leaseEnd());
      alive.add(id);
    }
    renew.replyTo().tell(new Alive(context.getSelf().narrow(), alive, running.size(), queue.size(),
        rate.perSecond(setup.meters().chunksWritten()), Optional.of(monotonic.instant())));
  }

  private void cancel(BatchId id) {
    Taken taken = known(id);
    if (taken == null)
      return;
    taken.lease.cancel();
    queue.remove(taken);
  }

  private void reclaim(Reclaim back) {
    List<BatchId> returned = new ArrayList<>();
    Iterator<Taken> last = queue.descendingIterator();
    while (last.hasNext() && returned.size() < back.most()) {
      Taken taken = last.next();
      if (back.among().contains(taken.batch.id())) {
        last.remove();
        returned.add(taken.batch.id());
      }
    }
    back.replyTo().tell(new Reclaimed(context.getSelf().narrow(), returned, back.requestId()));
  }

  private void finish(Taken taken, Processed processed) {
    running.remove(taken);
    answer(taken, processed);
    fill();
  }

  private void answer(Taken taken, Processed processed) {
    BatchId id = taken.batch.id();
    switch (processed) {
      case Processed.Done(var result, var late) -> {
        taken.replyTo.tell(new Done(id, result));
        reportLate(taken, late);
      }
      case Processed.Deferred(var reason, var retryAfter, var writeUnknown, var late) -> {
        taken.replyTo.tell(new Deferred(id, reason, retryAfter, writeUnknown));
        reportLate(taken, late);
      }
      case Processed.Failed(var problem) -> taken.replyTo.tell(new Failed(id, problem));
      case Processed.Expired(var late) -> {
        LOG.warn("batch {} of {}: lease ended before it was done", id, taken.batch.repo());
        reportLate(taken, late);
      }
    }
  }

  private void reportLate(Taken taken, List<FilePath> late) {
    if (late.isEmpty())
      return;
    LOG.warn("batch {} of {}: a write of {} files ended after the lease had", taken.batch.id(),
        taken.batch.repo(), late.size());
    taken.replyTo.tell(new Late(taken.batch.repo(), late));
  }
}
