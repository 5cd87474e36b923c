package elysia.core.embed;

import elysia.core.outcome.Outcome;
import java.util.List;

/// Turns texts into vectors.
///
/// Thread-safe. Blocks the calling thread, which must not be one of an actor dispatcher. Pure: the
/// same text gives the same vector (to rounding), so a call may be repeated. Never throws for a
/// fault of a service.
public interface Embedder extends AutoCloseable {
  /// What became of one text.
  sealed interface Embedded {
    record Vector(Embedding embedding) implements Embedded {}

    /// This text alone cannot be embedded (a service refuses it); the others are not affected.
    record Rejected(String reason) implements Embedded {}
  }

  /// Costs nothing. Its dimension may be 0 before [#ready()] was `Ok` once, where only a service
  /// knows it.
  EmbeddingModel model();

  /// The model with its dimension, asked of a service once where only that knows it: to be called
  /// before a collection is made. `Busy` and `Refused` as for [#embed(List)].
  default Outcome<EmbeddingModel> ready() {
    return Outcome.ok(model());
  }

  TokenCounter tokens();

  /// How many texts to give at once: enough to keep the service or all sessions busy, few enough
  /// that little is lost when a call fails as a whole.
  int batchSize();

  /// Embeds texts that each fit [EmbeddingModel#maxTokens()].
  ///
  /// @return one result per text, in order; `Busy` when the service is down or limits the rate
  ///         (nothing was embedded); `Refused` for a wrong key, model or dimension
  Outcome<List<Embedded>> embed(List<String> texts);

  /// Gets results before the call ends.
  @FunctionalInterface
  interface Sink {
    /// @param index position of the text in the list given
    void done(int index, Embedded result);
  }

  /// As [#embed(List)], and tells the sink each text's result as soon as it is known: also when the
  /// call as a whole ends `Busy` or `Refused`, so that what was paid for is not computed again.
  ///
  /// @param sink called at most once for each text, in any order, one call at a time, before this
  ///          method returns
  default Outcome<List<Embedded>> embed(List<String> texts, Sink sink) {
    Outcome<List<Embedded>> outcome = embed(texts);
    if (outcome instanceof Outcome.Ok<List<Embedded>>(var results))
      for (int i = 0; i < results.size(); i++)
        sink.done(i, results.get(i));
    return outcome;
  }

  @Override
  default void close() {}
}
