package elysia.coordinator.repository;

import static elysia.coordinator.repository.ActorRig.shown;
import static org.assertj.core.api.Assertions.assertThat;

import elysia.coordinator.dispatch.Dispatcher;
import elysia.core.outcome.Outcome;
import elysia.core.outcome.Problem;
import elysia.core.repository.RepositoryStatus;
import elysia.core.repository.RepositoryStatus.State;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RepositoryFailureTest {
  private static final Duration SECOND = Duration.ofSeconds(2);

  private final ActorRig rig = new ActorRig();

  @AfterEach
  void end() {
    rig.close();
  }

  private RepositoryStatus request(boolean full) {
    return rig.done(replyTo -> new RepositoryCommand.Sync(full, replyTo));
  }

  @Test
  void failedFileIsRememberedTriedAgainAndCleared() {
    rig.source.commit("1", Map.of("a", "1", "b", "1"));
    rig.add();
    rig.confirm(rig.offer(), Optional.empty(), List.of("a"));
    rig.confirm(rig.offer());
    rig.awaitSynced("1");
    assertThat(rig.state().failures()).singleElement()
        .matches(f -> f.path().value().equals("a") && f.attempts() == 1);
    assertThat(rig.status().lastResult().orElseThrow().result())
        .isEqualTo("completed_with_failures");
    request(false);
    Dispatcher.Offer again = rig.offer();
    assertThat(again.batch().redelivered()).isTrue();
    rig.confirm(again, Optional.empty(), List.of("a"));
    rig.await(s -> !s.failures().isEmpty() && s.failures().getFirst().attempts() == 2);
    rig.awaitSynced("1");
    request(false);
    assertThat(rig.sync("1", 1)).containsExactly("+a");
    assertThat(rig.state().failures()).isEmpty();
  }

  @Test
  void indexOfARepositoryThatLostItsCommitsStays() {
    rig.source.commit("1", Map.of("a", "1"));
    rig.add();
    assertThat(rig.sync("1", 1)).containsExactly("+a");
    rig.source.head(null);
    request(true);
    rig.await(s -> s.lastError().isPresent());
    rig.noOffer();
    assertThat(rig.status().detail()).contains("no commit is there any more", "repo remove");
    rig.source.head("1");
    request(false);
    assertThat(rig.sync("1", 1)).containsExactly("+a");
    assertThat(rig.state().lastError()).isEmpty();
  }

  @Test
  void failedBatchHoldsTheMarkAndIsNeverSkipped() {
    rig.source.commit("1", Map.of("a", "1", "b", "1", "c", "1"));
    rig.add();
    Dispatcher.Offer a = rig.offer();
    Dispatcher.Offer b = rig.offer();
    a.owner().tell(new Dispatcher.Failed(a.batch().id(), Problem.of("x", "refused"),
        Optional.empty()));
    rig.status();
    rig.confirm(b);
    rig.await(s -> s.lastError().isPresent());
    assertThat(rig.state().sync().orElseThrow().through()).isEmpty();
    assertThat(rig.status().state()).isEqualTo(State.WAITING);
    rig.noOffer();
    rig.pass(SECOND);
    assertThat(shown(rig.offer())).isEqualTo("+a");
    assertThat(shown(rig.offer())).isEqualTo("+b");
  }

  @Test
  void deferredBatchIsOfferedAgainLater() {
    rig.source.commit("1", Map.of("a", "1", "b", "1", "c", "1"));
    rig.add();
    Dispatcher.Offer a = rig.offer();
    rig.confirm(rig.offer());
    a.owner().tell(new Dispatcher.Deferred(a.batch().id(), "store is down",
        Optional.of(Duration.ofSeconds(30)), true, Optional.empty()));
    rig.awaitState(State.WAITING);
    assertThat(rig.status().detail()).contains("30 s", "store is down");
    rig.pass(Duration.ofSeconds(31));
    Dispatcher.Offer again = rig.offer();
    assertThat(again.batch().id()).isEqualTo(a.batch().id());
    assertThat(again.batch().redelivered()).isTrue();
  }

  @Test
  void reasonOfAWaitStandsUntilADeliveryHasSucceeded() {
    rig.source.commit("1", Map.of("a", "1", "b", "1", "c", "1"));
    rig.add();
    Dispatcher.Offer a = rig.offer();
    rig.confirm(rig.offer());
    a.owner().tell(new Dispatcher.Deferred(a.batch().id(), "store is down", Optional.empty(),
        false, Optional.empty()));
    rig.awaitState(State.WAITING);
    rig.pass(SECOND);
    Dispatcher.Offer again = rig.offer();
    assertThat(rig.status().state()).isEqualTo(State.WAITING);
    assertThat(rig.status().detail()).isEqualTo("trying again: store is down");
    rig.confirm(again);
    rig.awaitState(State.SYNCING);
    assertThat(rig.status().detail()).isEqualTo("syncing");
  }

  @Test
  void batchGivenUpWithItsSyncIsNotOfferedAgain() {
    rig.source.commit("1", Map.of("a", "1", "b", "1", "c", "1"));
    rig.add();
    Dispatcher.Offer a = rig.offer();
    Dispatcher.Offer b = rig.offer();
    a.owner().tell(new Dispatcher.Deferred(a.batch().id(), "down", Optional.empty(), false,
        Optional.empty()));
    rig.awaitState(State.WAITING);
    rig.done(replyTo -> new RepositoryCommand.Remove(false, replyTo));
    rig.pass(SECOND);
    rig.noOffer();
    rig.confirm(b);
    rig.await(s -> s.settings().isEmpty());
  }

  @Test
  void busyPullBacksOffAndSaysWhen() {
    rig.source.commit("1", Map.of("a", "1"))
        .nextPull(
            new Outcome.Busy<>("source_unavailable", "network is down", Duration.ofSeconds(40)));
    rig.add();
    rig.awaitState(State.WAITING);
    RepositoryStatus.LastError trouble = rig.status().trouble().orElseThrow();
    assertThat(trouble.code()).isEqualTo("source_unavailable");
    assertThat(trouble.nextTry()).contains(rig.now().plusSeconds(40));
    rig.pass(Duration.ofSeconds(39));
    assertThat(rig.source.pulled()).isEqualTo(1);
    rig.pass(SECOND);
    rig.sync("1", 1);
    assertThat(rig.status().trouble()).isEmpty();
    assertThat(rig.status().successRate()).contains(0.5);
  }

  @Test
  void retryDoesNotWaitForTheBackoff() {
    rig.source.commit("1", Map.of("a", "1"))
        .nextPull(Outcome.refused("authentication", "permission denied", "see fix-auth"));
    rig.add();
    rig.await(s -> s.lastError().isPresent() && !s.lastError().get().retryable());
    assertThat(rig.status().detail()).startsWith("waiting 1 s: ").contains("permission denied");
    rig.done(RepositoryCommand.Retry::new);
    rig.sync("1", 1);
  }

  @Test
  void syncThatFailedGoesOnAtItsMark() {
    rig.source.commit("1", Map.of("a", "1", "b", "1", "c", "1", "d", "1"));
    rig.source.busyAfter(7); // five to count the plan, then a and b
    rig.add();
    Dispatcher.Offer a = rig.offer();
    Dispatcher.Offer b = rig.offer();
    rig.confirm(a);
    rig.await(s -> s.sync().isPresent() && s.sync().get().filesDone() == 1);
    rig.confirm(b);
    rig.await(s -> s.lastError().isPresent());
    assertThat(rig.status().detail()).startsWith("waiting 1 s: ").contains("the clone broke");
    rig.pass(SECOND);
    assertThat(rig.sync("1", 2)).containsExactly("+c", "+d");
  }

  @Test
  void syncDoesNotWaitForTheBackoffOfAFailedPull() {
    rig.source.commit("1", Map.of("a", "1"))
        .nextPull(new Outcome.Busy<>("source_unavailable", "network is down"));
    rig.add();
    rig.awaitState(State.WAITING);
    request(false);
    rig.sync("1", 1);
  }

  @Test
  void syncDoesNotWaitForTheBackoffOfAFailedSync() {
    rig.source.commit("1", Map.of("a", "1"));
    rig.add();
    Dispatcher.Offer a = rig.offer();
    a.owner().tell(new Dispatcher.Failed(a.batch().id(), Problem.of("x", "refused"),
        Optional.empty()));
    rig.await(s -> s.lastError().isPresent());
    request(false);
    rig.confirm(rig.offer());
    rig.await(s -> s.synced().isPresent() && s.sync().isEmpty() && s.request().isEmpty());
  }

  @Test
  void syncAskedForDuringAPullThatFailsWaitsForItsBackoff() {
    rig.source.commit("1", Map.of("a", "1"))
        .nextPull(new Outcome.Busy<>("source_unavailable", "network is down"));
    rig.hold();
    rig.add();
    rig.awaitHeld();
    request(false);
    rig.open();
    rig.awaitState(State.WAITING);
    assertThat(rig.source.pulled()).isEqualTo(1);
    rig.pass(SECOND);
    rig.sync("1", 1);
  }

  @Test
  void retryOffersWaitingBatchesAtOnce() {
    rig.source.commit("1", Map.of("a", "1"));
    rig.add();
    Dispatcher.Offer a = rig.offer();
    a.owner().tell(new Dispatcher.Deferred(a.batch().id(), "down",
        Optional.of(Duration.ofSeconds(30)), false, Optional.empty()));
    rig.awaitState(State.WAITING);
    rig.done(RepositoryCommand.Retry::new);
    rig.sync("1", 1);
    rig.pass(Duration.ofSeconds(31));
    rig.noOffer();
  }
}
