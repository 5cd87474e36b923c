package elysia.coordinator.dispatch;

import elysia.core.batch.Batch;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;

/// A batch that was offered and has no result yet.
final class Pending {
  Batch batch;
  final ActorRef<Dispatcher.Report> owner;
  Instant leaseEnd = Instant.EPOCH;
  /// Until when a delivery that was given up may still write.
  Optional<Instant> writesPossibleUntil = Optional.empty();

  Pending(Batch batch, ActorRef<Dispatcher.Report> owner) {
    this.batch = batch;
    this.owner = owner;
  }

  /// It is delivered again; the delivery before may still write for a while.
  void redeliver(Duration lateWrite) {
    abandon(lateWrite);
    batch = batch.asRedelivered();
  }

  void abandon(Duration lateWrite) {
    mayWriteUntil(leaseEnd.plus(lateWrite));
  }

  void mayWriteUntil(Instant last) {
    writesPossibleUntil = Optional
        .of(writesPossibleUntil.filter(earlier -> earlier.isAfter(last)).orElse(last));
  }
}
