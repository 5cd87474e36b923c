package elysia.coordinator.repository;

import elysia.coordinator.dispatch.Dispatcher;
import elysia.coordinator.sync.BatchLimits;
import elysia.coordinator.sync.FakeSource;
import elysia.coordinator.sync.SyncPlan;
import elysia.coordinator.sync.SyncRun;
import elysia.core.batch.Batch;
import elysia.core.batch.BatchId;
import elysia.core.outcome.Backoff;
import elysia.core.repository.IndexingRules;
import elysia.core.repository.LogEntry;
import elysia.core.repository.RepositoryStatus;
import elysia.core.source.SourceSpec;
import elysia.testkit.store.FakeVectorStore;
import elysia.testkit.store.TestChunks;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;

/// Deliveries that reach nobody.
final class Deliveries {
  private Deliveries() {}

  private static final class Unheard implements SyncDelivery.Effects {
    @Override
    public void read(SyncRun run) {}

    @Override
    public void count() {}

    @Override
    public void offer(Batch batch) {}

    @Override
    public void withdraw(List<BatchId> batches) {}

    @Override
    public void remind(int number, Duration delay) {}

    @Override
    public void close(SyncRun run) {}
  }

  private static RepositoryRuntime runtime() {
    InstantSource clock = InstantSource.system();
    Backoff backoff = new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ZERO);
    return new RepositoryRuntime(new FakeSource(), new FakeVectorStore(), new LineChunker(),
        TestInbox.<Dispatcher.Command>create().getRef(), TestInbox.<Slots.Command>create().getRef(),
        new Deaf(), new RepositoryRuntime.Settings(new BatchLimits(1, 1), 1, 1, 1, backoff, backoff,
            Duration.ZERO, Duration.ZERO, 1, 1),
        Duration.ZERO, clock, clock, ZoneOffset.UTC, () -> 0L, Runnable::run, "node");
  }

  private static final class Deaf implements RepositoryListener {
    @Override
    public void changed(String name, long seq, RepositoryStatus status, Optional<LogEntry> entry) {}

    @Override
    public void happened(String name, RepositoryEvent event, RepositoryState after) {}

    @Override
    public void timed(String stage, Duration duration) {}

    @Override
    public void removed(String name, long seq) {}
  }

  static SyncDelivery none() {
    SourceSpec source = new SourceSpec(TestChunks.REPO, "/repo", Optional.empty(),
        Optional.empty());
    SyncPlan plan = new SyncPlan(source, ActorRig.COLLECTION, TestChunks.MODEL,
        IndexingRules.defaults(), Optional.empty(), Optional.of("c1"), List.of(), Optional.empty(),
        false);
    return new SyncDelivery(runtime(), new Unheard(), plan, Optional.empty(), Optional.empty());
  }
}
