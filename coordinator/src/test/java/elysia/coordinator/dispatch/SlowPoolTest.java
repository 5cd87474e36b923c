package elysia.coordinator.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import elysia.core.batch.Batch;
import elysia.core.batch.BatchId;
import elysia.core.batch.BatchResult;
import elysia.core.batch.FileTask;
import elysia.core.batch.WorkerPool;
import elysia.core.identity.CollectionName;
import elysia.core.identity.FilePath;
import elysia.core.repository.SyncCounts;
import elysia.testkit.clock.ManualClock;
import elysia.testkit.store.TestChunks;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.receptionist.Receptionist;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Two pools of one worker each, of which one does a batch in the time in which the other does all
/// the rest.
class SlowPoolTest {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration RENEW = Duration.ofSeconds(4);
  private static final int CREDITS = 6;
  private static final int BATCHES = 60;
  private static final BatchResult RESULT = new BatchResult(SyncCounts.NONE, List.of());

  private final ActorTestKit kit = ActorTestKit.create(ManualTime.config()
      .withFallback(ConfigFactory.parseString("pekko.actor.provider = local"))
      .withFallback(ConfigFactory.load()));
  private final ManualTime time = ManualTime.get(kit.system());
  private final ManualClock clock = new ManualClock();
  private final TestProbe<Dispatcher.Report> owner = kit.createTestProbe();
  private final ActorRef<Dispatcher.Command> dispatcher = kit.spawn(Dispatcher.create(
      new Dispatcher.Settings(CREDITS, Duration.ofSeconds(15), RENEW, Duration.ofSeconds(9),
          Duration.ofSeconds(10)),
      clock, (_, _) -> {}));
  private final TestProbe<WorkerPool.Command> quick = kit.createTestProbe();
  private final TestProbe<WorkerPool.Command> slow = kit.createTestProbe();
  /// What the slow one holds, the batch in hand first.
  private final List<BatchId> held = new ArrayList<>();

  @BeforeEach
  void register() {
    for (TestProbe<WorkerPool.Command> pool : List.of(quick, slow))
      kit.system().receptionist().tell(Receptionist.register(WorkerPool.KEY, pool.ref()));
    owner.awaitAssert(PATIENCE, Duration.ofMillis(20), () -> {
      assertThat(load().pools()).isEqualTo(2);
      return 2;
    });
  }

  @AfterEach
  void end() {
    kit.shutdownTestKit();
  }

  private Dispatcher.Load load() {
    TestProbe<Dispatcher.Load> probe = kit.createTestProbe();
    dispatcher.tell(new Dispatcher.GetLoad(probe.ref()));
    return probe.receiveMessage(PATIENCE);
  }

  private void offer(int batches) {
    for (int i = 0; i < batches; i++)
      dispatcher.tell(new Dispatcher.Offer(new Batch(new BatchId("run", i),
          new CollectionName("c"), TestChunks.MODEL, TestChunks.REPO, "commit",
          List.of(new FileTask.Remove(new FilePath("a"))), false), owner.ref()));
    load(); // they are delivered
  }

  private Optional<WorkerPool.Reclaim> slowTakes() {
    for (WorkerPool.Command next = slow.receiveMessage(PATIENCE);; next = slow
        .receiveMessage(PATIENCE)) {
      if (next instanceof WorkerPool.Reclaim reclaim)
        return Optional.of(reclaim);
      if (next instanceof WorkerPool.Work(var batch, _, _))
        held.add(batch.id());
      if (held.size() == CREDITS)
        return Optional.empty();
    }
  }

  /// As the worker pool does: what is not in hand, the last first.
  private void slowReturns(WorkerPool.Reclaim reclaim) {
    List<BatchId> back = new ArrayList<>();
    while (held.size() > 1 && back.size() < reclaim.most()) {
      BatchId last = held.removeLast();
      assertThat(reclaim.among()).contains(last);
      back.add(last);
    }
    reclaim.replyTo().tell(new WorkerPool.Reclaimed(slow.ref(), back, reclaim.requestId()));
    load(); // it is handled
  }

  /// Does what the quick one has got by now.
  private Set<BatchId> quickDoes(int batches) {
    Set<BatchId> done = new HashSet<>();
    while (done.size() < batches) {
      WorkerPool.Command next = quick.receiveMessage(PATIENCE);
      if (next instanceof WorkerPool.Work(var batch, _, var replyTo)) {
        assertThat(batch.redelivered()).isFalse();
        done.add(batch.id());
        replyTo.tell(new WorkerPool.Done(batch.id(), RESULT));
      }
    }
    return done;
  }

  private List<Dispatcher.Confirmed> confirmed(int count) {
    List<Dispatcher.Confirmed> all = new ArrayList<>();
    for (int i = 0; i < count; i++)
      all.add(owner.expectMessageClass(Dispatcher.Confirmed.class, PATIENCE));
    return all;
  }

  @Test
  void slowPoolGetsFarLessAndNothingWaitsForItButWhatItHasInHand() {
    offer(BATCHES);
    assertThat(slowTakes()).isEmpty();
    Set<BatchId> done = quickDoes(BATCHES - CREDITS);
    while (held.size() > 1) {
      int before = held.size();
      slowReturns(slowTakes().orElseThrow());
      assertThat(held.size()).isLessThan(before);
      done.addAll(quickDoes(before - held.size()));
    }
    assertThat(confirmed(BATCHES - 1)).allMatch(report -> report.writesPossibleUntil().isEmpty());
    assertThat(done).hasSize(BATCHES - 1).doesNotContain(held.getFirst());
    assertThat(load()).isEqualTo(new Dispatcher.Load(2, 0, 1, 0));
  }

  @Test
  void poolThatHasBegunAllIsNotAskedAgain() {
    offer(4);
    quickDoes(2);
    WorkerPool.Reclaim reclaim = slowTakes().orElseThrow();
    assertThat(held).hasSize(2);
    reclaim.replyTo().tell(new WorkerPool.Reclaimed(slow.ref(), List.of(), reclaim.requestId()));
    confirmed(2);
    reclaim.replyTo().tell(new WorkerPool.Reclaimed(slow.ref(), held, reclaim.requestId()));
    assertThat(load().running()).isEqualTo(2);
    slow.expectNoMessage(Duration.ofMillis(50));
  }

  @Test
  void answerThatComesAfterThePoolWasThoughtLostCountsNoMore() {
    offer(4);
    Set<BatchId> first = quickDoes(2);
    WorkerPool.Reclaim reclaim = slowTakes().orElseThrow();
    confirmed(2);
    for (int i = 0; i < 3; i++) {
      clock.advance(RENEW);
      time.timePasses(RENEW);
      WorkerPool.Renew renew = quick.expectMessageClass(WorkerPool.Renew.class, PATIENCE);
      renew.replyTo().tell(new WorkerPool.Alive(quick.ref(), List.of(), 0, 0, 0,
          Optional.empty()));
      load();
    }
    reclaim.replyTo().tell(new WorkerPool.Reclaimed(slow.ref(), held, reclaim.requestId()));
    assertThat(load()).isEqualTo(new Dispatcher.Load(2, 0, 2, 0));
    for (int i = 0; i < 2; i++) {
      WorkerPool.Work again = quick.expectMessageClass(WorkerPool.Work.class, PATIENCE);
      assertThat(again.batch().redelivered()).isTrue();
      assertThat(first).doesNotContain(again.batch().id());
    }
  }
}
