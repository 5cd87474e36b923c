package elysia.http.route;

import elysia.core.auth.Principal;
import elysia.core.identity.Printable;
import elysia.core.outcome.Outcome;
import elysia.core.outcome.Problem;
import elysia.core.outcome.Unit;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;

import org.apache.pekko.http.javadsl.model.RequestEntity;
import org.apache.pekko.http.scaladsl.model.EntityStreamException;
import org.apache.pekko.http.scaladsl.model.EntityStreamSizeException;
import org.apache.pekko.http.scaladsl.model.IllegalUriException;
import org.apache.pekko.stream.SystemMaterializer;
import org.apache.pekko.util.ByteString;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Routes each request through access control to its endpoint, and makes every failure a
/// problem document.
public final class Router {
  private static final Logger LOG = LoggerFactory.getLogger(Router.class);
  private static final Principal ANYBODY = new Principal("anybody", Set.of());
  /// A rejected body up to this many times the limit is read to its end, so that the client sees
  /// the answer and not a broken connection.
  private static final long DRAINED = 8;

  /// @param timeout for an answer
  /// @param slowTimeout for that of a slow endpoint
  /// @param maxBody bytes
  public record Limits(Duration timeout, Duration slowTimeout, long maxBody) {}

  private final ActorSystem<?> system;
  private final RouteTable table;
  private final AccessControl access;
  private final Limits limits;
  private final RequestTimers timers;
  private final Audit audit;

  public Router(ActorSystem<?> system, List<Endpoint> endpoints, AccessControl access,
      Limits limits,
      RequestTimers timers, Audit audit) {
    this.system = system;
    this.table = new RouteTable(endpoints);
    this.access = access;
    this.limits = limits;
    this.timers = timers;
    this.audit = audit;
  }

  /// Always completes normally.
  public CompletionStage<HttpResponse> handle(HttpRequest request) {
    long start = System.nanoTime();
    RouteTable.Match match = table.find(request.method(), request.getUri().pathSegments());
    AuditContext auditContext = new AuditContext();
    CompletionStage<HttpResponse> answer;
    try {
      answer = answer(request, match, auditContext);
    } catch (RuntimeException e) {
      answer = CompletableFuture.failedFuture(e);
    }
    return answer.exceptionally(error -> failure(request, error, auditContext))
        .thenCompose(response -> {
          int status = response.status().intValue();
          timers.record(request.method().value(), route(match), status,
              Duration.ofNanos(System.nanoTime() - start));
          return auditContext.end(audit, request, match, status).handle((_, _) -> response);
        });
  }

  private CompletionStage<HttpResponse> answer(HttpRequest request, RouteTable.Match match,
      AuditContext auditContext) {
    access.admit(request);
    boolean open = match instanceof RouteTable.Match.Found found
        && found.endpoint().scope().isEmpty();
    Principal principal = open ? ANYBODY : access.identify(request);
    if (!open)
      auditContext.by(principal.name());
    return switch (match) {
      case RouteTable.Match.Found(var endpoint, var path) ->
        answer(request, principal, endpoint, path, auditContext);
      case RouteTable.Match.WrongMethod(_, var allowed) -> throw new ApiException(405,
          Problem.of("method_not_allowed", request.method().value() + ": not possible here",
              "possible here: " + allowed),
          List.of(HttpHeader.parse("Allow", allowed)));
      case RouteTable.Match.Unknown() -> throw new ApiException(404, "path_not_found",
          "there is nothing at " + Printable.of(request.getUri().path()),
          "GET /openapi.json describes what there is");
    };
  }

  private CompletionStage<HttpResponse> answer(HttpRequest request, Principal principal,
      Endpoint endpoint, Map<String, String> path, AuditContext auditContext) {
    path.forEach(auditContext::about);
    endpoint.scope().filter(scope -> !principal.may(scope)).ifPresent(scope -> {
      throw RequestContext.forbidden(scope);
    });
    Map<String, List<String>> query = query(request);
    for (String name : query.keySet())
      if (!endpoint.parameters().contains(name))
        throw new ApiException(400, "unknown_parameter",
            Printable.of(name) + ": unknown query parameter (expected: "
                + (endpoint.parameters().isEmpty()
                    ? "none"
                    : "one of "
                        + String.join(", ", endpoint.parameters().stream().sorted().toList()))
                + ")",
            "");
    query.forEach((name, values) -> auditContext.about(name, String.join(",", values)));
    plain(request);
    Supplier<Outcome<Unit>> admitted = () -> endpoint.scope()
        .map(scope -> access.stillAdmits(request, scope)).orElseGet(Unit::ok);
    if (endpoint.body() == Endpoint.Body.STREAM)
      return endpoint.handler().handle(new RequestContext(request, principal, path, query,
          ByteString.emptyByteString(), auditContext, admitted));
    CompletableFuture<HttpResponse> answer = body(request, endpoint)
        .thenCompose(bytes -> endpoint.handler()
            .handle(
                new RequestContext(request, principal, path, query, bytes, auditContext, admitted)))
        .toCompletableFuture();
    return answer.copy().orTimeout(
        (endpoint.slow() ? limits.slowTimeout() : limits.timeout()).toMillis(),
        TimeUnit.MILLISECONDS);
  }

  private static void plain(HttpRequest request) {
    request.getHeader("Content-Encoding").map(HttpHeader::value)
        .filter(encoding -> !encoding.strip().equalsIgnoreCase("identity"))
        .ifPresent(encoding -> {
          throw new ApiException(415, "unsupported_encoding",
              "Content-Encoding: " + Printable.of(encoding) + " (expected: none)",
              "send the body as it is, not compressed");
        });
  }

  private static Map<String, List<String>> query(HttpRequest request) {
    try {
      return request.getUri().query().toMultiMap();
    } catch (IllegalUriException e) {
      throw ApiException.invalid("query: malformed (expected: name=value pairs joined by &)");
    }
  }

  private CompletionStage<ByteString> body(HttpRequest request, Endpoint endpoint) {
    RequestEntity entity = request.entity();
    if (endpoint.body() == Endpoint.Body.NONE && entity.isKnownEmpty())
      return CompletableFuture.completedFuture(ByteString.emptyByteString());
    // Also where the body does not matter: no form of another site can send this type.
    if (!entity.getContentType().mediaType().equals(ContentTypes.APPLICATION_JSON.mediaType()))
      throw new ApiException(415, "unsupported_media_type",
          "Content-Type: " + Printable.of(entity.getContentType().toString())
              + " (expected: application/json)",
          "");
    OptionalLong length = entity.getContentLengthOption();
    if (length.isPresent() && length.getAsLong() > limits.maxBody())
      throw ApiException.tooLarge(limits.maxBody(), length);
    return entity.withSizeLimit(limits.maxBody())
        .toStrict(limits.timeout().toMillis(), SystemMaterializer.get(system).materializer())
        .thenApply(strict -> strict.getData());
  }

  private HttpResponse failure(HttpRequest request, Throwable error, AuditContext auditContext) {
    Throwable cause = error instanceof CompletionException && error.getCause() != null
        ? error.getCause()
        : error;
    String instance = request.getUri().path();
    return switch (cause) {
      case ApiException rejected -> {
        drain(request);
        auditContext.failed(rejected.problem().code());
        yield Responses.problem(rejected.status(), rejected.problem(), instance)
            .addHeaders(rejected.headers());
      }
      case EntityStreamSizeException _ -> failure(request,
          ApiException.tooLarge(limits.maxBody(), OptionalLong.empty()), auditContext);
      case EntityStreamException _ -> failure(request, // the client's doing, or it went away
          ApiException.invalid("body: malformed or cut off"), auditContext);
      case TimeoutException _ -> failure(request, ApiException.later(503, "timeout",
          "no answer within " + limits.timeout().toSeconds()
              + " s; what was asked may still happen",
          Math.max(1, limits.timeout().toSeconds())), auditContext);
      default -> {
        String id = UUID.randomUUID().toString();
        LOG.error("{} {} failed, error {}", request.method().value(), Printable.of(instance), id,
            cause);
        drain(request);
        auditContext.failed("internal");
        yield Responses.problem(500, Problem.of("internal", "this is a fault of the server",
            "the node's log tells more under error " + id), "urn:uuid:" + id);
      }
    };
  }

  /// What was not read of the body would stall the connection. Reading it twice does no harm: the
  /// second attempt fails on its own.
  private void drain(HttpRequest request) {
    RequestEntity entity = request.entity();
    if (!entity.isStrict())
      entity.withSizeLimit(limits.maxBody() * DRAINED).discardBytes(system);
  }

  static String route(RouteTable.Match match) {
    return switch (match) {
      case RouteTable.Match.Found(var endpoint, _) -> endpoint.template();
      case RouteTable.Match.WrongMethod(var template, _) -> template;
      case RouteTable.Match.Unknown() -> "unmatched";
    };
  }
}
