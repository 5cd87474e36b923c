package elysia.coordinator.repository;

import elysia.coordinator.collection.CollectionUsers;
import elysia.coordinator.journal.JournalAvailability;
import elysia.coordinator.repository.RepositoryCommand.Answer;
import elysia.coordinator.repository.RepositoryCommand.Refusal;
import elysia.coordinator.repository.RepositoryCommand.Reply;
import elysia.coordinator.view.ViewStore;
import elysia.core.embed.EmbeddingModel;
import elysia.core.identity.FilePath;
import elysia.core.identity.RepositoryName;
import elysia.core.outcome.Outcome;
import elysia.core.outcome.Problem;
import elysia.core.repository.AddRepository;
import elysia.core.repository.Added;
import elysia.core.repository.Estimate;
import elysia.core.repository.FileFailure;
import elysia.core.repository.LogEntry;
import elysia.core.repository.Page;
import elysia.core.repository.Repositories;
import elysia.core.repository.RepositorySettings;
import elysia.core.repository.RepositoryStatus;
import elysia.core.repository.UpdateRepository;
import elysia.core.source.Source;
import elysia.core.store.VectorStore;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityRef;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reaches repositories through sharding, from any node; lists come from the read side.
public final class ShardedRepositories implements Repositories {
  private static final Logger LOG = LoggerFactory.getLogger(ShardedRepositories.class);
  private static final int MAX_PAGE = 10_000;
  /// A repository that is in memory answers at once; one that is not cannot come while the journal
  /// is down.
  private static final Duration WITHOUT_JOURNAL = Duration.ofSeconds(1);

  private final ClusterSharding sharding;
  private final Source source;
  private final VectorStore store;
  private final ViewStore view;
  private final Supplier<Outcome<EmbeddingModel>> model;
  private final Estimator estimator;
  private final JournalAvailability journal;
  private final Duration timeout;
  private final Executor blocking;

  /// @param model that this node embeds with; may have to be asked for
  /// @param journal whether it answers
  /// @param timeout for a command to be answered
  /// @param blocking runs what blocks
  public ShardedRepositories(ClusterSharding sharding, Source source, VectorStore store,
      ViewStore view, Supplier<Outcome<EmbeddingModel>> model, Estimator estimator,
      JournalAvailability journal, Duration timeout, Executor blocking) {
    this.sharding = sharding;
    this.source = source;
    this.store = store;
    this.view = view;
    this.model = model;
    this.estimator = estimator;
    this.journal = journal;
    this.timeout = timeout;
    this.blocking = blocking;
  }

  @Override
  public CompletionStage<Outcome<Added>> add(AddRepository request) {
    return journal.command(() -> blocking(() -> checked(request))
        .thenCompose(checked -> then(checked,
            settings -> ask(settings.name().value(),
                replyTo -> new RepositoryCommand.Add(settings, replyTo))
                .thenApply(
                    reply -> reply.map(answer -> new Added(answer.changed(), answer.status()))))));
  }

  /// Everything that can be found wrong before the repository exists.
  private Outcome<RepositorySettings> checked(AddRepository request) {
    return model.get().flatMap(embeds -> Requests.settings(request, embeds))
        .flatMap(settings -> source.check(settings.source())
            .flatMap(_ -> store.create(settings.collection(), settings.model()))
            .map(_ -> settings));
  }

  @Override
  public CompletionStage<Outcome<Estimate>> estimate(AddRepository request) {
    return blocking(() -> model.get().flatMap(embeds -> Requests.settings(request, embeds))
        .flatMap(estimator::estimate));
  }

  @Override
  public CompletionStage<Outcome<RepositoryStatus>> update(String name, UpdateRepository request) {
    return journal.command(() -> settings(name)
        .thenCompose(now -> then(now.flatMap(settings -> Requests.changed(settings, request)),
            settings -> command(name,
                replyTo -> new RepositoryCommand.Update(settings, replyTo)))));
  }

  private CompletionStage<Outcome<RepositorySettings>> settings(String name) {
    if (!managed(name))
      return CompletableFuture.completedFuture(missing(name));
    CompletionStage<RepositoryCommand.SettingsReply> asked = entity(name)
        .ask(RepositoryCommand.GetSettings::new, timeout());
    return unlessJournalGoes(name, asked.handle((reply, error) -> {
      if (error != null)
        return lost(name, error.toString());
      return reply.settings().map(Outcome::ok).orElseGet(() -> missing(name));
    }));
  }

  @Override
  public CompletionStage<Outcome<RepositoryStatus>> status(String name) {
    return managed(name)
        ? ask(name, RepositoryCommand.GetStatus::new).thenApply(reply -> reply.map(Answer::status))
        : CompletableFuture.completedFuture(missing(name));
  }

  @Override
  public CompletionStage<Outcome<Page<RepositoryStatus>>> list(int limit, Optional<String> cursor) {
    if (limit < 1 || limit > MAX_PAGE)
      return CompletableFuture.completedFuture(
          Outcome.refused("invalid", "limit: " + limit + " (expected: 1 to " + MAX_PAGE + ")"));
    return query(() -> {
      List<RepositoryStatus> rows = view.list(cursor, limit + 1);
      boolean more = rows.size() > limit;
      List<RepositoryStatus> page = more ? rows.subList(0, limit) : rows;
      return Outcome
          .ok(new Page<>(page, more ? Optional.of(page.getLast().name()) : Optional.empty()));
    });
  }

  @Override
  public CompletionStage<Outcome<RepositoryStatus>> sync(String name, boolean full) {
    return command(name, replyTo -> new RepositoryCommand.Sync(full, replyTo));
  }

  @Override
  public CompletionStage<Outcome<RepositoryStatus>> pause(String name) {
    return command(name, RepositoryCommand.Pause::new);
  }

  @Override
  public CompletionStage<Outcome<RepositoryStatus>> resume(String name) {
    return command(name, RepositoryCommand.Resume::new);
  }

  @Override
  public CompletionStage<Outcome<RepositoryStatus>> retry(String name) {
    return command(name, RepositoryCommand.Retry::new);
  }

  @Override
  public CompletionStage<Outcome<RepositoryStatus>> verify(String name, boolean deep,
      boolean repair) {
    return command(name, replyTo -> new RepositoryCommand.Verify(deep, repair, replyTo));
  }

  @Override
  public CompletionStage<Outcome<RepositoryStatus>> remove(String name, boolean deleteCollection) {
    if (!deleteCollection)
      return command(name, replyTo -> new RepositoryCommand.Remove(false, replyTo));
    return journal
        .command(() -> settings(name).thenCompose(now -> then(now, settings -> query(
            () -> new CollectionUsers(store, view).of(settings.collection()).flatMap(all -> {
              List<String> others = all.stream().filter(other -> !other.equals(name)).toList();
              return others.isEmpty()
                  ? Outcome.ok(settings)
                  : Outcome.refused("collection_in_use",
                      "collection " + settings.collection() + " is also used by " + others,
                      "remove without --delete-collection");
            })).thenCompose(unused -> then(unused,
                _ -> command(name, replyTo -> new RepositoryCommand.Remove(true, replyTo)))))));
  }

  @Override
  public CompletionStage<Outcome<Page<LogEntry>>> log(String name, int limit,
      Optional<String> cursor) {
    if (limit < 1 || limit > MAX_PAGE)
      return CompletableFuture.completedFuture(
          Outcome.refused("invalid", "limit: " + limit + " (expected: 1 to " + MAX_PAGE + ")"));
    Optional<Long> after;
    try {
      after = cursor.map(Long::parseLong);
    } catch (NumberFormatException e) {
      return CompletableFuture.completedFuture(Outcome.refused("invalid",
          "cursor: malformed (expected: next_cursor of an earlier page)"));
    }
    return query(() -> {
      List<LogEntry> lines = view.history(name, after, limit);
      if (lines.isEmpty() && view.one(name).isEmpty())
        return missing(name);
      return Outcome.ok(new Page<>(lines,
          lines.isEmpty() ? cursor : Optional.of(String.valueOf(lines.getLast().seq()))));
    });
  }

  @Override
  public CompletionStage<Outcome<List<FileFailure>>> failures(String name) {
    return settings(name).thenCompose(now -> then(now, _ -> {
      CompletionStage<RepositoryCommand.Failures> asked = entity(name)
          .ask(RepositoryCommand.GetFailures::new, timeout());
      return asked.handle((reply, error) -> error == null
          ? Outcome.ok(reply.failures())
          : lost(name, error.toString()));
    }));
  }

  /// Tells a repository that a paused worker wrote these files too late.
  public void lateWrites(RepositoryName name, List<FilePath> paths) {
    if (name.managed())
      entity(name.value()).tell(new RepositoryCommand.LateWrites(paths));
  }

  private CompletionStage<Outcome<RepositoryStatus>> command(String name,
      Function<ActorRef<Reply>, RepositoryCommand> command) {
    return managed(name)
        ? journal.command(() -> ask(name, command).thenApply(reply -> reply.map(Answer::status)))
        : CompletableFuture.completedFuture(missing(name));
  }

  private Duration timeout() {
    return journal.reason().isEmpty() || timeout.compareTo(WITHOUT_JOURNAL) < 0
        ? timeout
        : WITHOUT_JOURNAL;
  }

  private <T> CompletionStage<Outcome<T>> unlessJournalGoes(String name,
      CompletionStage<Outcome<T>> answer) {
    return journal.unlessUnavailable(answer, why -> lost(name, why));
  }

  private CompletionStage<Outcome<Answer>> ask(String name,
      Function<ActorRef<Reply>, RepositoryCommand> command) {
    CompletionStage<Reply> asked = entity(name).ask(command::apply, timeout());
    return unlessJournalGoes(name, asked.handle((reply, error) -> {
      if (error != null)
        return lost(name, error.toString());
      return switch (reply) {
        case Answer answer -> Outcome.ok(answer);
        case Refusal(var problem) -> new Outcome.Refused<>(problem);
      };
    }));
  }

  private EntityRef<RepositoryCommand> entity(String name) {
    return sharding.entityRefFor(RepositoryActor.TYPE_KEY, name);
  }

  private static boolean managed(String name) {
    return RepositoryName.MANAGED.matcher(name).matches();
  }

  private static <T> Outcome<T> missing(String name) {
    return new Outcome.Refused<>(
        Problem.of("repository_not_found", "no repository " + name, "see `repo list`"));
  }

  /// No answer in time: the journal may be down, or the repository is on its way to another node.
  /// What was asked may or may not have happened.
  private static <T> Outcome<T> lost(String name, String why) {
    LOG.warn("{}: no answer: {}", name, why);
    return new Outcome.Busy<>("no_answer", "repository " + name
        + " does not answer (the journal may be down, or its node just left); the command may or may not have been taken",
        Duration.ofSeconds(5));
  }

  private interface Query<T> {
    Outcome<T> run() throws SQLException;
  }

  private <T> CompletionStage<Outcome<T>> query(Query<T> query) {
    return blocking(() -> {
      try {
        return query.run();
      } catch (SQLException e) {
        LOG.warn("the read side does not answer: {}", e.toString());
        return new Outcome.Busy<>("database_unavailable", "the database does not answer",
            Duration.ofSeconds(5));
      }
    });
  }

  private <T> CompletionStage<Outcome<T>> blocking(Supplier<Outcome<T>> call) {
    return CompletableFuture.supplyAsync(call, blocking);
  }

  private static <T, R> CompletionStage<Outcome<R>> then(Outcome<T> outcome,
      Function<T, CompletionStage<Outcome<R>>> next) {
    return switch (outcome) {
      case Outcome.Ok<T>(var value) -> next.apply(value);
      case Outcome.Busy<T>(var code, var reason, var retryAfter) ->
        CompletableFuture.completedFuture(new Outcome.Busy<>(code, reason, retryAfter));
      case Outcome.Refused<T>(var problem) ->
        CompletableFuture.completedFuture(new Outcome.Refused<>(problem));
    };
  }
}
