package elysia.coordinator.repository;

import elysia.coordinator.schedule.Schedule;
import elysia.core.embed.EmbeddingModel;
import elysia.core.identity.CollectionName;
import elysia.core.identity.RepositoryName;
import elysia.core.outcome.Outcome;
import elysia.core.outcome.Problem;
import elysia.core.repository.AddRepository;
import elysia.core.repository.IndexingRules;
import elysia.core.repository.RepositorySettings;
import elysia.core.repository.UpdateRepository;
import elysia.core.source.Location;
import elysia.core.source.SourceSpec;
import java.util.Optional;

/// Requests of users, checked and completed with defaults. Pure.
final class Requests {
  private Requests() {}

  /// @param model that this node embeds with
  static Outcome<RepositorySettings> settings(AddRepository request, EmbeddingModel model) {
    return Location.parse(request.location()).flatMap(location -> {
      try {
        return Outcome.ok(settings(request, location, model));
      } catch (IllegalArgumentException e) {
        return invalid(e);
      }
    });
  }

  private static RepositorySettings settings(AddRepository request, Location location,
      EmbeddingModel model) {
    RepositoryName name = request.name().map(RepositoryName::new)
        .orElseGet(() -> location.defaultName()
            .orElseThrow(() -> new IllegalArgumentException(
                "name: none can be derived from the location (expected: --name)")));
    if (!name.managed())
      throw new IllegalArgumentException(
          "name: \"" + name + "\" (expected: " + RepositoryName.MANAGED + ")");
    CollectionName collection = request.collection().map(CollectionName::new)
        .orElseGet(() -> CollectionName.defaultFor(name));
    request.branch().ifPresent(Requests::branch);
    request.schedule().ifPresent(Schedule::parse);
    IndexingRules rules = new IndexingRules(request.includePattern(), request.excludePattern(),
        request.maxFileSize().orElse(IndexingRules.DEFAULT_MAX_FILE_SIZE));
    SourceSpec source = new SourceSpec(name, location.text(), request.branch(), request.provider());
    return new RepositorySettings(source, collection, rules, request.schedule(),
        model(request, model));
  }

  private static EmbeddingModel model(AddRepository request, EmbeddingModel model) {
    String vectorizer = request.vectorizer().orElse(model.vectorizer());
    EmbeddingModel asked = new EmbeddingModel(vectorizer,
        request.model().orElse(vectorizer.equals(model.vectorizer()) ? model.name() : ""), 0,
        model.maxTokens());
    if (asked.inStore())
      return asked;
    if (!vectorizer.equals(model.vectorizer()) || !asked.name().equals(model.name()))
      throw new IllegalArgumentException("vectorizer, model: " + vectorizer + ", " + asked.name()
          + " (expected: " + model.vectorizer() + ", " + model.name()
          + ", which this node embeds with, or a Weaviate module such as text2vec-openai)");
    return model;
  }

  private static void branch(String branch) {
    if (branch.isBlank() || branch.startsWith("-") || branch.length() > 250
        || branch.chars().anyMatch(c -> c <= ' ' || c == 0x7f) || branch.contains(".."))
      throw new IllegalArgumentException(
          "branch: malformed (expected: a branch name such as main)");
  }

  static Outcome<RepositorySettings> changed(RepositorySettings now, UpdateRepository request) {
    try {
      Optional<String> schedule = request.schedule().isEmpty()
          ? now.schedule()
          : request.schedule().filter(s -> !s.equals("none"));
      schedule.ifPresent(Schedule::parse);
      Optional<String> branch = request.branch().isEmpty()
          ? now.source().branch()
          : request.branch().filter(b -> !b.isEmpty());
      branch.ifPresent(Requests::branch);
      IndexingRules rules = new IndexingRules(
          request.includePattern().orElse(now.rules().include()),
          request.excludePattern().orElse(now.rules().exclude()),
          request.maxFileSize().orElse(now.rules().maxFileSize()));
      SourceSpec source = new SourceSpec(now.source().name(), now.source().location(), branch,
          now.source().provider());
      return Outcome
          .ok(new RepositorySettings(source, now.collection(), rules, schedule, now.model()));
    } catch (IllegalArgumentException e) {
      return invalid(e);
    }
  }

  private static <T> Outcome<T> invalid(IllegalArgumentException e) {
    return new Outcome.Refused<>(Problem.of("invalid", String.valueOf(e.getMessage())));
  }
}
