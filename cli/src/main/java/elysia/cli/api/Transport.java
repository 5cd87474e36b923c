package elysia.cli.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import elysia.cli.output.Output;
import elysia.cli.output.Text;
import elysia.cli.process.ExitCode;
import elysia.cli.process.Failure;
import elysia.core.identity.Printable;
import elysia.core.json.Json;
import elysia.core.repository.Page;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/// One request, one JSON answer; whatever goes wrong becomes a [Failure] with its exit code.
final class Transport {
  private static final Duration CONNECT = Duration.ofSeconds(5);

  /// @param status 2xx
  record Answer(int status, JsonNode body) {
    <T> T as(Class<T> type) {
      return read(body, type);
    }

    /// A list is an array, or an object around one, such as a page.
    <T> List<T> list(Class<T> type) {
      JsonNode array = body;
      if (body.isObject())
        for (JsonNode field : body)
          if (field.isArray()) {
            array = field;
            break;
          }
      if (!array.isArray())
        throw strange("no list", null);
      List<T> items = new ArrayList<>();
      for (JsonNode item : array)
        items.add(read(item, type));
      return items;
    }

    <T> Page<T> page(Class<T> type) {
      return new Page<>(list(type),
          Optional.of(body.path("next_cursor").asText("")).filter(cursor -> !cursor.isEmpty()));
    }

    private static <T> T read(JsonNode json, Class<T> type) {
      try {
        T value = Output.lenient().convertValue(json, type);
        if (value != null)
          return value;
        throw strange("empty", null);
      } catch (IllegalArgumentException | NullPointerException e) {
        throw strange(String.valueOf(e.getMessage()), e);
      }
    }
  }

  private final NodeAddress address;
  private final Optional<String> token;
  private final Connections connections;
  private @Nullable URI node;

  Transport(NodeAddress address, Optional<String> token, Connections connections) {
    this.address = address;
    this.token = token;
    this.connections = connections;
  }

  Answer send(String method, String path, @Nullable Object body, Duration timeout) {
    URI base = base();
    try {
      return exchange(base, method, path, body, timeout);
    } catch (ConnectException e) {
      URI started = startInstead(base, e);
      try {
        return exchange(started, method, path, body, timeout);
      } catch (ConnectException again) {
        throw unreachable(started, again);
      }
    }
  }

  /// Sends a body of lines and gives every line of the answer to the visitor.
  ///
  /// @param body null for a request without one
  void lines(String method, String path, byte @Nullable [] body, Map<String, String> headers,
      Duration timeout, Consumer<JsonNode> visitor) {
    URI base = base();
    try {
      exchangeLines(base, method, path, body, headers, timeout, visitor);
    } catch (ConnectException e) {
      URI started = startInstead(base, e);
      try {
        exchangeLines(started, method, path, body, headers, timeout, visitor);
      } catch (ConnectException again) {
        throw unreachable(started, again);
      }
    }
  }

  private void exchangeLines(URI base, String method, String path, byte @Nullable [] body,
      Map<String, String> headers, Duration timeout, Consumer<JsonNode> visitor)
      throws ConnectException {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + path)).timeout(timeout)
        .header("Accept", "application/x-ndjson");
    authorization(base).ifPresent(value -> request.header("Authorization", value));
    headers.forEach(request::header);
    if (body == null)
      request.method(method, BodyPublishers.noBody());
    else
      request.header("Content-Type", "application/x-ndjson").method(method,
          BodyPublishers.ofByteArray(body));
    try {
      HttpResponse<InputStream> response = connections.to(base).send(request.build(),
          BodyHandlers.ofInputStream());
      try (BufferedReader reader = new BufferedReader(
          new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
        if (response.statusCode() != 200) {
          String text = reader.lines().collect(Collectors.joining("\n"));
          JsonNode problem = problemOf(base, response.statusCode(), text);
          throw problem(base, response.statusCode(), problem);
        }
        for (String line = reader.readLine(); line != null; line = reader.readLine())
          if (!line.isBlank())
            visitor.accept(Output.lenient().readTree(line));
      }
    } catch (ConnectException e) {
      throw e;
    } catch (SSLException e) {
      throw untrusted(base, e);
    } catch (IOException e) {
      throw new Failure(ExitCode.UNREACHABLE, "the connection to " + base + " broke",
          "see whether the node still runs: elysiactl server status").because(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Failure.interrupted();
    }
  }

  /// Opens a WebSocket; never starts a node.
  ///
  /// @return whether it is open: false when the node does not offer it, or as many as it allows are
  ///         open
  /// @throws Failure when no node answers
  boolean listen(String path, WebSocket.Listener listener) {
    URI base = base();
    WebSocket.Builder builder = connections.to(base).newWebSocketBuilder().connectTimeout(CONNECT);
    token.ifPresent(value -> builder.header("Authorization", "Bearer " + value));
    try {
      return builder.buildAsync(URI.create(base.toString().replaceFirst("^http", "ws") + path),
          listener).get() != null;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof WebSocketHandshakeException)
        return false;
      if (e.getCause() instanceof SSLException ssl)
        throw untrusted(base, ssl);
      throw unreachable(base, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Failure.interrupted();
    }
  }

  private static JsonNode problemOf(URI base, int status, String text) {
    try {
      JsonNode body = Output.lenient().readTree(text);
      if (body.isObject())
        return body;
    } catch (JsonProcessingException e) { // told below
    }
    throw notANode(base, status);
  }

  private Optional<String> authorization(URI base) {
    return token.or(() -> address.token(base)).map(value -> "Bearer " + value);
  }

  private synchronized URI base() {
    if (node == null)
      node = address.find().or(address::start).orElseThrow(
          () -> new Failure(ExitCode.UNREACHABLE, "no node runs",
              "start one: elysiactl server start"));
    return node;
  }

  private synchronized URI startInstead(URI failed, ConnectException why) {
    if (node != null && !node.equals(failed))
      return node; // another thread has started one meanwhile
    URI started = address.start().orElseThrow(() -> unreachable(failed, why));
    node = started;
    return started;
  }

  private Answer exchange(URI base, String method, String path, @Nullable Object body,
      Duration timeout) throws ConnectException {
    HttpResponse<byte[]> response;
    try {
      response = connections.to(base).send(request(base, method, path, body, timeout),
          BodyHandlers.ofByteArray());
    } catch (ConnectException e) {
      if (e.getCause() instanceof UnresolvedAddressException)
        throw new Failure(ExitCode.UNREACHABLE, "no such host: " + base.getHost(),
            "check --server or ELYSIACTL_SERVER").because(e);
      throw e;
    } catch (SSLException e) {
      throw untrusted(base, e);
    } catch (HttpTimeoutException e) {
      throw new Failure(ExitCode.UNREACHABLE,
          base + " did not answer within " + Text.seconds(timeout.toSeconds()),
          "see how it fares: elysiactl server status").because(e);
    } catch (IOException e) {
      throw new Failure(ExitCode.UNREACHABLE, "the connection to " + base + " broke",
          "see whether the node still runs: elysiactl server status").because(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Failure.interrupted();
    }
    return answer(base, response);
  }

  private HttpRequest request(URI base, String method, String path, @Nullable Object body,
      Duration timeout) {
    try {
      HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + path)).timeout(timeout)
          .header("Accept", "application/json");
      authorization(base).ifPresent(value -> request.header("Authorization", value));
      if (body == null)
        return request.method(method, BodyPublishers.noBody()).build();
      return request.header("Content-Type", "application/json")
          .method(method, BodyPublishers.ofByteArray(Json.mapper().writeValueAsBytes(body)))
          .build();
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a request cannot be written as JSON", e);
    } catch (IllegalArgumentException e) { // such as a line end in the token
      throw Failure
          .usage("the server's address or the token has characters that HTTP does not allow",
              "check --server and the token")
          .because(e);
    }
  }

  private static Answer answer(URI base, HttpResponse<byte[]> response) {
    int status = response.statusCode();
    JsonNode body;
    try {
      body = Output.lenient().readTree(response.body());
    } catch (IOException e) {
      throw notANode(base, status).because(e);
    }
    if (status >= 200 && status < 300)
      return new Answer(status, body);
    if (!body.isObject())
      throw notANode(base, status);
    throw problem(base, status, body);
  }

  private static Failure problem(URI base, int status, JsonNode body) {
    String title = body.path("title").asText("");
    String detail = body.path("detail").asText(title.isEmpty() ? "HTTP " + status : title);
    String hint = body.path("hint").asText("");
    Optional<String> code = Optional.of(body.path("code").asText("")).filter(c -> !c.isEmpty());
    return switch (status) {
      case 401, 403 -> new Failure(ExitCode.REFUSED, detail,
          hint.isEmpty() ? "give a token with ELYSIACTL_TOKEN or --token-file" : hint, code);
      case 429, 502, 503, 504 -> new Failure(ExitCode.UNREACHABLE, detail,
          hint.isEmpty() ? "try again in a moment; see: elysiactl server status" : hint, code);
      default -> status >= 500
          ? new Failure(ExitCode.UNREACHABLE, base + " failed: " + detail,
              hint.isEmpty() ? "its log says more" : hint, code)
          : new Failure(ExitCode.USAGE, detail, hint, code);
    };
  }

  private static Failure notANode(URI base, int status) {
    if (status == 401 || status == 403)
      return new Failure(ExitCode.REFUSED, base + " refused the request (HTTP " + status + ")",
          "give a token with ELYSIACTL_TOKEN or --token-file");
    return new Failure(ExitCode.UNREACHABLE,
        base + " answered something that is not the API of a node (HTTP " + status + ")",
        "name the node with --server or ELYSIACTL_SERVER");
  }

  private static Failure untrusted(URI base, SSLException cause) {
    return new Failure(ExitCode.UNREACHABLE,
        "no secure connection to " + base + ": " + Printable.of(String.valueOf(cause.getMessage())),
        "name the file of its certificate authority with --ca-file or ELYSIACTL_CA_FILE")
        .because(cause);
  }

  private static Failure unreachable(URI base, Exception cause) {
    return new Failure(ExitCode.UNREACHABLE, "no node answers at " + base,
        "start one there, or name another with --server or ELYSIACTL_SERVER").because(cause);
  }

  private static Failure strange(String what, @Nullable Exception cause) {
    Failure failure = new Failure(ExitCode.UNREACHABLE, "the node's answer cannot be understood",
        "compare the versions: elysiactl --version, elysiactl server status");
    return failure.because(cause == null ? new IllegalStateException(what) : cause);
  }
}
