package elysia.coordinator.dispatch;

import elysia.core.batch.BatchId;
import elysia.core.batch.WorkerPool;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.pekko.actor.typed.ActorRef;

/// A dispatcher's view of a worker pool.
final class Pool {
  final ActorRef<WorkerPool.Command> ref;
  final Map<BatchId, Pending> outstanding = new HashMap<>();
  Instant lastHeard;
  boolean heard;
  /// By how much its clock is at least ahead of the dispatcher's.
  Duration ahead = Duration.ZERO;
  double chunksPerSecond;
  /// Batches of the last renewal.
  final Set<BatchId> renewed = new HashSet<>();
  /// The unanswered request to give batches back; a pool of an older release never does.
  OptionalLong requestId = OptionalLong.empty();
  /// It has begun all that it was given.
  boolean allBegun;

  Pool(ActorRef<WorkerPool.Command> ref, Instant now) {
    this.ref = ref;
    this.lastHeard = now;
  }

  boolean local() {
    return ref.path().address().hasLocalScope();
  }

  /// The clock of another node that has not answered yet may say anything: a lease by it could
  /// last long.
  boolean unknown() {
    return !heard && !local();
  }

  void deliver(Pending pending, Instant now) {
    if (outstanding.isEmpty())
      lastHeard = now;
    outstanding.put(pending.batch.id(), pending);
    allBegun = false;
  }

  /// It is thought lost: what it answers to an earlier request counts no more.
  void forget() {
    outstanding.clear();
    requestId = OptionalLong.empty();
  }

  /// Whether it may have batches that another could begin at once.
  boolean mayGive() {
    return outstanding.size() > 1 && requestId.isEmpty() && !allBegun;
  }
}
