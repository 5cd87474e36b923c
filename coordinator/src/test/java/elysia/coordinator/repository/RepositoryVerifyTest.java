package elysia.coordinator.repository;

import static org.assertj.core.api.Assertions.assertThat;

import elysia.coordinator.verify.Verification;
import elysia.core.outcome.Outcome;
import elysia.core.repository.LogEntry;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RepositoryVerifyTest {
  private final ActorRig rig = new ActorRig();

  @AfterEach
  void end() {
    rig.close();
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
  void bothEventsOfARepairOfMoreThanIsRememberedReachTheHistory() {
    Map<String, String> files = new HashMap<>();
    for (int i = 0; i <= Verification.MAX_FILES; i++)
      files.put("f" + i, "1");
    rig.source.commit("1", files);
    rig.add();
    rig.sync("1", files.size());
    files.keySet().forEach(rig::remove);
    verify(true);
    rig.offer(); // the sync that the repair asked for
    assertThat(rig.lines()).extracting(LogEntry::type).containsSubsequence("verify_requested",
        "files_suspected", "sync_requested");
    List<Long> numbers = rig.lines().stream().map(LogEntry::seq).toList();
    assertThat(numbers).isSorted().doesNotHaveDuplicates();
  }

  @Test
  void verifyOfWhatWasNeverSyncedIsRefused() {
    rig.source.nextPull(new Outcome.Busy<>("source_unavailable", "down"));
    rig.add();
    assertThat(rig.refused(replyTo -> new RepositoryCommand.Verify(false, false, replyTo)))
        .isEqualTo("conflict");
  }

  @Test
  void verifyDoesNotWaitForASyncThatCannotPull() {
    rig.source.commit("1", Map.of("a", "A"));
    rig.add();
    rig.sync("1", 1);
    rig.source.nextPull(new Outcome.Busy<>("source_unavailable", "moved away"));
    rig.done(replyTo -> new RepositoryCommand.Sync(false, replyTo));
    rig.await(s -> s.lastError().isPresent());
    verify(false);
    rig.await(s -> s.wanted().verify().isEmpty());
    assertThat(rig.status().verify().orElseThrow().state()).isEqualTo("done");
    assertThat(rig.state().request()).isPresent();
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

  private void verify(boolean repair) {
    rig.done(replyTo -> new RepositoryCommand.Verify(false, repair, replyTo));
  }

  @Test
  void repairThatWasAcknowledgedStartsAgainAfterARestart() {
    rig.source.commit("1", Map.of("a", "A"));
    rig.add();
    rig.sync("1", 1);
    rig.remove("a");
    rig.hold();
    verify(true);
    rig.awaitHeld();
    rig.restart();
    assertThat(rig.status().verify().orElseThrow().state()).isEqualTo("running");
    rig.open();
    rig.confirm(rig.offer());
    rig.await(s -> s.wanted().verify().isEmpty());
    assertThat(rig.events(RepositoryEvent.Verified.class)).singleElement()
        .matches(mended -> mended.repair() && mended.missing() == 0 && mended.repaired() == 1);
    assertThat(rig.status().verify().orElseThrow().state()).isEqualTo("done");
  }

  @Test
  void repairInterruptedBetweenItsRoundsLooksAgainAfterARestart() {
    rig.source.commit("1", Map.of("a", "A"));
    rig.add();
    rig.sync("1", 1);
    rig.remove("a");
    verify(true);
    rig.offer();
    rig.restart();
    rig.confirm(rig.offer());
    rig.await(s -> s.wanted().verify().isEmpty());
    assertThat(rig.events(RepositoryEvent.Verified.class)).singleElement()
        .matches(mended -> mended.missing() == 0);
  }

  @Test
  void verifyAskedForDuringAnotherFollowsIt() {
    rig.source.commit("1", Map.of("a", "A"));
    rig.add();
    rig.sync("1", 1);
    rig.remove("a");
    rig.hold();
    verify(false);
    rig.awaitHeld();
    rig.pass(Duration.ofSeconds(1));
    verify(true);
    rig.open();
    rig.confirm(rig.offer());
    rig.await(s -> s.wanted().verify().isEmpty());
    assertThat(rig.events(RepositoryEvent.Verified.class)).extracting(
        RepositoryEvent.Verified::repair).containsExactly(false, true);
    assertThat(rig.status().verify().orElseThrow().total()).isZero();
  }
}
