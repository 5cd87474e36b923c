package elysia.coordinator.repository;

import static org.assertj.core.api.Assertions.assertThat;

import elysia.core.outcome.Outcome;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class OutageTest {
  private static final String WHY = "the journal does not answer";

  private final CompletableFuture<String> known = new CompletableFuture<>();
  private final Outage outage = () -> known;
  private final CompletableFuture<Outcome<String>> answer = new CompletableFuture<>();

  private CompletionStage<Outcome<String>> asked() {
    return outage.unlessItBegins(answer, why -> new Outcome.Busy<>("lost", why));
  }

  @Test
  void commandIsRefusedAtOnceAndNotSentWhileTheJournalIsDown() {
    known.complete(WHY);
    AtomicInteger sent = new AtomicInteger();
    CompletionStage<Outcome<String>> refused = outage.command(() -> {
      sent.incrementAndGet();
      return answer;
    });
    assertThat(refused)
        .isCompletedWithValue(new Outcome.Busy<>("journal_unavailable", WHY, Outage.AGAIN));
    assertThat(sent).hasValue(0);
  }

  @Test
  void commandIsSentWhileNothingIsKnown() {
    CompletionStage<Outcome<String>> sent = outage.command(() -> answer);
    answer.complete(Outcome.ok("done"));
    assertThat(sent).isCompletedWithValue(Outcome.ok("done"));
  }

  @Test
  void repeatableCommandIsGivenUpWhenTheJournalGoesDownBeforeItsAnswer() {
    CompletionStage<Outcome<String>> asked = outage.repeatable(() -> answer);
    assertThat(asked).isNotCompleted();
    known.complete(WHY);
    assertThat(asked)
        .isCompletedWithValue(new Outcome.Busy<>("journal_unavailable", WHY, Outage.AGAIN));
    assertThat(outage.repeatable(() -> CompletableFuture.completedFuture(Outcome.ok("done"))))
        .isCompletedWithValue(new Outcome.Busy<>("journal_unavailable", WHY, Outage.AGAIN));
  }

  @Test
  void repeatableCommandThatLearnsItselfOfTheOutageIsGivenUp() {
    assertThat(outage.repeatable(() -> {
      known.complete(WHY);
      return answer;
    })).isCompletedWithValue(new Outcome.Busy<>("journal_unavailable", WHY, Outage.AGAIN));
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
      CompletionStage<Outcome<String>> asked = outage.unlessItBegins(one,
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
