package elysia.testkit.process;

import com.fasterxml.jackson.databind.JsonNode;
import elysia.core.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/// A server that speaks JSON. Thread-safe.
public record Http(URI base) {
  private static final HttpClient CLIENT = HttpClient.newBuilder()
      .version(HttpClient.Version.HTTP_1_1).connectTimeout(Duration.ofSeconds(5)).build();
  private static final Duration ANSWER = Duration.ofMinutes(2);

  /// Whether a GET is answered with 200.
  public boolean ok(String target) {
    try {
      return CLIENT.send(HttpRequest.newBuilder(base.resolve(target)).timeout(ANSWER).build(),
          BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  public JsonNode get(String target) {
    return json(send("GET", target, new byte[0]));
  }

  /// The body as text.
  public String text(String target) {
    return send("GET", target, new byte[0]);
  }

  /// @param body made JSON
  public JsonNode post(String target, Object body) {
    try {
      return json(send("POST", target, Json.mapper().writeValueAsBytes(body)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Sends JSON as it is.
  ///
  /// @throws IllegalStateException when the answer is none of 2xx
  public String send(String method, String target, byte[] body) {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + target)).timeout(ANSWER)
        .method(method, body.length == 0
            ? BodyPublishers.noBody()
            : BodyPublishers.ofByteArray(body));
    if (body.length > 0)
      request.header("Content-Type", "application/json");
    try {
      HttpResponse<String> response = CLIENT.send(request.build(), BodyHandlers.ofString());
      if (response.statusCode() / 100 != 2)
        throw new IllegalStateException(
            method + " " + target + ": " + response.statusCode() + " " + response.body());
      return response.body();
    } catch (IOException e) {
      throw new UncheckedIOException(method + " " + target, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  private static JsonNode json(String text) {
    try {
      return Json.mapper().readTree(text.isEmpty() ? "{}" : text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
