package elysia.worker.weaviate;

import elysia.core.outcome.Outcome;
import elysia.core.outcome.Problem;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;

/// The most objects that the server gives in one answer: 10,000, and fewer where it is set to fewer
/// (`QUERY_MAXIMUM_RESULTS`), which only its refusals tell. Thread-safe.
final class AnswerLimit {
  /// Code of the problem with a query for more objects than the server gives.
  static final String EXCEEDED = "store_answer_limit";
  private static final String WORDS = "maximum results exceeded";
  private static final int DEFAULT = 10_000;

  private final AtomicInteger most = new AtomicInteger(DEFAULT);

  /// As far as it is known.
  int most() {
    return most.get();
  }

  /// Asks for a number of objects, and for ever fewer as long as the server refuses the number.
  ///
  /// @param wanted the most objects of the answer
  /// @param ask asks for so many; `Refused` with [#EXCEEDED] when they are too many
  <T> Outcome<T> within(int wanted, IntFunction<Outcome<T>> ask) {
    while (true) {
      int asked = Math.min(wanted, most.get());
      Outcome<T> outcome = ask.apply(asked);
      if (!(outcome instanceof Outcome.Refused<T>(var problem)) || !problem.code().equals(EXCEEDED))
        return outcome;
      if (asked <= 1)
        return new Outcome.Refused<>(
            Problem.of("store_refused", problem.message(), problem.hint()));
      most.accumulateAndGet(asked / 2, Math::min);
    }
  }

  /// What follows from a message about a query that will never be answered as it is.
  static <T> Outcome<T> refused(String message) {
    return Outcome.refused(message.contains(WORDS) ? EXCEEDED : "store_refused",
        "Weaviate refuses a query: " + message);
  }
}
