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
import elysia.core.identity.RepositoryName;
import elysia.core.repository.SyncCounts;
import elysia.testkit.clock.ManualClock;
import elysia.testkit.store.TestChunks;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.receptionist.Receptionist;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DispatcherTest {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration RENEW = Duration.ofSeconds(4);
  private static final Duration LEASE = Duration.ofSeconds(15);
  private static final Duration LATE = Duration.ofSeconds(10);
  private static final BatchResult RESULT = new BatchResult(SyncCounts.NONE, List.of());

  private final ActorTestKit kit = ActorTestKit.create(ManualTime.config()
      .withFallback(ConfigFactory.parseString("pekko.actor.provider = local"))
      .withFallback(ConfigFactory.load()));
  private final ManualTime time = ManualTime.get(kit.system());
  private final ManualClock clock = new ManualClock();
  private final BlockingQueue<List<FilePath>> late = new LinkedBlockingQueue<>();
  private final TestProbe<Dispatcher.Report> owner = kit.createTestProbe();
  private final ActorRef<Dispatcher.Command> dispatcher = kit.spawn(Dispatcher.create(
      new Dispatcher.Settings(2, LEASE, RENEW, Duration.ofSeconds(9), LATE), clock,
      (_, paths) -> noteLate(paths)));
  private Optional<ActorRef<WorkerPool.Reply>> replies = Optional.empty();

  private void noteLate(List<FilePath> paths) {
    if (paths.isEmpty())
      throw new IllegalStateException("a fault");
    late.add(paths);
  }

  @AfterEach
  void end() {
    kit.shutdownTestKit();
  }

  private TestProbe<WorkerPool.Command> pool(int known) {
    TestProbe<WorkerPool.Command> pool = kit.createTestProbe();
    kit.system().receptionist().tell(Receptionist.register(WorkerPool.KEY, pool.ref()));
    awaitPools(known);
    return pool;
  }

  private void lose(TestProbe<WorkerPool.Command> pool, int left) {
    kit.system().receptionist().tell(Receptionist.deregister(WorkerPool.KEY, pool.ref()));
    awaitPools(left);
  }

  private void awaitPools(int known) {
    owner.awaitAssert(PATIENCE, Duration.ofMillis(20), () -> {
      assertThat(load().pools()).isEqualTo(known);
      return known;
    });
  }

  private Dispatcher.Load load() {
    TestProbe<Dispatcher.Load> probe = kit.createTestProbe();
    dispatcher.tell(new Dispatcher.GetLoad(probe.ref()));
    return probe.receiveMessage(PATIENCE);
  }

  private static Batch batch(int number) {
    return new Batch(new BatchId("run", number), new CollectionName("c"), TestChunks.MODEL,
        TestChunks.REPO, "commit", List.of(new FileTask.Remove(new FilePath("a"))), false);
  }

  private Batch offer(int number) {
    Batch batch = batch(number);
    dispatcher.tell(new Dispatcher.Offer(batch, owner.ref()));
    return batch;
  }

  private WorkerPool.Work work(TestProbe<WorkerPool.Command> pool) {
    WorkerPool.Work work = pool.expectMessageClass(WorkerPool.Work.class, PATIENCE);
    replies = Optional.of(work.replyTo());
    return work;
  }

  private void reply(WorkerPool.Reply reply) {
    replies.orElseThrow().tell(reply);
  }

  private void alive(TestProbe<WorkerPool.Command> pool, List<BatchId> batches) {
    WorkerPool.Renew renew = pool.expectMessageClass(WorkerPool.Renew.class, PATIENCE);
    renew.replyTo().tell(new WorkerPool.Alive(pool.ref(), batches, 0, 0, 3.5, Optional.empty()));
    load(); // it is handled
  }

  private void pass(Duration duration) {
    clock.advance(duration);
    time.timePasses(duration);
  }

  private Dispatcher.Confirmed confirmed() {
    return owner.expectMessageClass(Dispatcher.Confirmed.class, PATIENCE);
  }

  @Test
  void poolHasNoMoreThanItsCreditsAndTheRestWaits() {
    TestProbe<WorkerPool.Command> pool = pool(1);
    for (int i = 0; i < 3; i++)
      offer(i);
    assertThat(work(pool).batch().id().number()).isZero();
    WorkerPool.Work second = work(pool);
    assertThat(second.leaseEnd()).isEqualTo(clock.instant().plus(LEASE));
    assertThat(load()).isEqualTo(new Dispatcher.Load(1, 1, 2, 0));
    reply(new WorkerPool.Done(second.batch().id(), RESULT));
    assertThat(confirmed()).isEqualTo(
        new Dispatcher.Confirmed(second.batch().id(), RESULT, Optional.empty()));
    assertThat(work(pool).batch().id().number()).isEqualTo(2);
  }

  @Test
  void leastLoadedPoolIsNext() {
    TestProbe<WorkerPool.Command> one = pool(1);
    offer(0);
    work(one);
    TestProbe<WorkerPool.Command> two = pool(2);
    offer(1);
    assertThat(work(two).batch().id().number()).isEqualTo(1);
  }

  @Test
  void batchesOfferedBeforeThereIsAPoolWaitForOne() {
    offer(0);
    assertThat(load().queued()).isEqualTo(1);
    work(pool(1));
  }

  @Test
  void batchesOfALostPoolGoFirstToAnotherAndReplace() {
    TestProbe<WorkerPool.Command> one = pool(1);
    for (int i = 0; i < 3; i++)
      offer(i);
    work(one);
    work(one);
    Instant writesPossibleUntil = clock.instant().plus(LEASE).plus(LATE);
    lose(one, 0);
    TestProbe<WorkerPool.Command> two = pool(1);
    WorkerPool.Work first = work(two);
    WorkerPool.Work second = work(two);
    assertThat(List.of(first.batch().id().number(), second.batch().id().number()))
        .containsExactlyInAnyOrder(0, 1);
    assertThat(first.batch().redelivered()).isTrue();
    reply(new WorkerPool.Done(first.batch().id(), RESULT));
    assertThat(confirmed().writesPossibleUntil()).contains(writesPossibleUntil);
    WorkerPool.Command next = two.receiveMessage(PATIENCE);
    assertThat(next).isEqualTo(new WorkerPool.Cancel(first.batch().id()));
    assertThat(work(two).batch().redelivered()).isFalse();
  }

  @Test
  void silentPoolLosesItsBatchesAndGetsNoNewOnes() {
    TestProbe<WorkerPool.Command> one = pool(1);
    offer(0);
    work(one);
    TestProbe<WorkerPool.Command> two = pool(2);
    for (int i = 0; i < 3; i++) {
      pass(RENEW);
      alive(two, List.of());
    }
    WorkerPool.Work again = work(two);
    assertThat(again.batch().redelivered()).isTrue();
    offer(1);
    assertThat(work(two).batch().id().number()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, -1})
  void leaseIsGivenByTheClockOfThePool(long hours) {
    Duration ahead = Duration.ofHours(hours);
    TestProbe<WorkerPool.Command> pool = pool(1);
    pass(RENEW);
    pool.expectMessageClass(WorkerPool.Renew.class, PATIENCE).replyTo()
        .tell(new WorkerPool.Alive(pool.ref(), List.of(), 0, 0, 0,
            Optional.of(clock.instant().plus(ahead))));
    Batch batch = offer(0);
    assertThat(work(pool).leaseEnd()).isEqualTo(clock.instant().plus(LEASE).plus(ahead));
    pass(RENEW);
    assertThat(pool.expectMessageClass(WorkerPool.Renew.class, PATIENCE).leaseEnd())
        .isEqualTo(clock.instant().plus(LEASE).plus(ahead));
    reply(new WorkerPool.Deferred(batch.id(), "down", Optional.empty(), true));
    assertThat(owner.expectMessageClass(Dispatcher.Deferred.class, PATIENCE).writesPossibleUntil())
        .as("what owners hear is by their own clock")
        .contains(clock.instant().plus(LEASE).plus(LATE));
  }

  @Test
  void silentPoolThatAnswersAgainIsUsedAgain() {
    TestProbe<WorkerPool.Command> pool = pool(1);
    offer(0);
    work(pool);
    for (int i = 0; i < 3; i++)
      pass(RENEW);
    assertThat(load().queued()).isEqualTo(1);
    pool.expectMessageClass(WorkerPool.Renew.class, PATIENCE);
    pool.expectMessageClass(WorkerPool.Renew.class, PATIENCE);
    pass(RENEW);
    alive(pool, List.of());
    assertThat(work(pool).batch().redelivered()).isTrue();
  }

  @Test
  void renewalsExtendTheLeasesOfAPoolThatAnswers() {
    TestProbe<WorkerPool.Command> pool = pool(1);
    Batch batch = offer(0);
    work(pool);
    for (int i = 0; i < 5; i++) {
      pass(RENEW);
      WorkerPool.Renew renew = pool.expectMessageClass(WorkerPool.Renew.class, PATIENCE);
      assertThat(renew.batches()).containsExactly(batch.id());
      assertThat(renew.leaseEnd()).isEqualTo(clock.instant().plus(LEASE));
      reply(new WorkerPool.Alive(pool.ref(), List.of(batch.id()), 1, 0, 7, Optional.empty()));
      load();
    }
    assertThat(load()).isEqualTo(new Dispatcher.Load(1, 0, 1, 7));
  }

  @Test
  void batchThatThePoolDoesNotKnowIsDeliveredAgain() {
    TestProbe<WorkerPool.Command> pool = pool(1);
    offer(0);
    work(pool);
    pass(RENEW);
    alive(pool, List.of());
    WorkerPool.Work again = work(pool);
    assertThat(again.batch().redelivered()).isTrue();
    reply(new WorkerPool.Done(again.batch().id(), RESULT));
    assertThat(confirmed().writesPossibleUntil()).isPresent();
  }

  @Test
  void batchDeliveredAfterARenewalIsNotMissedInItsAnswer() {
    TestProbe<WorkerPool.Command> pool = pool(1);
    pass(RENEW);
    offer(0);
    WorkerPool.Renew renew = pool.expectMessageClass(WorkerPool.Renew.class, PATIENCE);
    work(pool);
    renew.replyTo().tell(new WorkerPool.Alive(pool.ref(), List.of(), 0, 0, 0, Optional.empty()));
    assertThat(load()).isEqualTo(new Dispatcher.Load(1, 0, 1, 0));
  }

  @Test
  void batchesOfAnOwnerThatIsGoneAreCancelled() {
    TestProbe<WorkerPool.Command> pool = pool(1);
    for (int i = 0; i < 3; i++)
      offer(i);
    work(pool);
    work(pool);
    owner.stop();
    assertThat(List.of(pool.receiveMessage(PATIENCE), pool.receiveMessage(PATIENCE)))
        .containsExactlyInAnyOrder(new WorkerPool.Cancel(batch(0).id()),
            new WorkerPool.Cancel(batch(1).id()));
    assertThat(load()).isEqualTo(new Dispatcher.Load(1, 0, 0, 0));
  }

  @Test
  void withdrawnBatchesAreForgotten() {
    TestProbe<WorkerPool.Command> pool = pool(1);
    for (int i = 0; i < 3; i++)
      offer(i);
    work(pool);
    work(pool);
    dispatcher.tell(new Dispatcher.Withdraw(List.of(batch(0).id(), batch(2).id())));
    assertThat(pool.receiveMessage(PATIENCE)).isEqualTo(new WorkerPool.Cancel(batch(0).id()));
    assertThat(load()).isEqualTo(new Dispatcher.Load(1, 0, 1, 0));
    reply(new WorkerPool.Done(batch(0).id(), RESULT));
    load();
    owner.expectNoMessage(Duration.ofMillis(50));
  }

  @Test
  void answerOfAPoolThoughtLostSettlesABatchOnce() {
    TestProbe<WorkerPool.Command> one = pool(1);
    Batch batch = offer(0);
    work(one);
    lose(one, 0);
    assertThat(load().queued()).isEqualTo(1);
    reply(new WorkerPool.Done(batch.id(), RESULT));
    confirmed();
    assertThat(load().queued()).isZero();
    reply(new WorkerPool.Done(batch.id(), RESULT));
    load();
    owner.expectNoMessage(Duration.ofMillis(50));
  }

  @Test
  void answerOfAPoolThoughtLostCancelsTheSecondDelivery() {
    TestProbe<WorkerPool.Command> one = pool(1);
    Batch batch = offer(0);
    work(one);
    lose(one, 0);
    pass(Duration.ofSeconds(1));
    TestProbe<WorkerPool.Command> two = pool(1);
    work(two);
    reply(new WorkerPool.Done(batch.id(), RESULT));
    assertThat(confirmed().writesPossibleUntil()).contains(clock.instant().plus(LEASE).plus(LATE));
    assertThat(two.receiveMessage(PATIENCE)).isEqualTo(new WorkerPool.Cancel(batch.id()));
  }

  @Test
  void deferredAndFailedBatchesAreReportedWithWhatIsUnknown() {
    TestProbe<WorkerPool.Command> pool = pool(1);
    offer(0);
    work(pool);
    reply(new WorkerPool.Deferred(batch(0).id(), "down", Optional.of(LATE), true));
    assertThat(owner.receiveMessage(PATIENCE)).isEqualTo(new Dispatcher.Deferred(batch(0).id(),
        "down", Optional.of(LATE), true, Optional.of(clock.instant().plus(LEASE).plus(LATE))));
    offer(1);
    work(pool);
    reply(new WorkerPool.Failed(batch(1).id(), elysia.core.outcome.Problem.of("x", "y")));
    owner.expectMessageClass(Dispatcher.Failed.class, PATIENCE);
  }

  @Test
  void lateWritesArePassedOn() throws InterruptedException {
    TestProbe<WorkerPool.Command> pool = pool(1);
    offer(0);
    work(pool);
    reply(new WorkerPool.Late(new RepositoryName("app"), List.of(new FilePath("a"))));
    assertThat(late.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS))
        .containsExactly(new FilePath("a"));
  }

  @Test
  void writeThatThePoolSurelyDidNotBeginIsNotWaitedFor() {
    TestProbe<WorkerPool.Command> pool = pool(1);
    offer(0);
    work(pool);
    reply(new WorkerPool.Deferred(batch(0).id(), "rate limit", Optional.empty(), false));
    assertThat(owner.receiveMessage(PATIENCE)).isEqualTo(new Dispatcher.Deferred(batch(0).id(),
        "rate limit", Optional.empty(), false, Optional.empty()));
  }

  @Test
  void dispatcherThatFailsGivesAllBatchesBackAndWorksOn() {
    TestProbe<WorkerPool.Command> pool = pool(1);
    for (int i = 0; i < 3; i++)
      offer(i);
    work(pool);
    work(pool);
    Optional<Instant> writesPossibleUntil = Optional.of(clock.instant().plus(LEASE).plus(LATE));
    reply(new WorkerPool.Late(new RepositoryName("app"), List.of()));
    List<Dispatcher.Report> back = owner.receiveSeveralMessages(3, PATIENCE);
    String reason = "the node's dispatcher restarted";
    assertThat(back).containsExactlyInAnyOrder(
        new Dispatcher.Deferred(batch(0).id(), reason, Optional.empty(), true, writesPossibleUntil),
        new Dispatcher.Deferred(batch(1).id(), reason, Optional.empty(), true, writesPossibleUntil),
        new Dispatcher.Deferred(batch(2).id(), reason, Optional.empty(), false, Optional.empty()));
    pool.expectMessageClass(WorkerPool.Cancel.class, PATIENCE);
    pool.expectMessageClass(WorkerPool.Cancel.class, PATIENCE);
    awaitPools(1);
    offer(0);
    reply(new WorkerPool.Done(work(pool).batch().id(), RESULT));
    confirmed();
  }
}
