package elysia.worker.weaviate;

import elysia.core.outcome.Outcome;
import java.time.Duration;
import java.util.Optional;

/// What became of one request.
sealed interface Attempt<T> {
  record Final<T>(Outcome<T> outcome) implements Attempt<T> {}

  /// @param asked
  ///          the wait that the server asked for
  /// @param maybeExecuted
  ///          whether the server may have done what was asked
  record Again<T>(String reason, Optional<Duration> asked,
      boolean maybeExecuted) implements Attempt<T> {}
}
