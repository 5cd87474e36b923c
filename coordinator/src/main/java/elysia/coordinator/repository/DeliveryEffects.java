package elysia.coordinator.repository;

import elysia.coordinator.dispatch.Dispatcher;
import elysia.coordinator.sync.SyncRun;
import elysia.core.batch.Batch;
import elysia.core.batch.BatchId;
import elysia.core.identity.CollectionName;
import java.time.Duration;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/// A delivery's way to the dispatcher, the threads that may block, and the actor's timers.
///
/// @param generation of the activity that the answers are for
/// @param reports takes what becomes of the batches
record DeliveryEffects(AsyncWork work, TimerScheduler<RepositoryCommand> timers, int generation,
    CollectionName collection, ActorRef<Dispatcher.Report> reports)
    implements
      SyncDelivery.Effects {
  @Override
  public void read(SyncRun run) {
    work.run(generation, run::next, ActivityResult.StepRead::new);
  }

  @Override
  public void count() {
    work.count(generation, collection);
  }

  @Override
  public void offer(Batch batch) {
    work.runtime().dispatcher().tell(new Dispatcher.Offer(batch, reports));
  }

  @Override
  public void withdraw(List<BatchId> batches) {
    work.runtime().dispatcher().tell(new Dispatcher.Withdraw(batches));
  }

  @Override
  public void remind(int number, Duration delay) {
    timers.startSingleTimer("redeliver-" + number,
        new RepositoryCommand.Result(generation, new ActivityResult.RedeliveryDue(number)), delay);
  }

  @Override
  public void close(SyncRun run) {
    work.runtime().blocking().execute(run::close);
  }
}
