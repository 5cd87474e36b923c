package elysia.coordinator.repository;

import static org.assertj.core.api.Assertions.assertThat;

import elysia.coordinator.dispatch.Dispatcher;
import elysia.core.outcome.Outcome;
import elysia.core.outcome.Problem;
import elysia.testkit.store.FakeVectorStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Every change of activity happens, and the page that shows them is what the table says: write it
/// with `-Delysia.write-docs=true`.
class TransitionTest {
  private static final Path PAGE = Path.of("../docs/repository-states.md");

  private final ActorRig rig = new ActorRig(2, 1);

  @AfterEach
  void end() {
    rig.close();
  }

  @ParameterizedTest
  @EnumSource
  void everyTransitionIsTaken(Transition transition) {
    switch (transition) { // no default: a new transition does not compile until it is tested
      case START, PULL, PULLED, PREPARE, SYNC, COMPLETED -> synced();
      case IN_STEP -> {
        synced();
        request(false);
      }
      case PULL_FAILED -> {
        rig.source.nextPull(new Outcome.Busy<>("source_unavailable", "down"));
        rig.add();
      }
      case FORGET -> {
        pulled();
        rig.done(RepositoryCommand.Pause::new);
      }
      case RESUME -> {
        interrupted();
        rig.restart();
      }
      case PREPARATION_FAILED -> {
        synced();
        rig.source.head(null);
        request(true);
      }
      case ABANDONED -> {
        interrupted();
        rig.source.drop("1").commit("2", Map.of("c", "2"));
        rig.restart();
      }
      case DROPPED -> {
        pulled();
        rig.hold();
        rig.giveSlotBack();
        rig.awaitHeld();
        remove();
        rig.open();
      }
      case SYNC_FAILED -> {
        Dispatcher.Offer offer = interrupted();
        offer.owner().tell(new Dispatcher.Failed(offer.batch().id(), Problem.of("x", "refused"),
            Optional.empty()));
        rig.confirm(rig.offer());
      }
      case SUSPENDED -> {
        Dispatcher.Offer offer = interrupted();
        rig.done(RepositoryCommand.Pause::new);
        rig.confirm(offer);
        rig.confirm(rig.offer());
      }
      case VERIFY, VERIFIED -> {
        synced();
        verify(false);
      }
      case VERIFY_PAUSED -> {
        synced();
        rig.takeSlot();
        rig.source.commit("2", Map.of("a", "2"));
        request(false);
        rig.awaitMove(Transition.PULLED);
        verify(false);
        rig.done(RepositoryCommand.Pause::new);
        rig.giveSlotBack();
      }
      case REPAIR -> {
        synced();
        rig.remove("a");
        verify(true);
      }
      case REMOVE, REMOVED -> {
        synced();
        remove();
      }
      case REMOVE_PULLED -> {
        pulled();
        remove();
      }
      case REMOVAL_FAILED -> {
        synced();
        rig.store.failing(_ -> Optional.of(new FakeVectorStore.Fault("down", false)));
        remove();
      }
    }
    rig.awaitMove(transition);
    rig.store.failing(_ -> Optional.empty());
  }

  private void synced() {
    rig.source.commit("1", Map.of("a", "1"));
    rig.add();
    rig.sync("1", 1);
  }

  /// Two batches of four are out.
  private Dispatcher.Offer interrupted() {
    rig.source.commit("1", Map.of("a", "1", "b", "1", "c", "1", "d", "1"));
    rig.add();
    return rig.offer();
  }

  /// What was pulled waits for a slot.
  private void pulled() {
    rig.source.commit("1", Map.of("a", "1"));
    rig.takeSlot();
    rig.add();
    rig.awaitMove(Transition.PULLED);
  }

  private void request(boolean full) {
    rig.done(replyTo -> new RepositoryCommand.Sync(full, replyTo));
  }

  private void verify(boolean repair) {
    rig.done(replyTo -> new RepositoryCommand.Verify(false, repair, replyTo));
  }

  private void remove() {
    rig.done(replyTo -> new RepositoryCommand.Remove(false, replyTo));
  }

  @Test
  void pageShowsTheTable() throws IOException {
    if (Boolean.getBoolean("elysia.write-docs"))
      Files.writeString(PAGE, page());
    assertThat(Files.readString(PAGE)).as("write it again with -Delysia.write-docs=true")
        .isEqualTo(page());
  }

  private static String page() {
    return """
        # The states of a repository

        One actor keeps one repository. It does one thing at a time: it is in one of these states, and only these arrows lead from one to
        another. What starts is decided by a pure function (`Decision.next`), what an end means by another (`Ending`); both read the durable
        state, which is a fold of the repository's events. A restart begins in Idle, and resumes from the durable state.

        ```mermaid
        stateDiagram-v2
        %s
        ```

        In Pulled the repository waits for a free slot of its node. While it is Syncing its batches are out with the workers: those that
        come back are retried there, those that fail end the sync, which is resumed after a wait.

        This page is written by a test from the table of transitions: `mvn test -pl coordinator -am -Dtest=TransitionTest
        -Dsurefire.failIfNoSpecifiedTests=false -Delysia.write-docs=true`.
        """
        .formatted(Arrays.stream(Transition.values())
            .map(t -> "    " + (t.from() == Activity.class ? "[*]" : t.from().getSimpleName())
                + " --> " + t.to().getSimpleName() + ": " + t.when())
            .collect(Collectors.joining("\n")));
  }
}
