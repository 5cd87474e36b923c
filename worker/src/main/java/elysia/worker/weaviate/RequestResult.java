package elysia.worker.weaviate;

import elysia.core.outcome.Outcome;
import java.time.Duration;
import java.util.Optional;

/// The outcome of one request.
sealed interface RequestResult<T> {
  record Final<T>(Outcome<T> outcome) implements RequestResult<T> {}

  /// @param asked the wait that the server asked for
  /// @param maybeSent whether the server may have done what was asked
  record Retryable<T>(String reason, Optional<Duration> asked,
      boolean maybeSent) implements RequestResult<T> {}
}
