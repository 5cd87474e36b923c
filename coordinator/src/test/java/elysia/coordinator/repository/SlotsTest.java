package elysia.coordinator.repository;

import static org.assertj.core.api.Assertions.assertThat;

import elysia.core.rate.MonotonicClock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class SlotsTest {
  private static final ActorTestKit KIT = ActorTestKit.create(ActorRig.CONFIG);
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final InstantSource MONOTONIC = new MonotonicClock(InstantSource.system());
  private static final Duration QUIET = Duration.ofMillis(50);

  private final ActorRef<Slots.Command> slots = KIT.spawn(Slots.create(1, 1, MONOTONIC));
  private final TestProbe<RepositoryCommand> one = KIT.createTestProbe();
  private final TestProbe<RepositoryCommand> two = KIT.createTestProbe();
  private final TestProbe<RepositoryCommand> three = KIT.createTestProbe();

  @AfterAll
  static void end() {
    KIT.shutdownTestKit();
  }

  private void acquire(TestProbe<RepositoryCommand> owner, Slots.Kind kind) {
    slots.tell(new Slots.Acquire(kind, owner.ref()));
  }

  private void release(TestProbe<RepositoryCommand> owner) {
    slots.tell(new Slots.Release(Slots.Kind.PULL, owner.ref()));
  }

  private static void granted(TestProbe<RepositoryCommand> owner, Slots.Kind kind) {
    assertThat(owner.receiveMessage(PATIENCE)).isEqualTo(new RepositoryCommand.SlotGranted(kind));
  }

  @Test
  void placesAreGivenInTheOrderOfAsking() {
    acquire(one, Slots.Kind.PULL);
    acquire(two, Slots.Kind.PULL);
    acquire(three, Slots.Kind.PULL);
    acquire(two, Slots.Kind.PULL);
    granted(one, Slots.Kind.PULL);
    two.expectNoMessage(QUIET);
    release(one);
    granted(two, Slots.Kind.PULL);
    release(two);
    granted(three, Slots.Kind.PULL);
    two.expectNoMessage(QUIET);
  }

  @Test
  void kindsDoNotWaitForEachOther() {
    acquire(one, Slots.Kind.PULL);
    acquire(two, Slots.Kind.SYNC);
    granted(one, Slots.Kind.PULL);
    granted(two, Slots.Kind.SYNC);
  }

  @Test
  void holderThatAsksAgainIsToldAgain() {
    acquire(one, Slots.Kind.PULL);
    granted(one, Slots.Kind.PULL);
    acquire(one, Slots.Kind.PULL);
    granted(one, Slots.Kind.PULL);
  }

  @Test
  void whoStopsWaitingIsPassedOver() {
    acquire(one, Slots.Kind.PULL);
    acquire(two, Slots.Kind.PULL);
    acquire(three, Slots.Kind.PULL);
    release(two);
    release(one);
    granted(three, Slots.Kind.PULL);
    two.expectNoMessage(QUIET);
  }

  @Test
  void placeOfAStoppedActorIsFree() {
    acquire(one, Slots.Kind.PULL);
    granted(one, Slots.Kind.PULL);
    acquire(two, Slots.Kind.PULL);
    one.stop();
    granted(two, Slots.Kind.PULL);
  }

  @Test
  void inARushFirstPullsWaitAndOthersDoNot() {
    ActorRef<Slots.Command> wide = KIT.spawn(Slots.create(100, 1, MONOTONIC));
    List<TestProbe<RepositoryCommand>> added = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      added.add(KIT.createTestProbe());
      wide.tell(new Slots.Acquire(Slots.Kind.FIRST_PULL, added.get(i).ref()));
    }
    wide.tell(new Slots.Acquire(Slots.Kind.PULL, one.ref()));
    granted(one, Slots.Kind.PULL);
    added.getLast().expectNoMessage(QUIET); // though there is room
    for (TestProbe<RepositoryCommand> each : added)
      granted(each, Slots.Kind.FIRST_PULL);
  }
}
