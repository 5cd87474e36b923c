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
import elysia.core.rate.ManualClock;
import elysia.core.repository.SyncCounts;
import java.time.Duration;
import java.time.Instant;
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

class LaneTest {
  private static final FeedSettings SETTINGS = FeedSettings.from(ConfigFactory.load());
  private static final Duration FENCE = Duration.ofSeconds(25);
  private static final CollectionName COLLECTION = new CollectionName("code");
  private static final RepositoryName REPO = new RepositoryName("app");
  private static final EmbeddingModel MODEL = new EmbeddingModel("embedded", "m", 4, 256);

  private static final class Marks implements LaneMarks {
    final Set<String> open = ConcurrentHashMap.newKeySet();

    @Override
    public boolean open(String lane) {
      return !open.add(lane);
    }

    @Override
    public void close(String lane) {
      open.remove(lane);
    }
  }

  private final ManualClock clock = new ManualClock();
  private final ManualClock steady = new ManualClock();
  private final Marks marks = new Marks();
  private ActorTestKit kit;
  private ManualTime time;
  private TestProbe<Dispatcher.Command> dispatcher;
  private TestProbe<Lane.Reply> producer;
  private ActorRef<Lane.Reply> answers;
  private TestProbe<String> sharding;

  @BeforeEach
  void start() {
    kit = ActorTestKit.create("lane", ManualTime.config().withFallback(ConfigFactory.load()));
    time = ManualTime.get(kit.system());
    dispatcher = kit.createTestProbe(Dispatcher.Command.class);
    producer = kit.createTestProbe(Lane.Reply.class);
    answers = kit.spawn(Behaviors.receiveMessage(reply -> {
      if (reply instanceof Lane.Accepted(var lane, var batch))
        lane.tell(new Lane.Begin(batch.orElseThrow()));
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

  private ActorRef<Lane.Command> lane(Duration fence) {
    return kit.spawn(Lane.create("code/app", new Lane.Shared(dispatcher.getRef(), marks, fence,
        SETTINGS, clock, steady, new Random(1), Runnable::run),
        _ -> sharding.getRef().tell("passivate")));
  }

  private Lane.Submit submit(FileTask... tasks) {
    return submit("", 0, tasks);
  }

  private Lane.Submit submit(String feed, long attempt, FileTask... tasks) {
    return submit(feed, attempt, Instant.MAX, Optional.of(true), answers, tasks);
  }

  private static Lane.Submit submit(String feed, long attempt, Instant until,
      Optional<Boolean> begins, ActorRef<Lane.Reply> replyTo, FileTask... tasks) {
    return new Lane.Submit(COLLECTION, MODEL, REPO, "", List.of(tasks), false, feed, attempt,
        until, begins, replyTo);
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
        Optional.of(steady.instant().plus(FENCE))));
  }

  private void pass(Duration duration) {
    clock.advance(duration);
    steady.advance(duration);
    time.timePasses(duration);
  }

  @Test
  void batchesOfOnePathGoOneAfterTheOther() {
    ActorRef<Lane.Command> lane = lane(Duration.ZERO);
    lane.tell(submit(index("a")));
    lane.tell(submit(index("b"), new FileTask.Move(new FilePath("x"), new FilePath("a"))));
    lane.tell(submit(index("b")));
    lane.tell(submit(index("c")));
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
    ActorRef<Lane.Command> lane = lane(Duration.ZERO);
    lane.tell(submit(index("a")));
    defer(offered());
    producer.expectNoMessage(Duration.ofMillis(50));
    pass(Duration.ofSeconds(10));
    Batch again = offered().batch();
    assertThat(again.redelivered()).isTrue();
  }

  @Test
  void producerIsToldToComeAgainWhenPatienceEnds() {
    ActorRef<Lane.Command> lane = lane(FENCE);
    lane.tell(submit(index("a")));
    Dispatcher.Offer offer = offered();
    steady.advance(Duration.ofMinutes(2));
    defer(offer);
    assertThat(producer.expectMessageClass(Lane.GaveUp.class).reason()).isEqualTo("down");
    lane.tell(submit(index("a")));
    lane.tell(submit(index("b")));
    assertThat(offered().batch().tasks()).as("the lost write may still come to a")
        .containsExactly(index("b"));
    pass(FENCE);
    assertThat(offered().batch().tasks()).containsExactly(index("a"));
  }

  @Test
  void pathsOfAnUnknownWriteRestThoughTheBatchWasDoneAgain() {
    ActorRef<Lane.Command> lane = lane(FENCE);
    lane.tell(submit(index("a")));
    defer(offered());
    producer.expectNoMessage(Duration.ofMillis(50));
    pass(Duration.ofSeconds(10));
    confirm(offered());
    producer.expectMessageClass(Lane.Done.class);
    lane.tell(submit(index("a")));
    dispatcher.expectNoMessage(Duration.ofMillis(50));
    pass(FENCE.minusSeconds(10));
    assertThat(offered().batch().tasks()).containsExactly(index("a"));
  }

  @Test
  void pathsThatRestLaterHoldUpNoneThatRestedBefore() {
    Duration step = Duration.ofSeconds(10);
    ActorRef<Lane.Command> lane = lane(FENCE);
    for (String path : List.of("a", "b")) {
      lane.tell(submit(index(path)));
      defer(offered());
      producer.expectNoMessage(Duration.ofMillis(50));
      pass(step);
      confirm(offered());
      producer.expectMessageClass(Lane.Done.class);
    }
    lane.tell(submit(index("a")));
    lane.tell(submit(index("b")));
    dispatcher.expectNoMessage(Duration.ofMillis(50));
    pass(FENCE.minus(step.multipliedBy(2)));
    assertThat(offered().batch().tasks()).containsExactly(index("a"));
    dispatcher.expectNoMessage(Duration.ofMillis(50));
    pass(step);
    assertThat(offered().batch().tasks()).containsExactly(index("b"));
  }

  @Test
  void laneAfterALostOneWaitsForItsLastWrite() {
    marks.open.add("code/app");
    ActorRef<Lane.Command> lane = lane(FENCE);
    lane.tell(submit(index("a")));
    dispatcher.expectNoMessage(Duration.ofMillis(100));
    pass(FENCE);
    confirm(offered());
    producer.expectMessageClass(Lane.Done.class);
  }

  @Test
  void idleLaneEndsAndLeavesNothingToWaitFor() {
    ActorRef<Lane.Command> lane = lane(FENCE);
    lane.tell(submit(index("a")));
    confirm(offered());
    producer.expectMessageClass(Lane.Done.class);
    assertThat(marks.open).hasSize(1);
    pass(Duration.ofMinutes(3));
    sharding.expectMessage("passivate");
    lane.tell(Lane.Stop.STOP);
    producer.expectTerminated(lane);
    assertThat(marks.open).isEmpty();
  }

  @Test
  void laneThatIsTakenAwayStaysNotedAndItsProducersComeAgain() {
    ActorRef<Lane.Command> lane = lane(FENCE);
    lane.tell(submit(index("a")));
    offered();
    lane.tell(Lane.Stop.STOP);
    producer.expectMessageClass(Lane.GaveUp.class);
    dispatcher.expectMessageClass(Dispatcher.Withdraw.class);
    producer.expectTerminated(lane);
    assertThat(marks.open).hasSize(1);
  }

  @Test
  void earlierAttemptAtAnUploadComesTooLateAfterALaterOne() {
    ActorRef<Lane.Command> lane = lane(Duration.ZERO);
    lane.tell(submit("nightly", 2, index("a")));
    confirm(offered());
    producer.expectMessageClass(Lane.Done.class);
    lane.tell(submit("nightly", 1, index("a")));
    assertThat(producer.expectMessageClass(Lane.Refused.class).problem().code())
        .isEqualTo("upload_taken_over");
    lane.tell(submit("other", 1, index("b")));
    assertThat(offered().batch().tasks()).containsExactly(index("b"));
  }

  @Test
  void clockOfTheSendersNodeDoesNotMatter() {
    clock.advance(Duration.ofHours(1));
    Instant longAgo = clock.instant().minus(Duration.ofHours(1));
    lane(Duration.ZERO)
        .tell(submit("", 0, longAgo, Optional.of(true), answers, index("a")));
    confirm(offered());
    producer.expectMessageClass(Lane.Done.class);
  }

  @Test
  void changesThatNobodyWaitsForAnyMoreAreNotDone() {
    ActorRef<Lane.Command> lane = lane(Duration.ZERO);
    lane.tell(submit("", 0, Instant.MAX, Optional.of(true), producer.getRef(), index("a")));
    producer.expectMessageClass(Lane.Accepted.class);
    lane.tell(submit(index("a")));
    dispatcher.expectNoMessage(Duration.ofMillis(50));
    pass(SETTINGS.accept());
    assertThat(producer.expectMessageClass(Lane.GaveUp.class).reason()).contains("too late");
    confirm(offered());
    assertThat(producer.expectMessageClass(Lane.Done.class).result().failures()).isEmpty();
  }

  @Test
  void nodeThatStoodStillDoesNotBeginWhatWasWantedLongAgo() {
    ActorRef<Lane.Command> lane = lane(Duration.ZERO);
    lane.tell(submit("", 0, Instant.MAX, Optional.of(true), producer.getRef(), index("a")));
    Lane.Accepted accepted = producer.expectMessageClass(Lane.Accepted.class);
    steady.advance(SETTINGS.accept().plusSeconds(1));
    lane.tell(new Lane.Begin(accepted.batch().orElseThrow()));
    assertThat(producer.expectMessageClass(Lane.GaveUp.class).reason()).contains("too late");
    dispatcher.expectNoMessage(Duration.ofMillis(50));
  }

  @Test
  void nodesOfBeforeThatDoNotBeginAreBelievedAboutTheTime() {
    ActorRef<Lane.Command> lane = lane(Duration.ZERO);
    lane.tell(submit("", 0, clock.instant().minusMillis(1), Optional.empty(), answers,
        index("a")));
    assertThat(producer.expectMessageClass(Lane.GaveUp.class).reason()).contains("too late");
    lane.tell(submit("", 0, clock.instant(), Optional.empty(), producer.getRef(), index("b")));
    assertThat(offered().batch().tasks()).containsExactly(index("b"));
  }

  @Test
  void lostLaneIsNoticedByItsEnd() {
    TestProbe<Lane.Command> held = kit.createTestProbe(Lane.Command.class);
    ActorRef<LaneCalls.Call> calls = kit.spawn(LaneCalls.create(
        (_, command) -> held.getRef().tell(command), SETTINGS));
    CompletionStage<Lane.Reply> answer = LaneCalls.through(calls).ask("code/app",
        replyTo -> submit("", 0, Instant.MAX, Optional.of(true), replyTo, index("a")));
    ActorRef<Lane.Reply> waiting = held.expectMessageClass(Lane.Submit.class).replyTo();
    ActorRef<Lane.Command> lane = kit.spawn(Behaviors.receiveMessage(command -> {
      held.getRef().tell(command);
      return Behaviors.same();
    }));
    BatchId batch = new BatchId("run", 0);
    waiting.tell(new Lane.Accepted(lane, Optional.of(batch)));
    held.expectMessage(new Lane.Begin(batch));
    time.timePasses(Duration.ofMinutes(1));
    assertThat(answer.toCompletableFuture()).isNotDone();
    kit.stop(lane);
    assertThat(answer).succeedsWithin(Duration.ofSeconds(10)).isInstanceOf(Lane.GaveUp.class);
  }

  @Test
  void changesThatNobodyTakesAreGivenUp() {
    TestProbe<Lane.Command> held = kit.createTestProbe(Lane.Command.class);
    ActorRef<LaneCalls.Call> calls = kit.spawn(LaneCalls.create(
        (_, command) -> held.getRef().tell(command), SETTINGS));
    CompletionStage<Lane.Reply> answer = LaneCalls.through(calls).ask("code/app",
        _ -> Lane.Stop.STOP);
    held.expectMessage(Lane.Stop.STOP);
    time.timePasses(Duration.ofSeconds(31));
    assertThat(answer).succeedsWithin(Duration.ofSeconds(10)).isInstanceOf(Lane.GaveUp.class);
  }

  @Test
  void moreThanTheQueueHoldsIsRefusedForNow() {
    ActorRef<Lane.Command> lane = lane(Duration.ZERO);
    FileTask large = new FileTask.Index(new FilePath("a"), FileContent.of(new byte[40 << 20]));
    lane.tell(submit(large));
    lane.tell(submit(large));
    producer.expectMessageClass(Lane.GaveUp.class);
  }
}
