package elysia.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import elysia.core.json.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// A node whose index is a map from `repository/path` to content. At some request it does a part of
/// what that asks for and nothing from then on: as if the client had died then.
final class ModelNode implements AutoCloseable {
  /// What is to be kept at the moment of a death.
  @FunctionalInterface
  interface Witness {
    void look() throws IOException;
  }

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Random random;
  private final Map<String, String> files = new TreeMap<>();
  private String refused = "";
  private int requestsLeft = Integer.MAX_VALUE;
  private Witness witness = () -> {};
  private boolean dead;

  ModelNode(Random random) throws IOException {
    this.random = new Random(random.nextLong());
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::handle);
    server.setExecutor(threads);
    server.start();
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  synchronized Map<String, String> files() {
    return new TreeMap<>(files);
  }

  synchronized void put(String path, String content) {
    files.put(path, content);
  }

  /// Requests that name this path get no answer; none for the empty one.
  synchronized void refuse(String path) {
    refused = path;
  }

  synchronized void dieAt(int request, Witness atDeath) {
    requestsLeft = request;
    witness = atDeath;
  }

  /// From now on it answers.
  ///
  /// @return whether it had died
  synchronized boolean revived() {
    boolean was = dead;
    dead = false;
    requestsLeft = Integer.MAX_VALUE;
    return was;
  }

  private synchronized void handle(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    List<JsonNode> lines = new ArrayList<>();
    for (String line : new String(body, StandardCharsets.UTF_8).lines().toList())
      lines.add(Json.mapper().readTree(line));
    boolean again = String.valueOf(exchange.getRequestURI().getQuery()).contains("again=true");
    if (!dead && --requestsLeft == 0) {
      dead = true;
      witness.look();
      partly(lines, again);
    }
    boolean away = lines.stream().anyMatch(line -> line.path("path").asText().equals(refused));
    StringBuilder answer = new StringBuilder();
    if (!dead && !away)
      answer(lines, again, answer);
    byte[] bytes = answer.toString().getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/x-ndjson");
    exchange.sendResponseHeaders(dead || away ? 503 : 200, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private void answer(List<JsonNode> lines, boolean again, StringBuilder answer) {
    int failed = 0;
    for (int i = 0; i < lines.size(); i++)
      if (!apply(files, lines.get(i), again)) {
        failed++;
        ObjectNode line = Json.mapper().createObjectNode().put("line", i + 1).put("path",
            lines.get(i).path("path").asText());
        line.putObject("error").put("code", "nothing_to_move").put("message", "nothing is there");
        answer.append(line).append('\n');
      }
    answer.append("{\"updated\":").append(lines.size() - failed).append(",\"failed\":")
        .append(failed).append(",\"seconds\":0.1}\n");
  }

  /// Changes of different paths go in parallel: any of them may be done.
  private void partly(List<JsonNode> lines, boolean again) {
    Map<String, Boolean> chosen = new HashMap<>();
    for (JsonNode line : lines) {
      String place = line.path("repo").asText() + "/" + line.path("path").asText();
      String other = line.has("new_path")
          ? line.path("repo").asText() + "/" + line.path("new_path").asText()
          : place;
      boolean done = chosen.computeIfAbsent(place, _ -> random.nextBoolean());
      if (chosen.computeIfAbsent(other, _ -> done) && done)
        apply(files, line, again);
      else
        chosen.put(place, false);
    }
  }

  /// What a map comes to by lines of the change format.
  static Map<String, String> after(Map<String, String> files, List<String> lines)
      throws IOException {
    Map<String, String> after = new TreeMap<>(files);
    for (String line : lines)
      apply(after, Json.mapper().readTree(line), false);
    return after;
  }

  /// @return false when there was nothing to move
  private static boolean apply(Map<String, String> files, JsonNode line, boolean again) {
    String repo = line.path("repo").asText() + "/";
    String path = repo + line.path("path").asText();
    String target = line.has("new_path") ? repo + line.path("new_path").asText() : path;
    String content = line.has("content_base64")
        ? new String(Base64.getDecoder().decode(line.path("content_base64").asText()),
            StandardCharsets.UTF_8)
        : line.path("content").asText("");
    if (line.path("op").asText().equals("delete"))
      files.remove(path);
    else if (!content.isEmpty()) {
      files.remove(path);
      files.put(target, content);
    } else if (files.containsKey(path))
      files.put(target, files.remove(path));
    else
      return again && files.containsKey(target);
    return true;
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
