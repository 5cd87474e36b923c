package elysia.coordinator.journal;

import elysia.core.outcome.Outcome;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;

/// The availability of the journal as a node knows it; without it no command can be taken. A
/// command that waits for an answer that cannot come would wait for its whole time.
public interface JournalAvailability {
  /// What a caller is told to wait: the journal is looked at more often than that.
  Duration RETRY_AFTER = Duration.ofSeconds(1);

  /// Done, with the reason, as long as the journal is known to be down; else it becomes done when
  /// that is known. Thread-safe.
  CompletableFuture<String> known();

  /// Why the journal is known to be down.
  default Optional<String> reason() {
    CompletableFuture<String> outage = known();
    return outage.isDone() ? Optional.of(outage.join()) : Optional.empty();
  }

  /// A command: refused at once while the journal is down.
  default <T> CompletionStage<Outcome<T>> command(
      Supplier<CompletionStage<Outcome<T>>> command) {
    return reason().<CompletionStage<Outcome<T>>>map(
        why -> CompletableFuture
            .completedFuture(new Outcome.Busy<>("journal_unavailable", why, RETRY_AFTER)))
        .orElseGet(command);
  }

  /// A command that does no harm when it is given again: refused, too, when the journal goes down
  /// before it is answered.
  default <T> CompletionStage<Outcome<T>> repeatable(
      Supplier<CompletionStage<Outcome<T>>> command) {
    return command(command, why -> new Outcome.Busy<>("journal_unavailable", why, RETRY_AFTER));
  }

  /// A command: refused at once while the journal is down, and given up when that becomes known
  /// before it is answered.
  ///
  /// @param lost what is said then, given why
  default <T> CompletionStage<Outcome<T>> command(Supplier<CompletionStage<Outcome<T>>> command,
      Function<String, Outcome<T>> lost) {
    CompletableFuture<String> outage = known(); // before the command, which may be who learns of it
    return outage.isDone()
        ? CompletableFuture
            .completedFuture(new Outcome.Busy<>("journal_unavailable", outage.join(), RETRY_AFTER))
        : first(command.get(), outage, lost);
  }

  /// The answer, or what is said when the journal goes down before it is there. What is asked while
  /// the journal is known to be down is waited for: it may need no journal.
  ///
  /// @param lost given why
  default <T> CompletionStage<Outcome<T>> unlessUnavailable(CompletionStage<Outcome<T>> answer,
      Function<String, Outcome<T>> lost) {
    CompletableFuture<String> outage = known();
    return outage.isDone() ? answer : first(answer, outage, lost);
  }

  private static <T> CompletionStage<Outcome<T>> first(CompletionStage<Outcome<T>> answer,
      CompletableFuture<String> outage, Function<String, Outcome<T>> lost) {
    CompletableFuture<Outcome<T>> coming = answer.toCompletableFuture();
    // anyOf leaves nothing behind at a future that may never be done
    return CompletableFuture.anyOf(coming, outage)
        .thenCompose(_ -> coming.isDone()
            ? coming
            : CompletableFuture.completedFuture(lost.apply(outage.join())));
  }
}
