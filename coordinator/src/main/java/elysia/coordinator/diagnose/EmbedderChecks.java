package elysia.coordinator.diagnose;

import static elysia.core.diagnose.Check.Area.EMBEDDER;

import elysia.core.diagnose.Check;
import elysia.core.embed.Embedder;
import elysia.core.embed.Embedder.Embedded;
import elysia.core.embed.EmbeddingModel;
import elysia.core.outcome.Outcome;
import elysia.core.repository.RepositorySettings;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// A check that this node can make the vectors that the collection needs, tried with one word.
final class EmbedderChecks {
  private static final String WAITS = "New and changed files wait; what is indexed stays, and keyword search works.";

  private final Embedder embedder;

  EmbedderChecks(Embedder embedder) {
    this.embedder = embedder;
  }

  List<Check> look(Optional<RepositorySettings> repository) {
    Optional<EmbeddingModel> wanted = repository.map(RepositorySettings::model);
    if (wanted.isPresent() && wanted.get().inStore())
      return List.of(Check.ok(EMBEDDER, "embedder",
          "The store makes the vectors itself, by its module " + wanted.get() + "."));
    EmbeddingModel model = embedder.model();
    if (model.inStore())
      return List.of(wanted.isPresent()
          ? other(wanted.get(), model)
          : Check.ok(EMBEDDER, "embedder", "The store makes the vectors itself."));
    return List.of(switch (embedder.embed(List.of("probe"))) {
      case Outcome.Ok<List<Embedded>>(var results) -> answered(results, wanted);
      case Outcome.Busy<List<Embedded>>(_, var reason, var wait) when wait.isPresent() ->
        Check.warning(EMBEDDER, "embedder", model + " is waiting " + seconds(wait.get()) + ": "
            + reason + ".", WAITS, "Nothing: it goes on by itself.");
      case Outcome.Busy<List<Embedded>>(_, var reason, _) -> Check.failed(EMBEDDER, "embedder",
          model + " does not answer: " + reason + ".", WAITS,
          "See the service, ELYSIACTL_EMBEDDINGS_URL and the network; it goes on by itself.",
          "elysiactl server status");
      case Outcome.Refused<List<Embedded>>(var problem) -> Check.failed(EMBEDDER, "embedder",
          problem.message() + ".", WAITS,
          problem.hint().isEmpty()
              ? "See ELYSIACTL_EMBEDDINGS_URL, ELYSIACTL_EMBEDDINGS_KEY and the model's name."
              : problem.hint() + ".",
          "elysiactl server start --print-config");
    });
  }

  private Check answered(List<Embedded> results, Optional<EmbeddingModel> wanted) {
    EmbeddingModel model = embedder.model();
    if (results.size() != 1 || !(results.getFirst() instanceof Embedded.Vector(var vector)))
      return Check.warning(EMBEDDER, "embedder", model + " answers, and did not embed a word.",
          "Files may fail.", "See the log of the service.");
    if (wanted.isPresent() && !wanted.get().sameVectors(model))
      return other(wanted.get(), model);
    if (model.dimension() > 0 && vector.dimension() != model.dimension())
      return Check.failed(EMBEDDER, "embedder", model + " gave a vector of "
          + vector.dimension() + " dimensions, not " + model.dimension() + ".", WAITS,
          "The service serves another model under this name: correct its name, or index into another collection.",
          "elysiactl server start --print-config");
    return Check.ok(EMBEDDER, "embedder", model + " answers.");
  }

  private static Check other(EmbeddingModel wanted, EmbeddingModel model) {
    return Check.failed(EMBEDDER, "embedder", "This node embeds with " + model
        + ", and the collection needs " + wanted + ".", WAITS,
        "Start the node with the collection's embedder, or index into another collection.",
        "elysiactl server start --print-config");
  }

  private static String seconds(Duration time) {
    return Math.max(1, time.toSeconds()) + " s";
  }
}
