package elysia.worker.pool;

import static elysia.worker.pipeline.Rig.index;
import static elysia.worker.pipeline.Rig.path;
import static elysia.worker.pipeline.Rig.text;
import static org.assertj.core.api.Assertions.assertThat;

import elysia.core.batch.Batch;
import elysia.core.batch.BatchId;
import elysia.core.batch.WorkerPool.Alive;
import elysia.core.batch.WorkerPool.Cancel;
import elysia.core.batch.WorkerPool.Command;
import elysia.core.batch.WorkerPool.Done;
import elysia.core.batch.WorkerPool.Late;
import elysia.core.batch.WorkerPool.Reclaim;
import elysia.core.batch.WorkerPool.Reclaimed;
import elysia.core.batch.WorkerPool.Renew;
import elysia.core.batch.WorkerPool.Reply;
import elysia.core.batch.WorkerPool.Work;
import elysia.worker.pipeline.Rig;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WorkerPoolActorTest {
  private static final ActorTestKit KIT = ActorTestKit.create();
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final Rig rig = new Rig();
  private final Semaphore begun = new Semaphore(0);
  private final Semaphore allowed = new Semaphore(0);
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final TestProbe<Reply> replies = KIT.createTestProbe();
  private final ActorRef<Command> pool = KIT.spawn(WorkerPoolActor.create(
      new WorkerPoolActor.Setup(rig.processor(), rig.meters(), rig.clock(), threads, 2)));

  @BeforeEach
  void hold() {
    rig.embedder().beforeEach(_ -> {
      begun.release();
      allowed.acquireUninterruptibly();
    });
  }

  @AfterEach
  void stop() {
    allowed.release(1_000);
    KIT.stop(pool);
    threads.close();
  }

  @AfterAll
  static void end() {
    KIT.shutdownTestKit();
  }

  @Test
  void noMoreBatchesRunThanAllowedAndAllGetDone() throws InterruptedException {
    List<Batch> batches = IntStream.range(0, 5).mapToObj(this::batch).toList();
    batches.forEach(this::deliver);
    begun(2);
    Alive alive = renew(batches.stream().map(Batch::id).toList());
    assertThat(alive.running()).isEqualTo(2);
    assertThat(alive.queued()).isEqualTo(3);
    assertThat(alive.batches()).hasSize(5);
    assertThat(begun.availablePermits()).isZero();
    allowed.release(5);
    List<BatchId> done = IntStream.range(0, 5)
        .mapToObj(_ -> replies.expectMessageClass(Done.class, PATIENCE).batch()).toList();
    assertThat(done).containsExactlyInAnyOrderElementsOf(batches.stream().map(Batch::id).toList());
  }

  @Test
  void aBatchThatIsKnownIsNotTakenTwice() throws InterruptedException {
    Batch batch = batch(0);
    deliver(batch);
    begun(1);
    deliver(batch.asRedelivered());
    assertThat(renew(List.of(batch.id())).queued()).isZero();
    allowed.release(2);
    replies.expectMessageClass(Done.class, PATIENCE);
    replies.expectNoMessage(Duration.ofMillis(100));
    assertThat(rig.embedder().calls()).isEqualTo(1);
  }

  @Test
  void aRenewedLeaseLastsAndOthersEnd() throws InterruptedException {
    Batch renewed = batch(0);
    Batch forgotten = batch(1);
    deliver(renewed);
    deliver(forgotten);
    begun(2);
    pool.tell(new Renew(List.of(renewed.id(), new BatchId("other", 1)), in(Duration.ofHours(3)),
        replies.getRef()));
    assertThat(replies.expectMessageClass(Alive.class, PATIENCE).batches())
        .containsExactly(renewed.id());
    rig.clock().advance(Duration.ofHours(2));
    allowed.release(2);
    assertThat(replies.expectMessageClass(Done.class, PATIENCE).batch()).isEqualTo(renewed.id());
    replies.expectNoMessage(Duration.ofMillis(100));
  }

  @Test
  void cancelledBatchesAreNeitherBegunNorWritten() throws InterruptedException {
    List<Batch> batches = IntStream.range(0, 3).mapToObj(this::batch).toList();
    batches.forEach(this::deliver);
    begun(2);
    pool.tell(new Cancel(batches.get(0).id()));
    pool.tell(new Cancel(batches.get(2).id()));
    assertThat(renew(batches.stream().map(Batch::id).toList()).batches())
        .containsExactly(batches.get(1).id());
    allowed.release(3);
    assertThat(replies.expectMessageClass(Done.class, PATIENCE).batch())
        .isEqualTo(batches.get(1).id());
    replies.expectNoMessage(Duration.ofMillis(100));
    assertThat(rig.indexed()).containsExactly(path("f1"));
  }

  @Test
  void batchesThatWereNotBegunAreGivenBackTheLastFirst() throws InterruptedException {
    List<Batch> batches = IntStream.range(0, 5).mapToObj(this::batch).toList();
    batches.forEach(this::deliver);
    begun(2);
    List<BatchId> ids = batches.stream().map(Batch::id).toList();
    pool.tell(new Reclaim(ids.subList(0, 4), 1, 7, replies.getRef()));
    assertThat(replies.expectMessageClass(Reclaimed.class, PATIENCE))
        .isEqualTo(new Reclaimed(pool, List.of(ids.get(3)), 7));
    pool.tell(new Reclaim(ids.subList(0, 2), 2, 8, replies.getRef()));
    assertThat(replies.expectMessageClass(Reclaimed.class, PATIENCE).batches()).isEmpty();
    assertThat(renew(ids).batches()).containsExactlyInAnyOrder(ids.get(0), ids.get(1), ids.get(2),
        ids.get(4));
    allowed.release(5);
    List<BatchId> done = IntStream.range(0, 4)
        .mapToObj(_ -> replies.expectMessageClass(Done.class, PATIENCE).batch()).toList();
    assertThat(done).doesNotContain(ids.get(3));
    assertThat(rig.indexed()).doesNotContain(path("f3")).hasSize(4);
  }

  @Test
  void aCancelledBatchCanBeDeliveredAgain() throws InterruptedException {
    Batch batch = batch(0);
    deliver(batch);
    begun(1);
    pool.tell(new Cancel(batch.id()));
    deliver(batch.asRedelivered());
    allowed.release(2);
    assertThat(replies.expectMessageClass(Done.class, PATIENCE).batch()).isEqualTo(batch.id());
    assertThat(rig.indexed()).containsExactly(path("f0"));
  }

  @Test
  void aWriteThatEndsTooLateIsReported() throws InterruptedException {
    rig.slowWrites(Duration.ofHours(2));
    deliver(batch(0));
    begun(1);
    allowed.release();
    replies.expectMessageClass(Done.class, PATIENCE);
    assertThat(replies.expectMessageClass(Late.class, PATIENCE))
        .isEqualTo(new Late(Rig.REPO, List.of(path("f0"))));
  }

  private Batch batch(int number) {
    return rig.batch(index("f" + number, text("name" + number)));
  }

  private void deliver(Batch batch) {
    pool.tell(new Work(batch, in(Duration.ofHours(1)), replies.getRef()));
  }

  private Instant in(Duration time) {
    return rig.clock().instant().plus(time);
  }

  private Alive renew(List<BatchId> batches) {
    pool.tell(new Renew(batches, in(Duration.ofHours(1)), replies.getRef()));
    return replies.expectMessageClass(Alive.class, PATIENCE);
  }

  private void begun(int count) throws InterruptedException {
    assertThat(begun.tryAcquire(count, PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
  }
}
