package elysia.coordinator.journal;

import static org.assertj.core.api.Assertions.assertThat;

import elysia.core.outcome.Outcome;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class JournalAvailabilityTest {
  private static final String WHY = "the journal does not answer";

  private final CompletableFuture<String> known = new CompletableFuture<>();
  private final JournalAvailability journal = () -> known;
  private final CompletableFuture<Outcome<String>> answer = new CompletableFuture<>();

  private CompletionStage<Outcome<String>> asked() {
    return journal.unlessUnavailable(answer, why -> new Outcome.Busy<>("lost", why));
  }

  @Test
  void commandIsRefusedAtOnceAndNotSentWhileTheJournalIsDown() {
    known.complete(WHY);
    AtomicInteger sent = new AtomicInteger();
    CompletionStage<Outcome<String>> refused = journal.command(() -> {
      sent.incrementAndGet();
      return answer;
    });
    assertThat(refused)
        .isCompletedWithValue(
            new Outcome.Busy<>("journal_unavailable", WHY, JournalAvailability.RETRY_AFTER));
    assertThat(sent).hasValue(0);
  }

  @Test
  void commandIsSentWhileNothingIsKnown() {
    CompletionStage<Outcome<String>> sent = journal.command(() -> answer);
    answer.complete(Outcome.ok("done"));
    assertThat(sent).isCompletedWithValue(Outcome.ok("done"));
  }

  @Test
  void repeatableCommandIsGivenUpWhenTheJournalGoesDownBeforeItsAnswer() {
    CompletionStage<Outcome<String>> asked = journal.repeatable(() -> answer);
    assertThat(asked).isNotCompleted();
    known.complete(WHY);
    assertThat(asked)
        .isCompletedWithValue(
            new Outcome.Busy<>("journal_unavailable", WHY, JournalAvailability.RETRY_AFTER));
    assertThat(journal.repeatable(() -> CompletableFuture.completedFuture(Outcome.ok("done"))))
        .isCompletedWithValue(
            new Outcome.Busy<>("journal_unavailable", WHY, JournalAvailability.RETRY_AFTER));
  }

  @Test
  void repeatableCommandThatLearnsItselfOfTheOutageIsGivenUp() {
    assertThat(journal.repeatable(() -> {
      known.complete(WHY);
      return answer;
    })).isCompletedWithValue(
        new Outcome.Busy<>("journal_unavailable", WHY, JournalAvailability.RETRY_AFTER));
  }

  @Test
  void answerThatIsWaitedForIsGivenUpWhenTheJournalGoesDown() {
    CompletionStage<Outcome<String>> asked = asked();
    assertThat(asked).isNotCompleted();
    known.complete(WHY);
    assertThat(asked).isCompletedWithValue(new Outcome.Busy<>("lost", WHY));
  }

  @Test
  void answerThatCameIsTakenAndLeavesNothingBehind() {
    for (int i = 0; i < 100; i++) {
      CompletableFuture<Outcome<String>> one = new CompletableFuture<>();
      CompletionStage<Outcome<String>> asked = journal.unlessUnavailable(one,
          why -> new Outcome.Busy<>("lost", why));
      one.complete(Outcome.ok("done"));
      assertThat(asked).isCompletedWithValue(Outcome.ok("done"));
    }
    assertThat(known.getNumberOfDependents()).isZero();
  }

  @Test
  void repositoryInMemoryStillAnswersWhileTheJournalIsDown() {
    known.complete(WHY);
    CompletionStage<Outcome<String>> asked = asked();
    assertThat(asked).isNotCompleted();
    answer.complete(Outcome.ok("done"));
    assertThat(asked).isCompletedWithValue(Outcome.ok("done"));
  }
}
