package elysia.testkit.node;

import com.fasterxml.jackson.databind.JsonNode;
import elysia.core.json.Json;
import elysia.testkit.process.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;

/// The HTTP API of a node.
///
/// @param log the end of the node's log, for messages
/// @param patient whether an answer of 503 is no failure but asked for again: what the node needs
///          fails now and then
public record Api(URI url, Supplier<String> log, boolean patient) {
  private static final HttpClient CLIENT = HttpClient.newBuilder()
      .version(HttpClient.Version.HTTP_1_1).connectTimeout(Duration.ofSeconds(5)).build();
  private static final Duration ANSWER = Duration.ofSeconds(60);
  private static final int UNAVAILABLE = 503;
  private static final Duration QUIET = Duration.ofMinutes(2);

  /// An answer.
  ///
  /// @param retryAfter the header `Retry-After`
  public record Reply(int status, JsonNode body, Optional<String> retryAfter) {}

  /// Whether a node there says that it is ready.
  public static boolean ready(URI url) {
    try {
      return CLIENT.send(HttpRequest.newBuilder(url.resolve("/ready"))
          .timeout(Duration.ofSeconds(5)).build(), BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /// Sends a request and reads the answer.
  ///
  /// @param target path and query, escaped
  /// @param body made JSON; none when it is empty text
  /// @throws IOException when the node does not answer
  public Reply send(String method, String target, Object body, String... headers)
      throws IOException {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url + target)).timeout(ANSWER)
        .method(method, body.equals("")
            ? BodyPublishers.noBody()
            : BodyPublishers.ofByteArray(Json.mapper().writeValueAsBytes(body)));
    if (!body.equals(""))
      request.header("Content-Type", "application/json");
    if (headers.length > 0)
      request.headers(headers);
    try {
      HttpResponse<byte[]> response = CLIENT.send(request.build(), BodyHandlers.ofByteArray());
      boolean json = response.headers().firstValue("Content-Type").orElse("").contains("json");
      return new Reply(response.statusCode(), json
          ? Json.mapper().readTree(response.body())
          : Json.mapper().createObjectNode(), response.headers().firstValue("Retry-After"));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  /// The body of an answer that must be a good one.
  public JsonNode get(String target) {
    return good("GET", target, "");
  }

  /// Posts, and must be answered well.
  public JsonNode post(String target, Object body) {
    return good("POST", target, body);
  }

  /// The sum of the metrics whose lines begin so.
  public double metric(String begin) {
    return metric(line -> line.startsWith(begin));
  }

  /// The sum of the metrics of such lines.
  public double metric(Predicate<String> wanted) {
    try {
      HttpResponse<String> response = CLIENT.send(
          HttpRequest.newBuilder(URI.create(url + "/metrics")).timeout(ANSWER).build(),
          BodyHandlers.ofString());
      return response.body().lines().filter(wanted)
          .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
          .sum();
    } catch (IOException e) {
      throw new AssertionError("/metrics\n" + log.get(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  private JsonNode good(String method, String target, Object body) {
    try {
      Reply reply = send(method, target, body);
      if (patient && reply.status() == UNAVAILABLE)
        reply = Await.until(method + " " + target, QUIET, () -> {
          try {
            return Optional.of(send(method, target, body))
                .filter(again -> again.status() != UNAVAILABLE);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
      if (reply.status() / 100 != 2)
        throw new AssertionError(method + " " + target + ": " + reply + "\n" + log.get());
      return reply.body();
    } catch (IOException e) {
      throw new AssertionError(method + " " + target + "\n" + log.get(), e);
    }
  }

  /// The status of a repository.
  public JsonNode repository(String name) {
    return get("/v1/repositories/" + name);
  }

  /// Waits until a repository rests and is synced to a commit.
  ///
  /// @return its status
  public JsonNode awaitSynced(String name, String commit) {
    return await(name, "synced to " + commit,
        status -> resting(status) && status.path("synced_commit").asText().equals(commit));
  }

  /// Asks for a sync and waits for its end.
  ///
  /// @param commit to which the repository must be synced then
  /// @return the status
  public JsonNode sync(String name, String commit) {
    Instant asked = Instant.now();
    post("/v1/repositories/" + name + "/sync", "");
    return await(name, "synced to " + commit, status -> resting(status)
        && status.path("synced_commit").asText().equals(commit) && since(status, asked));
  }

  private static boolean since(JsonNode status, Instant asked) {
    String checked = status.path("last_checked").asText();
    return !checked.isEmpty() && !Instant.parse(checked).isBefore(asked);
  }

  /// Waits until a repository's status is as wanted.
  public JsonNode await(String name, String what, Predicate<JsonNode> wanted) {
    List<JsonNode> last = new ArrayList<>();
    try {
      return Await.until(name + " is " + what, QUIET, () -> {
        JsonNode status = repository(name);
        last.clear();
        last.add(status);
        return Optional.of(status).filter(wanted);
      });
    } catch (AssertionError e) {
      throw new AssertionError(e.getMessage() + "\n" + last + "\n" + log.get(), e);
    }
  }

  /// Whether nothing runs and nothing is asked for.
  public static boolean resting(JsonNode status) {
    return status.path("state").asText().equals("idle") && !status.path("pending_sync").asBoolean()
        && !status.path("detail").asText().equals("a sync is about to start");
  }

  /// A count of the last sync.
  public static long last(JsonNode status, String count) {
    return status.path("last_result").path("counts").path(count).asLong(-1);
  }

  /// Searches by keyword in one collection.
  public JsonNode keyword(String collection, String query, Optional<String> glob, int limit) {
    Map<String, Object> request = new HashMap<>(Map.of("query", query, "collections",
        List.of(collection), "mode", "keyword", "limit", limit));
    glob.ifPresent(path -> request.put("path", path));
    return post("/v1/search", request);
  }
}
