package elysia.coordinator.repository;

import static elysia.coordinator.repository.ActorRig.shown;
import static org.assertj.core.api.Assertions.assertThat;

import elysia.coordinator.dispatch.Dispatcher;
import elysia.core.identity.FilePath;
import elysia.core.outcome.Outcome;
import elysia.core.outcome.Problem;
import elysia.core.repository.IndexingRules;
import elysia.core.repository.RepositoryStatus;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RepositoryActorTest {
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
    assertThat(rig.residence()).containsExactly("left");
  }

  @Test
  void repositoryAddedWhileItsActorWasLeavingComesBack() {
    rig.refused(RepositoryCommand.GetStatus::new);
    rig.source.commit("1", Map.of());
    rig.add();
    rig.awaitSynced("1");
    rig.stop();
    assertThat(rig.residence()).containsExactly("left", "came back");
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
    assertThat(rig.done(RepositoryCommand.Pause::new).state()).isEqualTo("paused");
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
  void failedBatchHoldsTheMarkAndIsNeverSkipped() {
    rig.source.commit("1", Map.of("a", "1", "b", "1", "c", "1"));
    rig.add();
    Dispatcher.Offer a = rig.offer();
    Dispatcher.Offer b = rig.offer();
    a.owner().tell(new Dispatcher.Failed(a.batch().id(), Problem.of("x", "refused"),
        Optional.empty()));
    rig.status();
    rig.confirm(b);
    rig.await(s -> s.trouble().isPresent());
    assertThat(rig.state().sync().orElseThrow().through()).isEmpty();
    assertThat(rig.status().state()).isEqualTo("waiting");
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
    rig.awaitState("waiting");
    assertThat(rig.status().detail()).contains("30 s", "store is down");
    rig.pass(Duration.ofSeconds(31));
    Dispatcher.Offer again = rig.offer();
    assertThat(again.batch().id()).isEqualTo(a.batch().id());
    assertThat(again.batch().redelivered()).isTrue();
  }

  @Test
  void batchGivenUpWithItsSyncIsNotOfferedAgain() {
    rig.source.commit("1", Map.of("a", "1", "b", "1", "c", "1"));
    rig.add();
    Dispatcher.Offer a = rig.offer();
    Dispatcher.Offer b = rig.offer();
    a.owner().tell(new Dispatcher.Deferred(a.batch().id(), "down", Optional.empty(), false,
        Optional.empty()));
    rig.awaitState("waiting");
    rig.done(replyTo -> new RepositoryCommand.Remove(false, replyTo));
    rig.pass(SECOND);
    rig.noOffer();
    rig.confirm(b);
    rig.await(s -> s.settings().isEmpty());
  }

  @Test
  void busyPullBacksOffAndSaysWhen() {
    rig.source.commit("1", Map.of("a", "1"))
        .nextPull(new Outcome.Busy<>("network is down", Duration.ofSeconds(40)));
    rig.add();
    rig.awaitState("waiting");
    RepositoryStatus.Trouble trouble = rig.status().trouble().orElseThrow();
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
    rig.await(s -> s.trouble().isPresent() && !s.trouble().get().retryable());
    assertThat(rig.status().detail()).contains("permission denied", "next try in 1 s");
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
    rig.await(s -> s.trouble().isPresent());
    assertThat(rig.status().detail()).contains("the clone broke", "next try in 1 s");
    rig.pass(SECOND);
    assertThat(rig.sync("1", 2)).containsExactly("+c", "+d");
  }

  @Test
  void restartGoesOnAtTheFirstUnconfirmedBatchWithRedeliveries() {
    rig.source.commit("1", Map.of("a", "1", "b", "1", "c", "1", "d", "1"));
    rig.add();
    Dispatcher.Offer a = rig.offer();
    Dispatcher.Offer b = rig.offer();
    assertThat(a.batch().redelivered()).isFalse();
    rig.confirm(a);
    Dispatcher.Offer c = rig.offer();
    rig.confirm(c);
    rig.await(s -> s.sync().isPresent() && s.sync().get().filesDone() == 2);
    rig.restart();
    Dispatcher.Offer again = rig.offer();
    assertThat(shown(again)).isEqualTo("+b");
    assertThat(again.batch().redelivered()).isTrue();
    b.owner().tell(new Dispatcher.Failed(b.batch().id(), Problem.of("late", "late"),
        Optional.empty()));
    rig.confirm(again);
    assertThat(rig.sync("1", 2)).containsExactly("+c", "+d");
  }

  @Test
  void failureOfTheJournalInTheMiddleStartsOverAtTheMark() {
    rig.source.commit("1", Map.of("a", "1", "b", "1", "c", "1"));
    rig.add();
    Dispatcher.Offer a = rig.offer();
    Dispatcher.Offer b = rig.offer();
    rig.journalFailsNext();
    rig.confirm(a, Optional.empty(), List.of("a"));
    Dispatcher.Command next = awaitAfterBackoff();
    assertThat(next).isInstanceOf(Dispatcher.Withdraw.class);
    assertThat(((Dispatcher.Withdraw) next).batches()).containsExactly(b.batch().id());
    assertThat(shown(rig.offer())).isEqualTo("+a");
  }

  private Dispatcher.Command awaitAfterBackoff() {
    return rig.dispatcher.awaitAssert(ActorRig.PATIENCE, Duration.ofMillis(20), () -> {
      rig.pass(SECOND);
      return rig.dispatcher.receiveMessage(Duration.ofMillis(100));
    });
  }

  @Test
  void commitThatIsGoneAbandonsTheSyncAndListsEverything() {
    rig.source.commit("1", Map.of("a", "1", "b", "1"));
    rig.add();
    rig.offer();
    rig.offer();
    rig.source.drop("1").commit("2", Map.of("c", "2"));
    rig.restart();
    assertThat(rig.sync("2", 1)).containsExactly("+c");
    assertThat(rig.events(RepositoryEvent.SyncAbandoned.class)).hasSize(1);
    assertThat(rig.events(RepositoryEvent.SyncStarted.class).getLast().from()).isEmpty();
  }

  @Test
  void verifyFindsDifferencesAndRepairsThem() {
    rig.source.commit("1", Map.of("a", "A", "b", "B"));
    rig.add();
    rig.sync("1", 2);
    rig.remove("a");
    rig.write("stray", new byte[]{'x'});
    rig.done(replyTo -> new RepositoryCommand.Verify(false, false, replyTo));
    rig.await(_ -> rig.events(RepositoryEvent.Verified.class).size() == 1);
    RepositoryEvent.Verified found = rig.events(RepositoryEvent.Verified.class).getLast();
    assertThat(found.missing()).isEqualTo(1);
    assertThat(found.extra()).isEqualTo(1);
    rig.done(replyTo -> new RepositoryCommand.Verify(false, true, replyTo));
    rig.confirm(rig.offer());
    rig.confirm(rig.offer());
    rig.await(_ -> rig.events(RepositoryEvent.Verified.class).size() == 2);
    RepositoryEvent.Verified mended = rig.events(RepositoryEvent.Verified.class).getLast();
    assertThat(mended.missing() + mended.extra()).isZero();
    assertThat(mended.repaired()).isEqualTo(2);
    assertThat(rig.state().failures()).isEmpty();
    assertThat(rig.status().verify().orElseThrow().state()).isEqualTo("done");
  }

  @Test
  void verifyOfWhatWasNeverSyncedIsRefused() {
    rig.source.nextPull(new Outcome.Busy<>("down"));
    rig.add();
    assertThat(rig.refused(replyTo -> new RepositoryCommand.Verify(false, false, replyTo)))
        .isEqualTo("conflict");
  }

  @Test
  void repairThatIsPausedReportsWhatIsLeft() {
    rig.source.commit("1", Map.of("a", "A"));
    rig.add();
    rig.sync("1", 1);
    rig.remove("a");
    rig.hold();
    rig.done(replyTo -> new RepositoryCommand.Verify(false, true, replyTo));
    rig.awaitHeld();
    rig.done(RepositoryCommand.Pause::new);
    rig.open();
    rig.await(_ -> rig.events(RepositoryEvent.Verified.class).size() == 1);
    assertThat(rig.events(RepositoryEvent.FilesSuspected.class)).isEmpty();
  }

  @Test
  void removedRepositoryLeavesTheIndexAndTheNode() {
    rig.source.commit("1", Map.of("a", "A"));
    rig.add();
    rig.sync("1", 1);
    rig.done(replyTo -> new RepositoryCommand.Remove(true, replyTo));
    rig.await(s -> s.settings().isEmpty());
    assertThat(rig.store.content(ActorRig.COLLECTION)).isEmpty();
    assertThat(rig.source.forgotten()).isTrue();
    assertThat(rig.residence()).containsExactly("left");
    assertThat(rig.removed).containsExactly("app");
  }

  @Test
  void removalInTheMiddleOfASyncWaitsForWhatIsOut() {
    rig.source.commit("1", Map.of("a", "A", "b", "B", "c", "C"));
    rig.add();
    Dispatcher.Offer a = rig.offer();
    Dispatcher.Offer b = rig.offer();
    assertThat(rig.done(replyTo -> new RepositoryCommand.Remove(false, replyTo)).state())
        .isEqualTo("removing");
    rig.confirm(b);
    assertThat(rig.state().settings()).isPresent();
    rig.confirm(a);
    rig.await(s -> s.settings().isEmpty());
    assertThat(rig.store.content(ActorRig.COLLECTION)).isEmpty();
    rig.noOffer();
  }

  @Test
  void removalWaitsForTheLastWriteOfALostWorker() {
    rig.store.shared(true);
    rig.source.commit("1", Map.of("a", "A", "b", "B"));
    rig.add();
    Dispatcher.Offer a = rig.offer();
    Dispatcher.Offer b = rig.offer();
    rig.confirm(a, Optional.of(rig.now().plusSeconds(20)), List.of());
    rig.status();
    rig.done(replyTo -> new RepositoryCommand.Remove(false, replyTo));
    rig.confirm(b);
    rig.await(s -> s.trouble().isPresent());
    rig.pass(Duration.ofSeconds(19));
    assertThat(rig.state().settings()).isPresent();
    rig.pass(SECOND);
    rig.await(s -> s.settings().isEmpty());
  }

  @Test
  void removalThatTheStoreCannotDoIsTriedAgain() {
    rig.source.commit("1", Map.of());
    rig.add();
    rig.awaitSynced("1");
    rig.store.failing(_ -> Optional.of(new elysia.core.store.FakeVectorStore.Fault("down", false)));
    rig.done(replyTo -> new RepositoryCommand.Remove(false, replyTo));
    rig.status();
    rig.store.failing(_ -> Optional.empty());
    assertThat(rig.state().settings()).isPresent();
    rig.pass(SECOND);
    rig.await(s -> s.settings().isEmpty());
  }

  @Test
  void lateWriteIsWrittenAnewByTheNextSync() {
    rig.source.commit("1", Map.of("a", "A"));
    rig.add();
    rig.sync("1", 1);
    rig.tell(new RepositoryCommand.LateWrites(List.of(new FilePath("a"))));
    Dispatcher.Offer again = rig.offer();
    assertThat(shown(again)).isEqualTo("+a");
    assertThat(again.batch().redelivered()).isTrue();
    rig.confirm(again);
    rig.await(s -> s.failures().isEmpty() && s.request().isEmpty());
  }

  @Test
  void lateWriteIsNotClearedByABatchThatWasMadeBefore() {
    rig.source.commit("1", Map.of("a", "A"));
    rig.add();
    Dispatcher.Offer a = rig.offer();
    rig.tell(new RepositoryCommand.LateWrites(List.of(new FilePath("a"))));
    rig.confirm(a);
    Dispatcher.Offer again = rig.offer();
    assertThat(shown(again)).isEqualTo("+a");
    rig.confirm(again);
    rig.await(s -> s.failures().isEmpty() && s.request().isEmpty());
  }

  @Test
  void syncAfterALostWorkersLastWriteWaitsForIt() {
    rig.store.shared(true);
    rig.source.commit("1", Map.of("a", "1"));
    rig.add();
    rig.confirm(rig.offer(), Optional.of(rig.now().plusSeconds(20)), List.of());
    rig.awaitSynced("1");
    rig.source.commit("2", Map.of("a", "2"));
    assertThat(request(false).detail()).contains("20 s", "lost worker");
    assertThat(rig.source.pulled()).isEqualTo(1);
    rig.restart();
    rig.pass(Duration.ofSeconds(19));
    rig.noOffer();
    rig.pass(SECOND);
    rig.sync("2", 1);
  }

  @Test
  void syncTakenUpAfterACrashFencesTheNextOneWithASharedStore() {
    rig.store.shared(true);
    rig.source.commit("1", Map.of("a", "1"));
    rig.add();
    rig.offer();
    rig.restart();
    rig.confirm(rig.offer());
    rig.awaitSynced("1");
    assertThat(rig.state().lastWrite()).contains(rig.now().plusSeconds(25));
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
    rig.await(s -> s.lastChecked().equals(Optional.of(rig.now())));
    assertThat(rig.source.pulled()).isEqualTo(2);
  }

  @Test
  void scheduleOfOnceAYearIsNotTooLongForTheScheduler() {
    rig.schedule("0 0 31 12 *");
    rig.source.commit("1", Map.of());
    rig.add();
    rig.awaitSynced("1");
    rig.pass(Duration.ofDays(2));
    assertThat(rig.status().state()).isEqualTo("idle");
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

  @Test
  void missingCollectionMakesTheSyncStartAnew() {
    rig.source.commit("1", Map.of("a", "1", "b", "1"));
    rig.add();
    rig.confirm(rig.offer());
    rig.store.drop(ActorRig.COLLECTION).orElseThrow();
    rig.restart();
    rig.await(_ -> rig.events(RepositoryEvent.SyncAbandoned.class).size() == 1);
  }
}
