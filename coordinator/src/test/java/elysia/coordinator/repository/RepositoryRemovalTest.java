package elysia.coordinator.repository;

import static org.assertj.core.api.Assertions.assertThat;

import elysia.coordinator.dispatch.Dispatcher;
import elysia.core.repository.RepositoryStatus.State;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RepositoryRemovalTest {
  private static final Duration SECOND = Duration.ofSeconds(2);

  private final ActorRig rig = new ActorRig();

  @AfterEach
  void end() {
    rig.close();
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
    assertThat(rig.lifecycle()).containsExactly("left");
    assertThat(rig.removed).containsExactly("app");
  }

  @Test
  void removalInTheMiddleOfASyncWaitsForWhatIsOut() {
    rig.source.commit("1", Map.of("a", "A", "b", "B", "c", "C"));
    rig.add();
    Dispatcher.Offer a = rig.offer();
    Dispatcher.Offer b = rig.offer();
    assertThat(rig.done(replyTo -> new RepositoryCommand.Remove(false, replyTo)).state())
        .isEqualTo(State.REMOVING);
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
    rig.await(s -> s.lastError().isPresent());
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
    rig.store
        .failing(_ -> Optional.of(new elysia.testkit.store.FakeVectorStore.Fault("down", false)));
    rig.done(replyTo -> new RepositoryCommand.Remove(false, replyTo));
    rig.status();
    rig.store.failing(_ -> Optional.empty());
    assertThat(rig.state().settings()).isPresent();
    rig.pass(SECOND);
    rig.await(s -> s.settings().isEmpty());
  }
}
