package elysia.http.route;

import com.fasterxml.jackson.core.JsonProcessingException;
import elysia.core.json.Json;
import elysia.core.outcome.Outcome;
import elysia.core.outcome.Problem;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpCharsets;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.MediaTypes;
import org.apache.pekko.http.javadsl.model.StatusCode;
import org.apache.pekko.http.javadsl.model.StatusCodes;

/// Makes responses.
public final class Responses {
  private static final ContentType PROBLEM = MediaTypes
      .applicationWithFixedCharset("problem+json",
          HttpCharsets.UTF_8)
      .toContentType();
  private static final Duration RETRY = Duration.ofSeconds(5);

  private Responses() {}

  public static HttpResponse json(int status, Object value) {
    return of(status, ContentTypes.APPLICATION_JSON, write(value));
  }

  public static HttpResponse of(int status, ContentType type, byte[] body) {
    return HttpResponse.create().withStatus(status(status))
        .withEntity(HttpEntities.create(type, body));
  }

  /// The value as JSON with this status, or the problem that the outcome tells.
  public static <T> CompletionStage<HttpResponse> of(int status,
      CompletionStage<Outcome<T>> outcome) {
    return from(outcome, value -> json(status, value == null ? "" : value));
  }

  public static <T> CompletionStage<HttpResponse> from(CompletionStage<Outcome<T>> outcome,
      Function<T, HttpResponse> answer) {
    return outcome.thenApply(result -> answer.apply(valueOf(result)));
  }

  /// The value of a success; anything else rejects the request.
  public static <T> T valueOf(Outcome<T> outcome) {
    return switch (outcome) {
      case Outcome.Ok<T>(var value) -> value;
      case Outcome.Busy<T>(_, var reason, var retryAfter) ->
        throw ApiException.later(503, "busy", reason,
            Math.max(1, retryAfter.orElse(RETRY).plusMillis(999).toSeconds()));
      case Outcome.Refused<T>(var problem) ->
        throw new ApiException(statusOf(problem.code()), problem,
            List.of());
    };
  }

  static int statusOf(String code) {
    return switch (code) {
      case "invalid" -> 400;
      case "unauthenticated" -> 401;
      case "forbidden" -> 403;
      case "conflict", "collection_in_use", "model_mismatch" -> 409;
      case String c when c.endsWith("_not_found") -> 404;
      case String c when c.endsWith("_exists") -> 409;
      default -> 422;
    };
  }

  static HttpResponse problem(int status, Problem problem, String instance) {
    StatusCode code = status(status);
    return of(status, PROBLEM, write(new ProblemDocument("urn:elysiactl:problem:" + problem.code(),
        code.reason(), status, problem.message(), instance, problem.code(),
        problem.hint().isEmpty() ? Optional.empty() : Optional.of(problem.hint()))));
  }

  private static StatusCode status(int status) {
    return StatusCodes.get(status);
  }

  private static byte[] write(Object value) {
    try {
      return Json.mapper().writeValueAsBytes(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
