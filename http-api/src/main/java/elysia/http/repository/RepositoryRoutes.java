package elysia.http.repository;

import elysia.core.auth.Scope;
import elysia.core.diagnose.Diagnoses;
import elysia.core.outcome.Outcome;
import elysia.core.repository.AddRepository;
import elysia.core.repository.Repositories;
import elysia.core.repository.RepositoryStatus;
import elysia.core.repository.UpdateRepository;
import elysia.core.source.Location;
import elysia.http.route.Answers;
import elysia.http.route.Call;
import elysia.http.route.Endpoint;
import elysia.http.route.Routes;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.pekko.http.javadsl.model.HttpMethods;
import org.apache.pekko.http.javadsl.model.HttpResponse;

/// `/v1/repositories`. What only starts (sync, retry, verify) answers 202.
public final class RepositoryRoutes implements Routes {
  private static final String ALL = "/v1/repositories";
  private static final String ONE = ALL + "/{name}";
  private static final int LIST_LIMIT = 100;
  private static final int LIST_MAX = 10_000;
  private static final int LOG_MAX = 1_000;

  private final Repositories repositories;
  private final Diagnoses diagnoses;

  public RepositoryRoutes(Repositories repositories, Diagnoses diagnoses) {
    this.repositories = repositories;
    this.diagnoses = diagnoses;
  }

  @Override
  public List<Endpoint> endpoints() {
    return List.of(
        Endpoint.change(HttpMethods.POST, ALL, Endpoint.Body.JSON, this::add, "dry_run").slowly(),
        Endpoint.get(ALL, this::list, "limit", "cursor"),
        Endpoint.get(ONE, call -> Answers.of(200, repositories.status(name(call)))),
        Endpoint.change(HttpMethods.PATCH, ONE, Endpoint.Body.JSON, call -> Answers.of(200,
            repositories.update(name(call), call.json(UpdateRepository.class)))).slowly(),
        Endpoint.act(HttpMethods.DELETE, ONE, this::remove, "delete_collection").slowly(),
        action("sync", 202, call -> repositories.sync(name(call), call.flag("full")), "full"),
        action("pause", 200, call -> repositories.pause(name(call))),
        action("resume", 200, call -> repositories.resume(name(call))),
        action("retry", 202, call -> repositories.retry(name(call))),
        action("verify", 202,
            call -> repositories.verify(name(call), call.flag("deep"), call.flag("repair")),
            "deep", "repair"),
        Endpoint.act(HttpMethods.POST, ONE + "/diagnose",
            call -> Answers.of(200, diagnoses.diagnose(name(call), call.flag("access_only"))),
            "access_only").slowly(),
        Endpoint.get(ONE + "/log", call -> Answers.of(200, repositories.log(name(call),
            call.number("limit", LIST_LIMIT, 1, LOG_MAX), call.text("cursor"))), "limit", "cursor"),
        Endpoint.get(ONE + "/failures",
            call -> Answers.of(200, repositories.failures(name(call)))));
  }

  private static Endpoint action(String action, int status,
      Function<Call, CompletionStage<Outcome<RepositoryStatus>>> act, String... parameters) {
    return Endpoint.act(HttpMethods.POST, ONE + "/" + action,
        call -> Answers.of(status, act.apply(call)), parameters);
  }

  private CompletionStage<HttpResponse> add(Call call) {
    AddRepository request = call.json(AddRepository.class);
    call.about("location", Location.parse(request.location()) instanceof Outcome.Ok<Location>
        ? request.location()
        : "(not a location)");
    request.name().ifPresent(name -> call.about("name", name));
    if (call.flag("dry_run"))
      return Answers.of(200, repositories.estimate(request));
    return Answers.from(repositories.add(request),
        added -> added.created()
            ? Answers.json(201, added.status())
                .addHeader(org.apache.pekko.http.javadsl.model.headers.Location
                    .create(ALL + "/" + added.status().name()))
            : Answers.json(200, added.status()));
  }

  private CompletionStage<HttpResponse> list(Call call) {
    return Answers.of(200, repositories.list(call.number("limit", LIST_LIMIT, 1, LIST_MAX),
        call.text("cursor")));
  }

  private CompletionStage<HttpResponse> remove(Call call) {
    boolean deleteCollection = call.flag("delete_collection");
    if (deleteCollection)
      call.require(Scope.ADMIN);
    return Answers.of(200, repositories.remove(name(call), deleteCollection));
  }

  private static String name(Call call) {
    return call.path("name");
  }
}
