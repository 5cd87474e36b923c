package elysia.testkit.node;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import elysia.core.json.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;

/// An embedding service outside of the node, which remembers across the node's deaths how often it
/// was given each text.
public final class CountingEmbeddings implements AutoCloseable {
  private static final int DIMENSION = 32;

  private final HttpServer server;
  private final Duration perText;
  private final Map<String, Integer> texts = new ConcurrentHashMap<>();

  /// @param perText time that a text takes
  public CountingEmbeddings(Duration perText) throws IOException {
    this(perText, 0);
  }

  /// @param port where it listens; 0 for a free one
  public CountingEmbeddings(Duration perText, int port) throws IOException {
    this.perText = perText;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::answer);
    server.start();
  }

  public int port() {
    return server.getAddress().getPort();
  }

  /// What a node must be told to use it.
  public String settings() {
    return """
        elysia.node.embedder = openai
        elysia.worker.openai {
          url = "http://127.0.0.1:%d"
          model = counting
          dimension = %d
          max-tokens = 512
          tokenizer = bytes
        }
        """.formatted(port(), DIMENSION);
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      JsonNode input = Json.mapper().readTree(exchange.getRequestBody()).path("input");
      ObjectNode answer = Json.mapper().createObjectNode();
      ArrayNode data = answer.putArray("data");
      for (JsonNode text : input)
        embed(text.asText(), data.addObject().put("index", data.size() - 1));
      LockSupport.parkNanos(perText.toNanos() * input.size());
      byte[] bytes = Json.mapper().writeValueAsBytes(answer);
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.sendResponseHeaders(200, bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }

  private void embed(String text, ObjectNode into) {
    texts.merge(text, 1, Integer::sum);
    SplittableRandom random = new SplittableRandom(text.hashCode());
    ArrayNode vector = into.putArray("embedding");
    for (int i = 0; i < DIMENSION; i++)
      vector.add((float) random.nextGaussian());
  }

  /// Texts with this in them, each counted once.
  public long distinct(String marker) {
    return texts.keySet().stream().filter(text -> text.contains(marker)).count();
  }

  /// How often a text with this in it was given again.
  public long repeats(String marker) {
    return texts.entrySet().stream().filter(text -> text.getKey().contains(marker))
        .mapToLong(text -> text.getValue() - 1).sum();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
