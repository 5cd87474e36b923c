package elysia.worker.weaviate;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import elysia.core.identity.Printable;
import elysia.core.json.Json;
import elysia.core.outcome.Outcome;
import elysia.core.outcome.Unit;
import elysia.core.rate.RateBudget;
import elysia.core.store.StoreHealth;
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
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Requests with a deadline, a few quick tries, a budget and a circuit breaker. Tells apart what
/// passes (`Busy`), what a person must change (`Refused`) and what the caller must judge ([Reply]).
final class WeaviateHttp implements AutoCloseable {
  /// Makes a value of an answer's body.
  @FunctionalInterface
  interface Reader<T> {
    T read(byte[] body) throws IOException;
  }

  /// @param body
  ///          JSON; null for none
  /// @param repeatable
  ///          whether it may be sent again when it is unknown what became of it
  record Request<T>(String method, String path, @Nullable BodyPublisher body, boolean repeatable,
      Reader<T> reader) {}

  private static final String KEEP_ALIVE = "jdk.httpclient.keepalive.timeout";

  private final WeaviateSettings settings;
  private final InstantSource clock;
  private final RandomGenerator random;
  private final HttpClient client;
  private final CircuitBreaker breaker;
  private final RateBudget budget;
  private final boolean waits;

  /// @param budget
  ///          of the server, shared with all who call it
  WeaviateHttp(WeaviateSettings settings, RateBudget budget, InstantSource clock,
      RandomGenerator random) {
    if (System.getProperty(KEEP_ALIVE) == null)
      System.setProperty(KEEP_ALIVE, Long.toString(Math.max(1, settings.keepAlive().toSeconds())));
    this.settings = settings;
    this.clock = clock;
    this.random = random;
    this.client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1)
        .followRedirects(HttpClient.Redirect.NEVER).connectTimeout(settings.connectTimeout())
        .build();
    this.breaker = new CircuitBreaker("Weaviate at " + settings.url(), settings.breakerFailures(),
        settings.breakerPause(), clock, random);
    this.budget = budget;
    this.waits = true;
  }

  private WeaviateHttp(WeaviateHttp same, boolean waits) {
    this.settings = same.settings;
    this.clock = same.clock;
    this.random = same.random;
    this.client = same.client;
    this.breaker = same.breaker;
    this.budget = same.budget;
    this.waits = waits;
  }

  /// The same connection for requests that do not wait for their turn, also while the server asks
  /// for a pause. They are counted, so that others wait the longer.
  WeaviateHttp atOnce() {
    return new WeaviateHttp(this, false);
  }

  /// Waits for the turn of a request, a while; then the caller has to.
  Outcome<Unit> turn() {
    return switch (budget.acquire(1, 0, settings.longestWait())) {
      case RateBudget.Permit.Granted _ -> Unit.ok();
      case RateBudget.Permit.Wait(var time, var reason) -> new Outcome.Busy<>(reason, time);
    };
  }

  private Outcome<Unit> admitted() {
    if (waits)
      return turn();
    budget.take(1, 0);
    return Unit.ok();
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

  <T> Outcome<Reply<T>> send(Request<T> request) {
    for (int attempt = 1;; attempt++) {
      if (admitted() instanceof Outcome.Busy<Unit>(var reason, var wait))
        return new Outcome.Busy<>(reason, wait);
      Optional<Duration> open = breaker.ask();
      if (open.isPresent())
        return new Outcome.Busy<>(breaker.health().text(), open);
      Attempt<T> result = attempt(request);
      switch (result) {
        case Attempt.Final<T>(var outcome) -> {
          return outcome;
        }
        case Attempt.Again<T>(var reason, var wait, var executed) -> {
          boolean may = attempt < settings.tries() && (request.repeatable() || !executed);
          if (!may || !waited(attempt, wait))
            return new Outcome.Busy<>(reason, wait);
        }
      }
    }
  }

  private sealed interface Attempt<T> {
    record Final<T>(Outcome<Reply<T>> outcome) implements Attempt<T> {}

    /// @param maybeExecuted
    ///          whether the server may have done what was asked
    record Again<T>(String reason, Optional<Duration> asked,
        boolean maybeExecuted) implements Attempt<T> {}
  }

  private <T> Attempt<T> attempt(Request<T> request) {
    try {
      HttpResponse<byte[]> response = exchange(request);
      Attempt<T> judged = judge(request, response);
      if (judged instanceof Attempt.Final)
        breaker.succeeded();
      else if (response.statusCode() == 429 || response.statusCode() < 300)
        breaker.ailing("last answer: " + ((Attempt.Again<T>) judged).reason());
      return judged;
    } catch (IOException e) {
      return unknown("cannot be reached: " + described(e));
    } catch (TimeoutException e) {
      return unknown("no answer within " + settings.requestTimeout().toMillis() + " ms");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      breaker.failed("a request was interrupted");
      return new Attempt.Final<>(new Outcome.Busy<>("interrupted"));
    } catch (RuntimeException | Error e) {
      breaker.failed("a request could not be made");
      throw e;
    }
  }

  private <T> Attempt<T> unknown(String reason) {
    breaker.failed(reason);
    return new Attempt.Again<>("Weaviate at " + settings.url() + ": " + reason, Optional.empty(),
        true);
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

  private <T> Attempt<T> judge(Request<T> request, HttpResponse<byte[]> response) {
    int status = response.statusCode();
    if (status >= 200 && status < 300) {
      try {
        return done(Outcome.ok(new Reply.Done<>(request.reader().read(response.body()))));
      } catch (IOException e) {
        return unknown("its answer cannot be read");
      }
    }
    if (status < 400)
      return done(Outcome.refused("store_address",
          "Weaviate at " + settings.url() + " answers " + status + " and points elsewhere",
          "set WEAVIATE_URL to the server itself"));
    if (status == 401 || status == 403)
      return done(Outcome.refused("store_unauthorized",
          "Weaviate at " + settings.url() + " answers " + status + ": "
              + (settings.apiKey().isEmpty() ? "it wants a key" : "it does not accept the key"),
          "set WEAVIATE_API_KEY to a key that may read and write, and check WEAVIATE_URL"));
    ServerMessage message = ServerMessage.of(message(response.body()));
    if (status == 429)
      return limited(response, message);
    boolean absent = status == 500 && message.text().contains("non-existing index");
    if (!absent && (status >= 500 || status == 408
        || message.meaning() == ServerMessage.Meaning.TRANSIENT))
      return failing(response, message);
    return done(Outcome.ok(new Reply.Denied<>(status, message)));
  }

  private static <T> Attempt<T> done(Outcome<Reply<T>> outcome) {
    return new Attempt.Final<>(outcome);
  }

  private <T> Attempt<T> limited(HttpResponse<byte[]> response, ServerMessage message) {
    if (new String(response.body(), StandardCharsets.UTF_8).contains("USAGE_LIMIT_EXCEEDED"))
      return done(Outcome.refused("store_full", "Weaviate's usage limit is reached: "
          + message.text(), "raise the limit on the server, or remove collections"));
    String reason = "rate limit of " + budget.name();
    Optional<Duration> asked = retryAfter(response);
    budget.throttled(asked.filter(Duration::isPositive)
        .orElseGet(() -> settings.retry().delay(1, random)), reason);
    return new Attempt.Again<>(reason, asked, false);
  }

  private <T> Attempt<T> failing(HttpResponse<byte[]> response, ServerMessage message) {
    String reason = "answered " + response.statusCode()
        + (message.text().isEmpty() ? "" : ": " + Printable.of(message.text()));
    breaker.failed(reason);
    String told = "Weaviate at " + settings.url() + ": " + reason;
    Optional<Duration> asked = retryAfter(response);
    if (response.statusCode() == 503)
      asked.filter(Duration::isPositive).ifPresent(time -> budget.throttled(time, told));
    return new Attempt.Again<>(told, asked, response.statusCode() != 503);
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

  /// Waits before the next try of a call.
  ///
  /// @param asked
  ///          what the server asked for
  /// @return false when that is too long for a call, or the thread was interrupted
  boolean waited(int attempt, Optional<Duration> asked) {
    Duration wait = settings.retry().delay(attempt, random);
    if (asked.isPresent()) {
      if (asked.get().compareTo(settings.longestWait()) > 0)
        return false;
      wait = asked.get().compareTo(wait) > 0 ? asked.get() : wait;
    }
    try {
      Thread.sleep(wait);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /// The server works, but answered that it cannot do what was asked now.
  void ailing(String reason) {
    breaker.ailing(Printable.of(reason));
  }

  /// The server works, but answered that it takes no writes now.
  void unwritable(String reason) {
    breaker.unwritable(Printable.of(reason));
  }

  /// The server took a write.
  void wrote() {
    breaker.wrote();
  }

  StoreHealth health() {
    return breaker.health();
  }

  @Override
  public void close() {
    client.shutdownNow();
    client.close();
  }
}
