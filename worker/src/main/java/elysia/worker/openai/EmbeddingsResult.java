package elysia.worker.openai;

import elysia.core.embed.Embedder.Embedded;
import elysia.core.outcome.Problem;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// The outcome of one request.
sealed interface EmbeddingsResult {
  /// One result for each text, in order.
  record Done(List<Embedded> results) implements EmbeddingsResult {}

  /// The service takes no request for a time; empty when it did not say how long.
  record Throttled(Optional<Duration> retryAfter, String reason) implements EmbeddingsResult {}

  /// A fault that may pass.
  ///
  /// @param byContent whether the content of the request may be the cause
  record Failed(String reason, boolean byContent) implements EmbeddingsResult {}

  /// The service does not take this content: one text of it, or as much of it.
  record Unwanted(String reason) implements EmbeddingsResult {}

  /// Every request will be refused until somebody changes something.
  record Refused(Problem problem) implements EmbeddingsResult {}
}
