package elysia.http.server;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import elysia.core.auth.Authenticator;
import elysia.core.auth.Principal;
import elysia.core.auth.Scope;
import elysia.core.cluster.ClusterStatus;
import elysia.core.cluster.ClusterView;
import elysia.core.collection.CollectionStatus;
import elysia.core.collection.Collections;
import elysia.core.diagnose.Check;
import elysia.core.diagnose.Diagnoses;
import elysia.core.diagnose.Diagnosis;
import elysia.core.event.Event;
import elysia.core.event.EventFilter;
import elysia.core.event.Events;
import elysia.core.identity.FilePath;
import elysia.core.outcome.Outcome;
import elysia.core.repository.AddRepository;
import elysia.core.repository.Added;
import elysia.core.repository.Estimate;
import elysia.core.repository.FileFailure;
import elysia.core.repository.LogEntry;
import elysia.core.repository.Page;
import elysia.core.repository.Repositories;
import elysia.core.repository.RepositoryStatus;
import elysia.core.repository.UpdateRepository;
import elysia.core.search.Search;
import elysia.core.search.SearchHit;
import elysia.core.search.SearchRequest;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Flow;
import java.util.concurrent.Semaphore;
import java.util.concurrent.SubmissionPublisher;
import org.jspecify.annotations.Nullable;

/// Ports that remember what they were asked. Names decide the outcome: `demo` exists, `busy` is
/// busy, `broken` throws, `hanging` never answers, every other name is unknown.
final class FakePorts
    implements
      Repositories,
      Collections,
      Diagnoses,
      Search,
      ClusterView,
      Events {
  static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

  final Queue<String> calls = new ConcurrentLinkedQueue<>();
  final SubmissionPublisher<Event> events = new SubmissionPublisher<>(Runnable::run, 64);
  final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  /// A permit for each subscription.
  final Semaphore subscribed = new Semaphore(0);
  final FakeChanges changes = new FakeChanges();
  final FakeAudit audit = new FakeAudit();
  final FakeTokens tokens = new FakeTokens(calls);
  volatile Readiness readiness = new Readiness(true, "");

  Ports ports(Authenticator authenticator) {
    return new Ports(this, this, changes, this, this, this, this, authenticator, tokens, audit,
        registry);
  }

  /// Tokens by their text, each with what it may do.
  static Authenticator tokens(Map<String, Set<Scope>> tokens) {
    return new Authenticator() {
      @Override
      public boolean required() {
        return true;
      }

      @Override
      public Outcome<Principal> authenticate(Optional<String> bearer) {
        return bearer.filter(tokens::containsKey)
            .map(token -> Outcome.ok(new Principal(token, tokens.getOrDefault(token, Set.of()))))
            .orElseGet(() -> Outcome.refused("unauthenticated", "token: missing or unknown"));
      }
    };
  }

  private <T> CompletionStage<Outcome<T>> outcome(String name, String context, T value) {
    calls.add(context);
    return switch (name) {
      case "hanging" -> new CompletableFuture<>();
      case "broken" -> CompletableFuture.failedFuture(new IllegalStateException("secret detail"));
      default -> CompletableFuture.completedFuture(switch (name) {
        case "demo" -> Outcome.ok(value);
        case "busy" -> new Outcome.Busy<>("journal_unavailable", "the journal does not answer",
            Duration.ofMillis(6_500));
        case "taken" -> Outcome.refused("repository_exists", "name: taken", "choose another");
        case "used" -> Outcome.refused("collection_in_use", "demo uses it");
        case "odd" -> Outcome.refused("auth_failed", "the host refused", "set credentials");
        case "bad" -> Outcome.refused("invalid", "name: bad (expected: good)");
        default -> Outcome.refused("repository_not_found", "name: " + name);
      });
    };
  }

  static RepositoryStatus demo() {
    return new RepositoryStatus("demo", "https://example.org/demo.git", "demo", Optional.empty(),
        Optional.of("30m"), List.of(), List.of(), 1_000_000, "embedded", "minilm",
        RepositoryStatus.State.IDLE,
        "In step.",
        false, false, Optional.of("c0ffee"), Optional.of(NOW), Optional.empty(), Optional.empty(),
        Optional.of(1.0), Optional.of(3L), Optional.of(7L), Optional.empty(), Optional.empty(),
        Optional.empty(), 0, Optional.empty(), List.of(), Optional.empty());
  }

  @Override
  public CompletionStage<Outcome<Added>> add(AddRepository request) {
    String name = request.name().orElse("demo");
    boolean created = !request.location().endsWith("same.git");
    return outcome(name, "add " + request.location(), new Added(created, demo()));
  }

  @Override
  public CompletionStage<Outcome<Estimate>> estimate(AddRepository request) {
    return outcome("demo", "estimate " + request.location(),
        new Estimate("demo", "demo", "c0ffee",
            new RepositoryStatus.Discovery(3, 1, 100, Map.of("Java", 3L), "maven", Map.of(), 7, 1),
            3, Map.of(), 7, 7, 700, 1.5, Optional.empty()));
  }

  @Override
  public CompletionStage<Outcome<RepositoryStatus>> update(String name, UpdateRepository request) {
    return outcome(name, "update " + name + " " + request.schedule().orElse("-"), demo());
  }

  @Override
  public CompletionStage<Outcome<RepositoryStatus>> status(String name) {
    return outcome(name, "status " + name, demo());
  }

  @Override
  public CompletionStage<Outcome<Page<RepositoryStatus>>> list(int limit, Optional<String> cursor) {
    return outcome("demo", "list " + limit + " " + cursor.orElse("-"),
        new Page<>(List.of(demo()), Optional.of("demo")));
  }

  @Override
  public CompletionStage<Outcome<RepositoryStatus>> sync(String name, boolean full) {
    return outcome(name, "sync " + name + " " + full, demo());
  }

  @Override
  public CompletionStage<Outcome<RepositoryStatus>> pause(String name) {
    return outcome(name, "pause " + name, demo());
  }

  @Override
  public CompletionStage<Outcome<RepositoryStatus>> resume(String name) {
    return outcome(name, "resume " + name, demo());
  }

  @Override
  public CompletionStage<Outcome<RepositoryStatus>> retry(String name) {
    return outcome(name, "retry " + name, demo());
  }

  @Override
  public CompletionStage<Outcome<RepositoryStatus>> verify(String name, boolean deep,
      boolean repair) {
    return outcome(name, "verify " + name + " " + deep + " " + repair, demo());
  }

  @Override
  public CompletionStage<Outcome<RepositoryStatus>> remove(String name, boolean deleteCollection) {
    return outcome(name, "remove " + name + " " + deleteCollection, demo());
  }

  @Override
  public CompletionStage<Outcome<Page<LogEntry>>> log(String name, int limit,
      Optional<String> cursor) {
    return outcome(name, "log " + name + " " + limit + " " + cursor.orElse("-"),
        new Page<>(
            List.of(
                new LogEntry(1, NOW, "added", "Added.", JsonNodeFactory.instance.objectNode())),
            Optional.empty()));
  }

  @Override
  public CompletionStage<Outcome<List<FileFailure>>> failures(String name) {
    return outcome(name, "failures " + name,
        List.of(new FileFailure(new FilePath("a.txt"), "embedder", "no answer", 2, NOW)));
  }

  @Override
  public CompletionStage<Outcome<List<CollectionStatus>>> list() {
    return outcome("demo", "collections", List.of(collection()));
  }

  @Override
  public CompletionStage<Outcome<CollectionStatus>> show(String name) {
    return outcome(name, "collection " + name, collection());
  }

  @Override
  public CompletionStage<Outcome<Boolean>> delete(String name) {
    return outcome(name.equals("gone") ? "demo" : name, "delete " + name, !name.equals("gone"));
  }

  @Override
  public CompletionStage<Outcome<Diagnosis>> diagnose(String name, boolean accessOnly) {
    return outcome(name, "diagnose " + name + " " + accessOnly,
        Diagnosis.of(name, "https://example.org/demo.git", Optional.empty(), NOW,
            List.of(Check.ok(Check.Area.DISK, "clones", "1.0 GB are free for the clones."),
                Check.failed(Check.Area.AUTHENTICATION, "access", "It wants credentials.",
                    "Nothing new is pulled.", "Give one.", "git credential approve"))));
  }

  private static CollectionStatus collection() {
    return new CollectionStatus("demo", "embedded", "minilm", 384, 3, 7, List.of("demo"),
        List.of("demo"));
  }

  @Override
  public CompletionStage<Outcome<List<SearchHit>>> search(SearchRequest request) {
    return outcome(request.query().equals("busy") ? "busy" : "demo",
        "search " + request.query() + " " + request.mode().map(Enum::name).orElse("-"),
        List.of(new SearchHit(0.5, "demo", "demo", "a.txt", 1, 2, "text", "found", "c0ffee",
            Optional.of("c0ffee"))));
  }

  @Override
  public CompletionStage<ClusterStatus> status() {
    return CompletableFuture.completedFuture(new ClusterStatus("1", NOW, "node-1",
        Optional.of("node-1"),
        List.of(new ClusterStatus.Member("node-1", Set.of("worker"), "up", false, "1",
            Optional.of(1), Optional.of(1), Optional.of(0), Optional.of(0), Optional.empty())),
        List.of(), "answers", true, "answers", true, "MiniLM", List.of()));
  }

  @Override
  public Readiness readiness() {
    return readiness;
  }

  /// Filters by a processor of its own per subscriber.
  @Override
  public Flow.Publisher<Event> subscribe(EventFilter filter) {
    return subscriber -> {
      events.subscribe(filtered(filter, subscriber));
      subscribed.release();
    };
  }

  private static Flow.Subscriber<Event> filtered(EventFilter filter,
      Flow.Subscriber<? super Event> subscriber) {
    return new Flow.Subscriber<>() {
      private Flow.@Nullable Subscription subscription;

      @Override
      public void onSubscribe(Flow.Subscription own) {
        subscription = own;
        subscriber.onSubscribe(own);
      }

      @Override
      public void onNext(Event event) {
        if (filter.matches(event))
          subscriber.onNext(event);
        else if (subscription != null)
          subscription.request(1);
      }

      @Override
      public void onError(Throwable error) {
        subscriber.onError(error);
      }

      @Override
      public void onComplete() {
        subscriber.onComplete();
      }
    };
  }
}
