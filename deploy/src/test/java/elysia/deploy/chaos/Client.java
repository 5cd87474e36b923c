package elysia.deploy.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import elysia.core.json.Json;
import elysia.testkit.node.NodeProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/// Sends commands to nodes that may be dead, asleep or cut off, as a user does who tries another
/// one then.
final class Client {
  private static final HttpClient HTTP = HttpClient.newBuilder()
      .version(HttpClient.Version.HTTP_1_1).connectTimeout(Duration.ofSeconds(3)).build();
  private static final Duration ANSWER = Duration.ofSeconds(15);

  private final List<NodeProcess> nodes;

  Client(List<NodeProcess> nodes) {
    this.nodes = List.copyOf(nodes);
  }

  /// What came of a command.
  ///
  /// @param status of HTTP; 0 when nobody answered
  record Answer(int status, String text) {
    /// Whether it was taken.
    boolean good() {
      return status / 100 == 2;
    }

    JsonNode json() {
      try {
        return Json.mapper().readTree(text);
      } catch (IOException e) {
        throw new AssertionError(text, e);
      }
    }
  }

  /// Sends to any node that is known to run.
  Answer send(SplittableRandom random, String method, String target, Object body) {
    List<URI> there = nodes.stream().map(NodeProcess::url).flatMap(Optional::stream).toList();
    if (there.isEmpty())
      return new Answer(0, "no node runs");
    return send(there.get(random.nextInt(there.size())), method, target, body);
  }

  /// @param body sent as it is when it is text with lines, else as JSON; nothing when it is empty
  static Answer send(URI node, String method, String target, Object body) {
    try {
      boolean lines = body instanceof String text && !text.isEmpty();
      byte[] bytes = body instanceof String text
          ? text.getBytes(StandardCharsets.UTF_8)
          : Json.mapper().writeValueAsBytes(body);
      HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(node + target))
          .timeout(ANSWER)
          .method(method, bytes.length == 0
              ? BodyPublishers.noBody()
              : BodyPublishers.ofByteArray(bytes));
      if (bytes.length > 0)
        request.header("Content-Type", lines ? "application/x-ndjson" : "application/json");
      HttpResponse<String> response = HTTP.send(request.build(), BodyHandlers.ofString());
      return new Answer(response.statusCode(), response.body());
    } catch (IOException e) {
      return new Answer(0, String.valueOf(e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Answer(0, "interrupted");
    }
  }
}
