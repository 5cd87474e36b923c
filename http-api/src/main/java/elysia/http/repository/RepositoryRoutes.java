package elysia.http.repository;

import elysia.core.auth.Scope;
import elysia.core.diagnose.Diagnoses;
import elysia.core.outcome.Outcome;
import elysia.core.repository.AddRepository;
import elysia.core.repository.Repositories;
import elysia.core.repository.RepositoryStatus;
import elysia.core.repository.UpdateRepository;
import elysia.core.source.Location;
import elysia.http.route.Endpoint;
import elysia.http.route.RequestContext;
import elysia.http.route.Responses;
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
        Endpoint.get(ONE, context -> Responses.of(200, repositories.status(name(context)))),
        Endpoint.change(HttpMethods.PATCH, ONE, Endpoint.Body.JSON, context -> Responses.of(200,
            repositories.update(name(context), context.json(UpdateRepository.class)))).slowly(),
        Endpoint.act(HttpMethods.DELETE, ONE, this::remove, "delete_collection").slowly(),
        action("sync", 202, context -> repositories.sync(name(context), context.flag("full")),
            "full"),
        action("pause", 200, context -> repositories.pause(name(context))),
        action("resume", 200, context -> repositories.resume(name(context))),
        action("retry", 202, context -> repositories.retry(name(context))),
        action("verify", 202,
            context -> repositories.verify(name(context), context.flag("deep"),
                context.flag("repair")),
            "deep", "repair"),
        Endpoint.act(HttpMethods.POST, ONE + "/diagnose",
            context -> Responses.of(200,
                diagnoses.diagnose(name(context), context.flag("access_only"))),
            "access_only").slowly(),
        Endpoint.get(ONE + "/log", context -> Responses.of(200, repositories.log(name(context),
            context.number("limit", LIST_LIMIT, 1, LOG_MAX), context.text("cursor"))), "limit",
            "cursor"),
        Endpoint.get(ONE + "/failures",
            context -> Responses.of(200, repositories.failures(name(context)))));
  }

  private static Endpoint action(String action, int status,
      Function<RequestContext, CompletionStage<Outcome<RepositoryStatus>>> act,
      String... parameters) {
    return Endpoint.act(HttpMethods.POST, ONE + "/" + action,
        context -> Responses.of(status, act.apply(context)), parameters);
  }

  private CompletionStage<HttpResponse> add(RequestContext context) {
    AddRepository request = context.json(AddRepository.class);
    context.about("location", Location.parse(request.location()) instanceof Outcome.Ok<Location>
        ? request.location()
        : "(not a location)");
    request.name().ifPresent(name -> context.about("name", name));
    if (context.flag("dry_run"))
      return Responses.of(200, repositories.estimate(request));
    return Responses.from(repositories.add(request),
        added -> added.created()
            ? Responses.json(201, added.status())
                .addHeader(org.apache.pekko.http.javadsl.model.headers.Location
                    .create(ALL + "/" + added.status().name()))
            : Responses.json(200, added.status()));
  }

  private CompletionStage<HttpResponse> list(RequestContext context) {
    return Responses.of(200, repositories.list(context.number("limit", LIST_LIMIT, 1, LIST_MAX),
        context.text("cursor")));
  }

  private CompletionStage<HttpResponse> remove(RequestContext context) {
    boolean deleteCollection = context.flag("delete_collection");
    if (deleteCollection)
      context.require(Scope.ADMIN);
    return Responses.of(200, repositories.remove(name(context), deleteCollection));
  }

  private static String name(RequestContext context) {
    return context.path("name");
  }
}
