package elysia.coordinator.repository;

import static elysia.coordinator.repository.ActorRig.shown;
import static org.assertj.core.api.Assertions.assertThat;

import elysia.coordinator.dispatch.Dispatcher;
import elysia.core.identity.FilePath;
import elysia.core.outcome.Problem;
import elysia.core.repository.RepositoryStatus;
import elysia.core.repository.RepositoryStatus.State;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RepositoryRecoveryTest {
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
    rig.restart(); // elsewhere, where the clock may be another
    rig.pass(Duration.ofSeconds(24));
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
    assertThat(rig.state().indexed().writesPossibleUntil()).contains(rig.now().plusSeconds(25));
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

  @Test
  void syncAfterAWriteOfUnknownOutcomeWaitsForIt() {
    rig.store.shared(true);
    rig.source.commit("1", Map.of("a", "1"));
    rig.add();
    Dispatcher.Offer first = rig.offer();
    first.owner().tell(new Dispatcher.Deferred(first.batch().id(), "no answer", Optional.empty(),
        true, Optional.of(rig.now().plusSeconds(25))));
    rig.awaitState(State.WAITING);
    rig.pass(SECOND);
    rig.confirm(rig.offer());
    rig.awaitSynced("1");
    rig.source.commit("2", Map.of("a", "2"));
    assertThat(request(false).detail()).contains("23 s");
    rig.pass(Duration.ofSeconds(22));
    rig.noOffer();
    rig.pass(SECOND);
    rig.sync("2", 1);
  }
}
