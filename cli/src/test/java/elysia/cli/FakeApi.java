package elysia.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import elysia.core.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/// A node's API of canned answers: for each request line a queue whose last answer stays. Changes
/// that are sent again get those of changes.
final class FakeApi implements AutoCloseable {
  record Answer(int status, String contentType, String body) {}

  /// What somebody else does at the moment of the first request.
  @FunctionalInterface
  interface Meanwhile {
    void happen() throws IOException;
  }

  private final HttpServer server;
  private final Map<String, Deque<Answer>> answers = new ConcurrentHashMap<>();
  final List<String> requests = new CopyOnWriteArrayList<>();
  final List<String> authorizations = new CopyOnWriteArrayList<>();
  volatile Meanwhile meanwhile = () -> {};

  FakeApi() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.createContext("/", this::handle);
    server.start();
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  FakeApi answer(String request, int status, Object body) {
    try {
      return raw(request, status, "application/json", Json.mapper().writeValueAsString(body));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  FakeApi ok(String request, Object body) {
    return answer(request, 200, body);
  }

  FakeApi problem(String request, int status, String code, String detail, String hint) {
    return answer(request, status, Map.of("type", "about:blank", "title", "Problem", "status",
        status, "detail", detail, "code", code, "hint", hint));
  }

  FakeApi raw(String request, int status, String contentType, String body) {
    answers.computeIfAbsent(request, _ -> new ArrayDeque<>())
        .add(new Answer(status, contentType, body));
    return this;
  }

  private synchronized void handle(HttpExchange exchange) throws IOException {
    Meanwhile other = meanwhile;
    meanwhile = () -> {};
    other.happen();
    String request = exchange.getRequestMethod() + " " + exchange.getRequestURI();
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    requests.add(body.isEmpty() ? request : request + " " + body);
    authorizations.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
    Deque<Answer> queue = answers
        .getOrDefault(request, answers.get(request.replace("?again=true", "")));
    Answer answer = queue == null
        ? new Answer(404, "application/problem+json",
            "{\"detail\":\"no " + exchange.getRequestURI().getPath()
                + "\",\"code\":\"repository_not_found\"}")
        : queue.size() > 1 ? queue.remove() : queue.element();
    byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", answer.contentType());
    exchange.sendResponseHeaders(answer.status(), bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
