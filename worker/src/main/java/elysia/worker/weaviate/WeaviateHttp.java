package elysia.worker.weaviate;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import elysia.core.identity.Printable;
import elysia.core.json.Json;
import elysia.core.outcome.Outcome;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// Requests over HTTP, each with a deadline. Tells apart what passes (`Busy`), what a person must
/// change (`Refused`) and what the caller must judge ([HttpReply]).
final class WeaviateHttp implements AutoCloseable {
  /// Makes a value of an answer's body.
  @FunctionalInterface
  interface Reader<T> {
    T read(byte[] body) throws IOException;
  }

  /// @param body JSON; null for none
  /// @param repeatable whether it may be sent again when it is unknown what became of it
  record Request<T>(String method, String path, @Nullable BodyPublisher body, boolean repeatable,
      Reader<T> reader) {}

  private static final String KEEP_ALIVE = "jdk.httpclient.keepalive.timeout";

  private final WeaviateSettings settings;
  private final InstantSource clock;
  private final HttpClient client;
  private final Calls calls;

  WeaviateHttp(WeaviateSettings settings, Calls calls, InstantSource clock) {
    if (System.getProperty(KEEP_ALIVE) == null)
      System.setProperty(KEEP_ALIVE, Long.toString(Math.max(1, settings.keepAlive().toSeconds())));
    this.settings = settings;
    this.clock = clock;
    this.calls = calls;
    this.client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1)
        .followRedirects(HttpClient.Redirect.NEVER).connectTimeout(settings.connectTimeout())
        .build();
  }

  private WeaviateHttp(WeaviateHttp same, Calls calls) {
    this.settings = same.settings;
    this.clock = same.clock;
    this.client = same.client;
    this.calls = calls;
  }

  /// The same connection for requests that do not wait for their turn.
  WeaviateHttp atOnce() {
    return new WeaviateHttp(this, calls.atOnce());
  }

  Calls calls() {
    return calls;
  }

  /// A body of any JSON, or none.
  static JsonNode tree(byte[] body) throws IOException {
    return body.length == 0 ? MissingNode.getInstance() : Json.mapper().readTree(body);
  }

  static BodyPublisher body(JsonNode json) {
    try {
      return BodyPublishers.ofByteArray(Json.mapper().writeValueAsBytes(json));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("a tree of JSON that cannot be written", e);
    }
  }

  <T> Outcome<HttpReply<T>> send(Request<T> request) {
    return calls.run(request.repeatable(), () -> attempt(request));
  }

  private <T> RequestResult<HttpReply<T>> attempt(Request<T> request) {
    try {
      return judge(request, exchange(request));
    } catch (IOException e) {
      return calls.failed("cannot be reached: " + described(e), Optional.empty(), true);
    } catch (TimeoutException e) {
      return calls.failed("no answer within " + settings.requestTimeout().toMillis() + " ms",
          Optional.empty(), true);
    } catch (InterruptedException e) {
      return calls.interrupted();
    }
  }

  private static String described(IOException e) {
    String message = e.getMessage();
    return e.getClass().getSimpleName()
        + (message == null ? "" : " (" + Printable.of(message) + ")");
  }

  private HttpResponse<byte[]> exchange(Request<?> request)
      throws IOException, InterruptedException, TimeoutException {
    HttpRequest.Builder builder = HttpRequest
        .newBuilder(URI.create(settings.url() + request.path()))
        .timeout(settings.requestTimeout());
    if (!settings.apiKey().isEmpty())
      builder.header("Authorization", "Bearer " + settings.apiKey());
    BodyPublisher body = request.body();
    if (body == null)
      builder.method(request.method(), BodyPublishers.noBody());
    else
      builder.header("Content-Type", "application/json").method(request.method(),
          body);
    CompletableFuture<HttpResponse<byte[]>> answer = client.sendAsync(builder.build(),
        HttpResponse.BodyHandlers.ofByteArray());
    try { // the request's own timeout ends with the headers
      return answer.get(settings.requestTimeout().toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
    } finally {
      answer.cancel(true);
    }
  }

  private <T> RequestResult<HttpReply<T>> judge(Request<T> request, HttpResponse<byte[]> response) {
    int status = response.statusCode();
    if (status >= 200 && status < 300) {
      try {
        return calls.done(
            Outcome.ok(new HttpReply.Done<>(request.reader().read(response.body()))));
      } catch (IOException e) {
        return calls.failed("its answer cannot be read", Optional.empty(), true);
      }
    }
    if (status < 400)
      return calls.done(Outcome.refused("store_address",
          "Weaviate at " + settings.url() + " answers " + status + " and points elsewhere",
          "set WEAVIATE_URL to the server itself"));
    if (status == 401 || status == 403)
      return calls.done(settings.unauthorized(settings.url() + " answers " + status));
    ServerMessage message = ServerMessage.of(message(response.body()));
    if (status == 429)
      return new String(response.body(), StandardCharsets.UTF_8).contains("USAGE_LIMIT_EXCEEDED")
          ? calls.done(WeaviateSettings.full(message.text()))
          : calls.limited(retryAfter(response), false);
    boolean absent = status == 500 && message.text().contains("non-existing index");
    if (!absent && (status >= 500 || status == 408
        || message.meaning() == ServerMessage.Meaning.TRANSIENT))
      return failing(response, message);
    return calls.done(Outcome.ok(new HttpReply.Denied<>(status, message)));
  }

  private <T> RequestResult<HttpReply<T>> failing(HttpResponse<byte[]> response,
      ServerMessage message) {
    String reason = "answered " + response.statusCode()
        + (message.text().isEmpty() ? "" : ": " + Printable.of(message.text()));
    Optional<Duration> asked = retryAfter(response);
    if (response.statusCode() == 503)
      asked.filter(Duration::isPositive).ifPresent(
          time -> calls.pause(time, "Weaviate at " + settings.url() + ": " + reason));
    return calls.failed(reason, asked, response.statusCode() != 503);
  }

  /// The body's `error[0].message` or `message`, or its first characters.
  private static String message(byte[] body) {
    try {
      JsonNode json = tree(body);
      JsonNode message = json.at("/error/0/message");
      if (message.isMissingNode())
        message = json.path("message");
      return message.isTextual() ? message.textValue() : "";
    } catch (IOException e) {
      return Printable.of(new String(body, StandardCharsets.UTF_8));
    }
  }

  private Optional<Duration> retryAfter(HttpResponse<?> response) {
    return response.headers().firstValue("Retry-After").flatMap(value -> {
      try {
        return Optional.of(Duration.ofSeconds(Long.parseLong(value.strip())));
      } catch (NumberFormatException e) { // then it is a date
        Instant asked = response.headers().firstValue("Date").flatMap(WeaviateHttp::date)
            .orElseGet(clock::instant);
        return date(value).map(until -> Duration.between(asked, until));
      }
    }).map(wait -> wait.isNegative() ? Duration.ZERO : wait);
  }

  private static Optional<Instant> date(String value) {
    try {
      return Optional.of(
          ZonedDateTime.parse(value.strip(), DateTimeFormatter.RFC_1123_DATE_TIME).toInstant());
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  @Override
  public void close() {
    client.shutdownNow();
    client.close();
  }
}
