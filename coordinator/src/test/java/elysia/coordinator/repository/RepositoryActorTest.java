package elysia.coordinator.repository;

import static elysia.coordinator.repository.ActorRig.shown;
import static org.assertj.core.api.Assertions.assertThat;

import elysia.coordinator.dispatch.Dispatcher;
import elysia.core.outcome.Problem;
import elysia.core.repository.IndexingRules;
import elysia.core.repository.RepositoryStatus;
import elysia.core.repository.RepositoryStatus.State;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RepositoryActorTest {
  private final ActorRig rig = new ActorRig();

  @AfterEach
  void end() {
    rig.close();
  }

  private RepositoryStatus request(boolean full) {
    return rig.done(replyTo -> new RepositoryCommand.Sync(full, replyTo));
  }

  @Test
  void addedRepositoryIsSyncedToItsEnd() {
    rig.source.commit("1", Map.of("a", "A", "b", "B\nBB"));
    rig.add();
    assertThat(rig.sync("1", 2)).containsExactly("+a", "+b");
    RepositoryStatus status = rig.status();
    assertThat(status.syncedCommit()).contains("1");
    assertThat(status.documents()).contains(2L);
    assertThat(status.chunks()).contains(3L);
    assertThat(status.successRate()).contains(1.0);
    assertThat(status.detail()).isEqualTo("in step");
    assertThat(rig.source.open()).isZero();
  }

  @Test
  void identicalAdditionChangesNothingAndAnotherIsRefused() {
    rig.source.commit("1", Map.of());
    rig.add();
    rig.awaitSynced("1");
    RepositoryCommand.Reply again = rig
        .ask(replyTo -> new RepositoryCommand.Add(rig.settings(), replyTo));
    assertThat(((RepositoryCommand.Answer) again).changed()).isFalse();
    IndexingRules other = new IndexingRules(List.of(), List.of("*.log"), 5);
    assertThat(rig.refused(replyTo -> new RepositoryCommand.Add(rig.settings(other), replyTo)))
        .isEqualTo("repository_exists");
  }

  @Test
  void unknownRepositoryIsRefusedAndLeaves() {
    assertThat(rig.refused(RepositoryCommand.GetStatus::new)).isEqualTo("repository_not_found");
    assertThat(rig.lifecycle()).containsExactly("left");
  }

  @Test
  void repositoryAddedWhileItsActorWasLeavingComesBack() {
    rig.refused(RepositoryCommand.GetStatus::new);
    rig.source.commit("1", Map.of());
    rig.add();
    rig.awaitSynced("1");
    rig.stop();
    assertThat(rig.lifecycle()).containsExactly("left", "came back");
  }

  @Test
  void requestDuringASyncIsRememberedOnce() {
    rig.source.commit("1", Map.of("a", "1", "b", "1"));
    rig.add();
    Dispatcher.Offer first = rig.offer();
    request(false);
    assertThat(request(false).pendingSync()).isTrue();
    rig.source.commit("2", Map.of("a", "2", "b", "1"));
    rig.confirm(first);
    rig.confirm(rig.offer());
    assertThat(rig.sync("2", 1)).containsExactly("+a");
    assertThat(rig.source.pulled()).isEqualTo(2);
  }

  @Test
  void requestDuringAPullIsAnsweredByAnotherPull() {
    rig.source.commit("1", Map.of("a", "1"));
    rig.hold();
    rig.add();
    rig.awaitHeld();
    request(true);
    rig.open();
    rig.confirm(rig.offer());
    assertThat(rig.sync("1", 1)).containsExactly("+a");
    assertThat(rig.source.pulled()).isEqualTo(2);
  }

  @Test
  void requestDuringACheckIsAnsweredByAnotherPull() {
    rig.source.commit("1", Map.of());
    rig.add();
    rig.awaitSynced("1");
    rig.hold();
    request(false);
    rig.awaitHeld();
    request(false);
    rig.open();
    rig.await(s -> s.request().isEmpty());
    assertThat(rig.source.pulled()).isEqualTo(3);
  }

  @Test
  void settingsChangedBetweenPullAndSyncTakeEffect() {
    rig.source.commit("1", Map.of("a", "1", "b.log", "1"));
    rig.hold();
    rig.add();
    rig.awaitHeld();
    rig.open();
    Dispatcher.Offer first = rig.offer();
    IndexingRules rules = new IndexingRules(List.of(), List.of("*.log"), 1_000);
    rig.done(replyTo -> new RepositoryCommand.Update(rig.settings(rules), replyTo));
    rig.confirm(first);
    rig.confirm(rig.offer());
    rig.confirm(rig.offer());
    assertThat(shown(rig.offer())).isEqualTo("-b.log");
  }

  @Test
  void settingsChangedDuringThePreparationTakeEffect() {
    rig.source.commit("1", Map.of("a", "1", "b.log", "1"));
    rig.add();
    rig.sync("1", 2);
    rig.hold();
    request(true);
    rig.awaitHeld();
    IndexingRules rules = new IndexingRules(List.of(), List.of("*.log"), 1_000);
    rig.done(replyTo -> new RepositoryCommand.Update(rig.settings(rules), replyTo));
    rig.open();
    rig.confirm(rig.offer()); // a, whichever rules the first sync went by
    Dispatcher.Offer next = rig.offer();
    while (!shown(next).equals("-b.log")) {
      rig.confirm(next);
      next = rig.offer();
    }
    rig.confirm(next);
    rig.await(s -> s.sync().isEmpty() && s.request().isEmpty());
    assertThat(rig.store.content(ActorRig.COLLECTION)).hasSize(1);
  }

  @Test
  void pausedSyncGivesItsPlaceBackAndGoesOnAtItsMark() {
    rig.source.commit("1", Map.of("a", "1", "b", "1", "c", "1", "d", "1"));
    rig.add();
    Dispatcher.Offer a = rig.offer();
    Dispatcher.Offer b = rig.offer();
    assertThat(rig.done(RepositoryCommand.Pause::new).state()).isEqualTo(State.PAUSED);
    rig.confirm(a);
    rig.confirm(b);
    rig.await(s -> s.sync().isPresent() && s.sync().get().filesDone() == 2);
    rig.noOffer();
    assertThat(rig.source.open()).isZero();
    assertThat(rig.status().detail()).contains("goes on after resume");
    rig.done(RepositoryCommand.Resume::new);
    Dispatcher.Offer c = rig.offer();
    assertThat(shown(c)).isEqualTo("+c");
    rig.confirm(c);
    assertThat(rig.sync("1", 1)).containsExactly("+d");
  }

  @Test
  void scheduledRepositoryIsPulledWhenItIsTimeAndOnlyThen() {
    rig.schedule("30m");
    rig.source.commit("1", Map.of());
    rig.add();
    rig.awaitSynced("1");
    rig.pass(Duration.ofMinutes(29));
    rig.status();
    assertThat(rig.source.pulled()).isEqualTo(1);
    rig.pass(Duration.ofMinutes(5));
    rig.await(s -> s.lastCheck().at().equals(Optional.of(rig.now())));
    assertThat(rig.source.pulled()).isEqualTo(2);
  }

  @Test
  void scheduleOfOnceAYearIsNotTooLongForTheScheduler() {
    rig.schedule("0 0 31 12 *");
    rig.source.commit("1", Map.of());
    rig.add();
    rig.awaitSynced("1");
    rig.pass(Duration.ofDays(2));
    assertThat(rig.status().state()).isEqualTo(State.IDLE);
  }

  @Test
  void messagesOfAnEarlierActivityAreIgnored() {
    rig.source.commit("1", Map.of("a", "1"));
    rig.add();
    Dispatcher.Offer a = rig.offer();
    rig.tell(new RepositoryCommand.LateWrites(List.of()));
    a.owner().tell(new Dispatcher.Failed(new elysia.core.batch.BatchId("other", 0),
        Problem.of("x", "of another run"), Optional.empty()));
    rig.confirm(a);
    rig.confirm(a);
    rig.await(s -> s.synced().isPresent());
    assertThat(rig.events(RepositoryEvent.BatchConfirmed.class)).hasSize(1);
  }
}
