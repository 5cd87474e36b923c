package elysia.worker.openai;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import elysia.core.identity.Printable;
import elysia.core.outcome.Problem;
import elysia.core.rate.RateBudget;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// One request to the service, and what its answer means. Never retries. Thread-safe.
final class EmbeddingsClient implements AutoCloseable {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private final OpenAiSettings settings;
  private final RateBudget budget;
  private final InstantSource clock;
  private final HttpClient http;

  EmbeddingsClient(OpenAiSettings settings, RateBudget budget, InstantSource clock) {
    this.settings = settings;
    this.budget = budget;
    this.clock = clock;
    // HTTP/1.1: the upgrade that Java offers on plain connections confuses some Python servers.
    this.http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1)
        .followRedirects(HttpClient.Redirect.NEVER).connectTimeout(settings.connectTimeout())
        .build();
  }

  /// @param dimension that the vectors must have; 0 for any
  EmbeddingsResult post(List<String> texts, int dimension) {
    HttpRequest.Builder request = HttpRequest.newBuilder(settings.endpoint())
        .header("Content-Type", "application/json").header("Accept", "application/json")
        .POST(HttpRequest.BodyPublishers.ofByteArray(body(texts)));
    if (!settings.key().isEmpty())
      request.header("Authorization", settings.key().bearer());
    CompletableFuture<HttpResponse<byte[]>> call = http.sendAsync(request.build(),
        _ -> new BoundedBody(settings.maxResponseBytes()));
    try {
      HttpResponse<byte[]> response = call.get(settings.timeout().toMillis(),
          TimeUnit.MILLISECONDS);
      RateHeaders.teach(response.headers(), budget);
      return response.statusCode() == 200
          ? EmbeddingsReader.read(response.body(), texts.size(), dimension, settings)
          : failure(response);
    } catch (TimeoutException _) {
      call.cancel(true);
      return new EmbeddingsResult.Failed("no answer from " + settings.host() + " within "
          + settings.timeout().toSeconds() + " s", false);
    } catch (InterruptedException _) {
      call.cancel(true);
      Thread.currentThread().interrupt();
      return new EmbeddingsResult.Failed("interrupted", false);
    } catch (ExecutionException e) {
      return new EmbeddingsResult.Failed(words(e.getCause()),
          e.getCause() instanceof BoundedBody.TooLong);
    }
  }

  private byte[] body(List<String> texts) {
    ObjectNode body = MAPPER.createObjectNode().put("model", settings.model())
        .put("encoding_format", settings.base64() ? "base64" : "float");
    if (settings.asksDimension())
      body.put("dimensions", settings.dimension());
    ArrayNode input = body.putArray("input");
    texts.forEach(input::add);
    try {
      // by way of a String: half a surrogate pair becomes `?` there, and an exception in a byte
      // generator
      return MAPPER.writeValueAsString(body).getBytes(StandardCharsets.UTF_8);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of strings is always JSON", e);
    }
  }

  /// Not the exception's own text: some quote what was sent.
  private String words(@Nullable Throwable error) {
    String host = settings.host();
    return switch (error) {
      case BoundedBody.TooLong tooLong -> host + " sent an " + tooLong.getMessage();
      case HttpConnectTimeoutException _ -> host + " did not take a connection within "
          + settings.connectTimeout().toSeconds() + " s";
      case ConnectException _ -> host + " cannot be reached";
      case IOException _ -> "the connection to " + host + " broke";
      case null, default -> "the call to " + host + " failed";
    };
  }

  private EmbeddingsResult failure(HttpResponse<byte[]> response) {
    int status = response.statusCode();
    List<String> error = EmbeddingsReader.error(response.body());
    String words = Printable.of(settings.key().hideIn(error.get(0)));
    String code = error.get(1);
    String said = settings.host() + " answers " + status + (words.isEmpty() ? "" : ": " + words);
    var retryAfter = RateHeaders.retryAfter(response.headers(), clock.instant());
    if (status == 402 || code.equals("insufficient_quota"))
      return refused("embeddings_quota", said, "check plan and billing of the key's account");
    if (code.equals("model_not_found"))
      return unknownModel(said);
    if (status == 429)
      return new EmbeddingsResult.Throttled(retryAfter, "rate limit of " + settings.host());
    if (status == 503 && retryAfter.isPresent())
      return new EmbeddingsResult.Throttled(retryAfter, settings.host() + " is overloaded");
    return switch (status) {
      case 401, 403 -> refused("embeddings_unauthorized", // words left out: they may hold the key
          settings.host() + " does not accept the key (" + status + ")",
          "set ELYSIACTL_EMBEDDINGS_KEY to a key that may use " + settings.model());
      case 404 -> unknownModel(said);
      case 400, 413, 422 -> new EmbeddingsResult.Unwanted(said);
      case 408, 409, 424, 425 -> new EmbeddingsResult.Failed(said, false);
      default -> switch (status / 100) {
        case 5 -> new EmbeddingsResult.Failed(said, status == 500);
        case 3 -> redirected(response);
        case 2 -> new EmbeddingsResult.Failed(said + " (expected: 200)", false);
        default -> refused("embeddings_refused", said, "check ELYSIACTL_EMBEDDINGS_URL");
      };
    };
  }

  private EmbeddingsResult unknownModel(String said) {
    return refused("embeddings_model", said, "check the model (" + settings.model()
        + ") and ELYSIACTL_EMBEDDINGS_URL (" + settings.endpoint().getPath() + ")");
  }

  private EmbeddingsResult redirected(HttpResponse<byte[]> response) {
    String to = response.headers().firstValue("location").flatMap(EmbeddingsClient::host)
        .map(host -> " to " + Printable.of(host)).orElse("");
    return refused("embeddings_redirected",
        settings.host() + " redirects" + to + "; key and texts go nowhere else unasked",
        "set ELYSIACTL_EMBEDDINGS_URL to the address that answers itself");
  }

  private static Optional<String> host(String location) {
    try {
      return Optional.ofNullable(URI.create(location).getHost());
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  private static EmbeddingsResult refused(String code, String message, String hint) {
    return new EmbeddingsResult.Refused(Problem.of(code, message, hint));
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
