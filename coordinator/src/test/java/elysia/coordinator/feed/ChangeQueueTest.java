package elysia.coordinator.feed;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import elysia.coordinator.dispatch.Dispatcher;
import elysia.core.batch.Batch;
import elysia.core.batch.BatchId;
import elysia.core.batch.BatchResult;
import elysia.core.batch.FileContent;
import elysia.core.batch.FileTask;
import elysia.core.embed.EmbeddingModel;
import elysia.core.identity.CollectionName;
import elysia.core.identity.FilePath;
import elysia.core.identity.RepositoryName;
import elysia.core.repository.SyncCounts;
import elysia.testkit.clock.ManualClock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ChangeQueueTest {
  private static final FeedSettings SETTINGS = FeedSettings.from(ConfigFactory.load());
  private static final Duration FENCE = Duration.ofSeconds(25);
  private static final CollectionName COLLECTION = new CollectionName("code");
  private static final RepositoryName REPO = new RepositoryName("app");
  private static final EmbeddingModel MODEL = new EmbeddingModel("embedded", "m", 4, 256);

  private static final class Noted implements OpenQueues {
    final Set<String> open = ConcurrentHashMap.newKeySet();

    @Override
    public boolean open(String queue) {
      return !open.add(queue);
    }

    @Override
    public void close(String queue) {
      open.remove(queue);
    }
  }

  private final ManualClock monotonic = new ManualClock();
  private final Noted noted = new Noted();
  private ActorTestKit kit;
  private ManualTime time;
  private TestProbe<Dispatcher.Command> dispatcher;
  private TestProbe<ChangeQueue.Reply> producer;
  private ActorRef<ChangeQueue.Reply> answers;
  private TestProbe<String> sharding;

  @BeforeEach
  void start() {
    kit = ActorTestKit.create("queue", ManualTime.config().withFallback(ConfigFactory.load()));
    time = ManualTime.get(kit.system());
    dispatcher = kit.createTestProbe(Dispatcher.Command.class);
    producer = kit.createTestProbe(ChangeQueue.Reply.class);
    answers = kit.spawn(Behaviors.receiveMessage(reply -> {
      if (reply instanceof ChangeQueue.Accepted(var queue, var batch))
        queue.tell(new ChangeQueue.Begin(batch));
      else
        producer.getRef().tell(reply);
      return Behaviors.same();
    }));
    sharding = kit.createTestProbe(String.class);
  }

  @AfterEach
  void end() {
    kit.shutdownTestKit();
  }

  private ActorRef<ChangeQueue.Command> queue(Duration fence) {
    return kit.spawn(ChangeQueue.create("code/app",
        new ChangeQueue.Setup(dispatcher.getRef(), noted, fence,
            SETTINGS, monotonic, new Random(1), Runnable::run),
        _ -> sharding.getRef().tell("passivate")));
  }

  private ChangeQueue.Submit submit(FileTask... tasks) {
    return submit("", 0, tasks);
  }

  private ChangeQueue.Submit submit(String feed, long attempt, FileTask... tasks) {
    return submit(feed, attempt, answers, tasks);
  }

  private static ChangeQueue.Submit submit(String feed, long attempt,
      ActorRef<ChangeQueue.Reply> replyTo, FileTask... tasks) {
    return new ChangeQueue.Submit(COLLECTION, MODEL, REPO, "", List.of(tasks), false, feed, attempt,
        replyTo);
  }

  private static FileTask index(String path) {
    return new FileTask.Index(new FilePath(path), FileContent.of(new byte[]{1}));
  }

  private Dispatcher.Offer offered() {
    return dispatcher.expectMessageClass(Dispatcher.Offer.class);
  }

  private static void confirm(Dispatcher.Offer offer) {
    offer.owner().tell(new Dispatcher.Confirmed(offer.batch().id(),
        new BatchResult(SyncCounts.NONE, List.of()), Optional.empty()));
  }

  private void defer(Dispatcher.Offer offer) {
    offer.owner().tell(new Dispatcher.Deferred(offer.batch().id(), "down", Optional.empty(), true,
        Optional.of(monotonic.instant().plus(FENCE))));
  }

  private void pass(Duration duration) {
    monotonic.advance(duration);
    time.timePasses(duration);
  }

  @Test
  void batchesOfOnePathGoOneAfterTheOther() {
    ActorRef<ChangeQueue.Command> queue = queue(Duration.ZERO);
    queue.tell(submit(index("a")));
    queue.tell(submit(index("b"), new FileTask.Move(new FilePath("x"), new FilePath("a"))));
    queue.tell(submit(index("b")));
    queue.tell(submit(index("c")));
    Dispatcher.Offer first = offered();
    assertThat(first.batch().tasks()).containsExactly(index("a"));
    assertThat(offered().batch().tasks()).as("shares no path").containsExactly(index("c"));
    confirm(first);
    Dispatcher.Offer second = offered();
    assertThat(second.batch().tasks()).hasSize(2);
    dispatcher.expectNoMessage(Duration.ofMillis(50));
    confirm(second);
    assertThat(offered().batch().tasks()).containsExactly(index("b"));
  }

  @Test
  void deferredBatchIsOfferedAgainAsOneThatMayBeDone() {
    ActorRef<ChangeQueue.Command> queue = queue(Duration.ZERO);
    queue.tell(submit(index("a")));
    defer(offered());
    producer.expectNoMessage(Duration.ofMillis(50));
    pass(Duration.ofSeconds(10));
    Batch again = offered().batch();
    assertThat(again.redelivered()).isTrue();
  }

  @Test
  void producerIsToldToComeAgainWhenPatienceEnds() {
    ActorRef<ChangeQueue.Command> queue = queue(FENCE);
    queue.tell(submit(index("a")));
    Dispatcher.Offer offer = offered();
    monotonic.advance(Duration.ofMinutes(2));
    defer(offer);
    assertThat(producer.expectMessageClass(ChangeQueue.GaveUp.class).reason()).isEqualTo("down");
    queue.tell(submit(index("a")));
    queue.tell(submit(index("b")));
    assertThat(offered().batch().tasks()).as("the lost write may still come to a")
        .containsExactly(index("b"));
    pass(FENCE);
    assertThat(offered().batch().tasks()).containsExactly(index("a"));
  }

  @Test
  void pathsOfAnUnknownWriteRestThoughTheBatchWasDoneAgain() {
    ActorRef<ChangeQueue.Command> queue = queue(FENCE);
    queue.tell(submit(index("a")));
    defer(offered());
    producer.expectNoMessage(Duration.ofMillis(50));
    pass(Duration.ofSeconds(10));
    confirm(offered());
    producer.expectMessageClass(ChangeQueue.Done.class);
    queue.tell(submit(index("a")));
    dispatcher.expectNoMessage(Duration.ofMillis(50));
    pass(FENCE.minusSeconds(10));
    assertThat(offered().batch().tasks()).containsExactly(index("a"));
  }

  @Test
  void pathsThatRestLaterHoldUpNoneThatRestedBefore() {
    Duration step = Duration.ofSeconds(10);
    ActorRef<ChangeQueue.Command> queue = queue(FENCE);
    for (String path : List.of("a", "b")) {
      queue.tell(submit(index(path)));
      defer(offered());
      producer.expectNoMessage(Duration.ofMillis(50));
      pass(step);
      confirm(offered());
      producer.expectMessageClass(ChangeQueue.Done.class);
    }
    queue.tell(submit(index("a")));
    queue.tell(submit(index("b")));
    dispatcher.expectNoMessage(Duration.ofMillis(50));
    pass(FENCE.minus(step.multipliedBy(2)));
    assertThat(offered().batch().tasks()).containsExactly(index("a"));
    dispatcher.expectNoMessage(Duration.ofMillis(50));
    pass(step);
    assertThat(offered().batch().tasks()).containsExactly(index("b"));
  }

  @Test
  void queueAfterALostOneWaitsForItsLastWrite() {
    noted.open.add("code/app");
    ActorRef<ChangeQueue.Command> queue = queue(FENCE);
    queue.tell(submit(index("a")));
    dispatcher.expectNoMessage(Duration.ofMillis(100));
    pass(FENCE);
    confirm(offered());
    producer.expectMessageClass(ChangeQueue.Done.class);
  }

  @Test
  void idleQueueEndsAndLeavesNothingToWaitFor() {
    ActorRef<ChangeQueue.Command> queue = queue(FENCE);
    queue.tell(submit(index("a")));
    confirm(offered());
    producer.expectMessageClass(ChangeQueue.Done.class);
    assertThat(noted.open).hasSize(1);
    pass(Duration.ofMinutes(3));
    sharding.expectMessage("passivate");
    queue.tell(ChangeQueue.Stop.STOP);
    producer.expectTerminated(queue);
    assertThat(noted.open).isEmpty();
  }

  @Test
  void queueThatIsTakenAwayStaysNotedAndItsProducersComeAgain() {
    ActorRef<ChangeQueue.Command> queue = queue(FENCE);
    queue.tell(submit(index("a")));
    offered();
    queue.tell(ChangeQueue.Stop.STOP);
    producer.expectMessageClass(ChangeQueue.GaveUp.class);
    dispatcher.expectMessageClass(Dispatcher.Withdraw.class);
    producer.expectTerminated(queue);
    assertThat(noted.open).hasSize(1);
  }

  @Test
  void earlierAttemptAtAnUploadComesTooLateAfterALaterOne() {
    ActorRef<ChangeQueue.Command> queue = queue(Duration.ZERO);
    queue.tell(submit("nightly", 2, index("a")));
    confirm(offered());
    producer.expectMessageClass(ChangeQueue.Done.class);
    queue.tell(submit("nightly", 1, index("a")));
    assertThat(producer.expectMessageClass(ChangeQueue.Refused.class).problem().code())
        .isEqualTo("upload_taken_over");
    queue.tell(submit("other", 1, index("b")));
    assertThat(offered().batch().tasks()).containsExactly(index("b"));
  }

  @Test
  void changesThatNobodyWaitsForAnyMoreAreNotDone() {
    ActorRef<ChangeQueue.Command> queue = queue(Duration.ZERO);
    queue.tell(submit("", 0, producer.getRef(), index("a")));
    producer.expectMessageClass(ChangeQueue.Accepted.class);
    queue.tell(submit(index("a")));
    dispatcher.expectNoMessage(Duration.ofMillis(50));
    pass(SETTINGS.accept());
    assertThat(producer.expectMessageClass(ChangeQueue.GaveUp.class).reason()).contains("too late");
    confirm(offered());
    assertThat(producer.expectMessageClass(ChangeQueue.Done.class).result().failures()).isEmpty();
  }

  @Test
  void nodeThatStoodStillDoesNotBeginWhatWasWantedLongAgo() {
    ActorRef<ChangeQueue.Command> queue = queue(Duration.ZERO);
    queue.tell(submit("", 0, producer.getRef(), index("a")));
    ChangeQueue.Accepted accepted = producer.expectMessageClass(ChangeQueue.Accepted.class);
    monotonic.advance(SETTINGS.accept().plusSeconds(1));
    queue.tell(new ChangeQueue.Begin(accepted.batch()));
    assertThat(producer.expectMessageClass(ChangeQueue.GaveUp.class).reason()).contains("too late");
    dispatcher.expectNoMessage(Duration.ofMillis(50));
  }

  @Test
  void lostQueueIsNoticedByItsEnd() {
    TestProbe<ChangeQueue.Command> held = kit.createTestProbe(ChangeQueue.Command.class);
    ActorRef<ChangeQueueClient.Request> calls = kit.spawn(ChangeQueueClient.create(
        (_, command) -> held.getRef().tell(command), SETTINGS));
    CompletionStage<ChangeQueue.Reply> answer = ChangeQueueClient.through(calls).ask("code/app",
        replyTo -> submit("", 0, replyTo, index("a")));
    ActorRef<ChangeQueue.Reply> waiting = held.expectMessageClass(ChangeQueue.Submit.class)
        .replyTo();
    ActorRef<ChangeQueue.Command> queue = kit.spawn(Behaviors.receiveMessage(command -> {
      held.getRef().tell(command);
      return Behaviors.same();
    }));
    BatchId batch = new BatchId("run", 0);
    waiting.tell(new ChangeQueue.Accepted(queue, batch));
    held.expectMessage(new ChangeQueue.Begin(batch));
    time.timePasses(Duration.ofMinutes(1));
    assertThat(answer.toCompletableFuture()).isNotDone();
    kit.stop(queue);
    assertThat(answer).succeedsWithin(Duration.ofSeconds(10))
        .isInstanceOf(ChangeQueue.GaveUp.class);
  }

  @Test
  void changesThatNobodyTakesAreGivenUp() {
    TestProbe<ChangeQueue.Command> held = kit.createTestProbe(ChangeQueue.Command.class);
    ActorRef<ChangeQueueClient.Request> calls = kit.spawn(ChangeQueueClient.create(
        (_, command) -> held.getRef().tell(command), SETTINGS));
    CompletionStage<ChangeQueue.Reply> answer = ChangeQueueClient.through(calls).ask("code/app",
        _ -> ChangeQueue.Stop.STOP);
    held.expectMessage(ChangeQueue.Stop.STOP);
    time.timePasses(Duration.ofSeconds(31));
    assertThat(answer).succeedsWithin(Duration.ofSeconds(10))
        .isInstanceOf(ChangeQueue.GaveUp.class);
  }

  @Test
  void moreThanTheQueueHoldsIsRefusedForNow() {
    ActorRef<ChangeQueue.Command> queue = queue(Duration.ZERO);
    FileTask large = new FileTask.Index(new FilePath("a"), FileContent.of(new byte[40 << 20]));
    queue.tell(submit(large));
    queue.tell(submit(large));
    producer.expectMessageClass(ChangeQueue.GaveUp.class);
  }
}
