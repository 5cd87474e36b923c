package elysia.coordinator.repository;

import static org.assertj.core.api.Assertions.assertThat;

import elysia.coordinator.dispatch.Dispatcher;
import elysia.core.outcome.Outcome;
import elysia.core.repository.RepositoryStatus.State;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The wall clock is set by a day, either way: what waits neither stands still nor runs wild.
class ClockSetTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Duration STEP = Duration.ofMinutes(5);

  private final ActorRig rig = new ActorRig();

  @AfterEach
  void end() {
    rig.close();
  }

  private int pulledWithin(Duration time) {
    int before = rig.source.pulled();
    for (Duration passed = Duration.ZERO; passed.compareTo(time) < 0; passed = passed.plus(STEP)) {
      rig.pass(STEP);
      rig.status();
    }
    return rig.source.pulled() - before;
  }

  @ParameterizedTest
  @ValueSource(longs = {24, -24})
  void scheduleGoesOn(long hours) {
    rig.schedule("30m");
    rig.source.commit("1", Map.of());
    rig.add();
    rig.awaitSynced("1");
    rig.set(Duration.ofHours(hours));
    assertThat(pulledWithin(Duration.ofHours(3))).isBetween(5, 8);
  }

  @ParameterizedTest
  @ValueSource(longs = {24, -24})
  void failedPullIsTriedAgain(long hours) {
    rig.source.commit("1", Map.of("a", "1"))
        .nextPull(
            new Outcome.Busy<>("source_unavailable", "network is down", Duration.ofSeconds(40)));
    rig.add();
    rig.awaitState(State.WAITING);
    rig.set(Duration.ofHours(hours));
    assertThat(pulledWithin(Duration.ofMinutes(90))).isEqualTo(1);
    rig.sync("1", 1);
  }

  @ParameterizedTest
  @ValueSource(longs = {24, -24})
  void lateWritesAreWaitedForNoLongerThanTheyCanTake(long hours) {
    rig.store.shared(true);
    rig.source.commit("1", Map.of("a", "1"));
    rig.add();
    rig.confirm(rig.offer(), Optional.of(rig.monotonicNow().plusSeconds(20)), List.of());
    rig.awaitSynced("1");
    rig.set(Duration.ofHours(hours));
    rig.source.commit("2", Map.of("a", "2"));
    rig.done(replyTo -> new RepositoryCommand.Sync(false, replyTo));
    rig.noOffer();
    assertThat(rig.status().detail()).contains("waiting 20 s: a lost worker's last writes");
    rig.pass(MINUTE);
    rig.sync("2", 1);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, -1})
  void lateWritesOfANodeWithAnotherClockAreWaitedForAfterAFailover(long hours) {
    rig.store.shared(true);
    rig.source.commit("1", Map.of("a", "1"));
    rig.add();
    rig.confirm(rig.offer(), Optional.of(rig.monotonicNow().plusSeconds(20)), List.of());
    rig.awaitSynced("1");
    rig.set(Duration.ofHours(hours));
    rig.restart();
    rig.source.commit("2", Map.of("a", "2"));
    rig.done(replyTo -> new RepositoryCommand.Sync(false, replyTo));
    rig.noOffer();
    rig.pass(MINUTE);
    rig.sync("2", 1);
  }

  @ParameterizedTest
  @ValueSource(longs = {24, -24})
  void deferredBatchIsOfferedAgain(long hours) {
    rig.source.commit("1", Map.of("a", "1"));
    rig.add();
    Dispatcher.Offer a = rig.offer();
    a.owner().tell(new Dispatcher.Deferred(a.batch().id(), "store is down", Optional.empty(),
        false, Optional.empty()));
    rig.awaitState(State.WAITING);
    rig.set(Duration.ofHours(hours));
    assertThat(rig.status().detail()).isEqualTo("waiting 1 s: store is down");
    rig.pass(Duration.ofSeconds(2));
    rig.sync("1", 1);
  }
}
