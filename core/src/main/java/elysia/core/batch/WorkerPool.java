package elysia.core.batch;

import elysia.core.identity.FilePath;
import elysia.core.identity.RepositoryName;
import elysia.core.outcome.Problem;
import elysia.core.wire.Wire;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.receptionist.ServiceKey;

/// The protocol of a node's worker pool.
///
/// A delivered batch is worked on under a *lease*: the worker checks before each write that the
/// lease has not ended, and the owner of the batch renews it while it wants the batch done. So a
/// worker that is cut off or paused stops writing soon, and an owner that gave a batch up knows
/// until when a write of it may still come.
public final class WorkerPool {
  /// Under which pools register with the receptionist.
  public static final ServiceKey<Command> KEY = ServiceKey.create(Command.class,
      "elysia-worker-pool");

  private WorkerPool() {}

  /// Open, since a pool has messages of its own.
  public interface Command {}

  /// Do this batch; delivering a batch that is being worked on renews its lease.
  ///
  /// @param leaseEnd no write may begin after this, by the pool's own clock as far as the sender
  ///          knows it from [Alive#at()]; by the deliverer's while it does not
  public record Work(Batch batch, Instant leaseEnd,
      ActorRef<Reply> replyTo) implements Command, Wire {}

  /// Go on with these batches until the new end; answered with [Alive].
  public record Renew(List<BatchId> batches, Instant leaseEnd,
      ActorRef<Reply> replyTo) implements Command, Wire {
    public Renew {
      batches = List.copyOf(batches);
    }
  }

  /// Nobody wants this batch any more.
  public record Cancel(BatchId batch) implements Command, Wire {}

  /// Give back batches that were not begun, those taken last first: another pool has nothing to do.
  /// Answered with [Reclaimed].
  ///
  /// @param among no others than these
  /// @param most so many at most
  /// @param requestId repeated in the answer
  public record Reclaim(List<BatchId> among, int most, long requestId,
      ActorRef<Reply> replyTo) implements Command, Wire {
    public Reclaim {
      among = List.copyOf(among);
    }
  }

  public sealed interface Reply {}

  /// These deliveries were not begun, and will not be.
  public record Reclaimed(ActorRef<Command> pool, List<BatchId> batches,
      long requestId) implements Reply, Wire {
    public Reclaimed {
      batches = List.copyOf(batches);
    }
  }

  /// The batch is in the index, durable.
  public record Done(BatchId batch, BatchResult result) implements Reply, Wire {}

  /// The batch could not be done now and nothing that was computed is lost: deliver it again later.
  ///
  /// @param reason in words for the status, such as `rate limit of api.example.org`
  /// @param retryAfter what the other side asked for
  /// @param writeUnknown a write was tried with an unknown outcome: the next delivery must replace
  public record Deferred(BatchId batch, String reason, Optional<Duration> retryAfter,
      boolean writeUnknown)
      implements
        Reply,
        Wire {}

  /// The batch cannot be done until somebody changes something.
  public record Failed(BatchId batch, Problem problem) implements Reply, Wire {}

  /// The pool lives and works on, or has queued, these batches.
  ///
  /// @param chunksPerSecond over the last minute
  /// @param at what the pool's clock for leases said; nodes of before this was added leave it out
  public record Alive(ActorRef<Command> pool, List<BatchId> batches, int running, int queued,
      double chunksPerSecond, Optional<Instant> at) implements Reply, Wire {
    public Alive {
      batches = List.copyOf(batches);
    }
  }

  /// A write ended after its lease had: the process was paused in the middle of it. These files
  /// must be looked at again.
  public record Late(RepositoryName repo, List<FilePath> paths) implements Reply, Wire {
    public Late {
      paths = List.copyOf(paths);
    }
  }
}
