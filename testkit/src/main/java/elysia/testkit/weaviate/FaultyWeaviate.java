package elysia.testkit.weaviate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import elysia.core.json.Json;
import elysia.testkit.weaviate.Api.Answer;
import elysia.testkit.weaviate.Fault.Kind;
import elysia.testkit.weaviate.Fault.On;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.ReentrantLock;

/// A server on 127.0.0.1 that speaks as much of Weaviate's API as the store uses, with real vector
/// and keyword search, and fails as it is told: by [#faults()], or by `POST /fault` with a
/// [Fault] as JSON (`GET /fault` tells how many requests each kind has met, `DELETE /fault` ends
/// all; `{"kind":"lose_newest","class":C,"number":n}` takes the newest vectors out of the index at
/// once).
///
/// It takes batches and queries by gRPC, too, on a port of its own, which a folder keeps over
/// restarts.
///
/// As a process of its own: `FaultyWeaviate PORT FOLDER`; its address is in the folder's file `url`,
/// and what it was given is in `weaviate.jsonl` and there again after a restart, also after kill -9.
public final class FaultyWeaviate implements AutoCloseable {
  private final HttpServer server;
  private final GrpcSide grpc;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Faults faults = new Faults();
  private final Database database;
  private final Api api;
  private final String apiKey;
  private final ReentrantLock lock = new ReentrantLock();

  private FaultyWeaviate(int port, String apiKey, Optional<Path> folder) throws IOException {
    System.setProperty("sun.net.httpserver.nodelay", "true");
    this.apiKey = apiKey;
    this.database = new Database(folder.map(f -> f.resolve("weaviate.jsonl")));
    this.api = new Api(database);
    this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
        256);
    server.createContext("/", this::handle);
    server.setExecutor(threads);
    server.start();
    Optional<Path> kept = folder.map(f -> f.resolve("grpc-port"));
    int grpcPort = kept.isPresent() && Files.exists(kept.get())
        ? Integer.parseInt(Files.readString(kept.get()))
        : 0;
    this.grpc = new GrpcSide(grpcPort, apiKey, threads, faults, this::answer);
    if (kept.isPresent())
      Files.writeString(kept.get(), Integer.toString(grpc.port()));
  }

  /// On a free port, wanting no key, keeping nothing.
  public static FaultyWeaviate start() throws IOException {
    return start(0, "", Optional.empty());
  }

  /// @param port 0 for a free one
  /// @param apiKey empty for none
  /// @param folder where it keeps what it was given; it exists
  public static FaultyWeaviate start(int port, String apiKey, Optional<Path> folder)
      throws IOException {
    return new FaultyWeaviate(port, apiKey, folder);
  }

  /// Serves until it is killed.
  ///
  /// @param arguments the port and the folder
  public static void main(String[] arguments) throws IOException {
    Path folder = Path.of(arguments[1]);
    FaultyWeaviate server = start(Integer.parseInt(arguments[0]), "", Optional.of(folder));
    Path draft = Files.writeString(folder.resolve("url.part"), server.url());
    Files.move(draft, folder.resolve("url"), StandardCopyOption.ATOMIC_MOVE);
  }

  public String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /// Of its gRPC port.
  public String grpcUrl() {
    return "http://127.0.0.1:" + grpc.port();
  }

  public Faults faults() {
    return faults;
  }

  /// Takes the newest vectors of a class out of the vector index, as a graph does whose server
  /// was killed.
  public void loseNewest(String className, int n) {
    lock.lock();
    try {
      database.loseNewest(database.find(className).orElseThrow(), n);
      database.flush();
    } finally {
      lock.unlock();
    }
  }

  /// Sets `QUERY_MAXIMUM_RESULTS`: the most objects of an answer or a deletion; 10,000 at first.
  public void queryMaximumResults(int most) {
    lock.lock();
    try {
      database.queryMaximumResults(most);
    } finally {
      lock.unlock();
    }
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getPath();
      JsonNode body = body(exchange.getRequestBody().readAllBytes());
      if (path.equals("/fault"))
        control(exchange, body);
      else if (!apiKey.isEmpty() && !("Bearer " + apiKey)
          .equals(exchange.getRequestHeaders().getFirst("Authorization")))
        send(exchange, new Answer(401, JsonNodeFactory.instance.objectNode().put("code", 401)
            .put("message", "anonymous access not enabled")));
      else
        serve(exchange, path, body);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static JsonNode body(byte[] bytes) {
    try {
      return bytes.length == 0 ? MissingNode.getInstance() : Json.mapper().readTree(bytes);
    } catch (IOException e) {
      return MissingNode.getInstance();
    }
  }

  private void control(HttpExchange exchange, JsonNode body) throws IOException {
    if (exchange.getRequestMethod().equals("GET")) {
      ObjectNode met = JsonNodeFactory.instance.objectNode();
      faults.met().forEach((kind, times) -> met.put(kind.name(), times));
      send(exchange, new Answer(200, met));
      return;
    }
    if (exchange.getRequestMethod().equals("DELETE"))
      faults.clear();
    else if (body.path("kind").asText().equals("lose_newest"))
      loseNewest(body.path("class").asText(), body.path("number").asInt());
    else
      faults.add(Fault.of(body));
    send(exchange, Answer.empty(200));
  }

  private void serve(HttpExchange exchange, String path, JsonNode body)
      throws IOException, InterruptedException {
    String method = exchange.getRequestMethod();
    Optional<Fault> fault = faults.meet(on(method, path));
    Optional<Kind> kind = fault.map(Fault::kind);
    if (fault.isPresent() && instead(exchange, fault.get()))
      return;
    Answer answer = answer(method, path, body, kind);
    if (fault.isEmpty() || !spoiled(exchange, fault.get(), answer))
      send(exchange, answer);
  }

  private Answer answer(String method, String path, JsonNode body, Optional<Kind> fault) {
    lock.lock();
    try {
      Answer answer = api.answer(method, path, body, fault);
      database.flush();
      return answer;
    } finally {
      lock.unlock();
    }
  }

  private static On on(String method, String path) {
    return switch (path) {
      case "/v1/batch/objects" -> method.equals("DELETE") ? On.DELETE : On.BATCH;
      case "/v1/graphql" -> On.QUERY;
      default -> On.SCHEMA;
    };
  }

  /// Faults before anything is done.
  private static boolean instead(HttpExchange exchange, Fault fault)
      throws IOException, InterruptedException {
    switch (fault.kind()) {
      case RATE_LIMIT -> {
        exchange.getResponseHeaders().set("Retry-After", Long.toString(fault.number()));
        send(exchange, Answer.error(429, "too many requests"));
      }
      case UNAVAILABLE -> {
        if (fault.number() > 1)
          exchange.getResponseHeaders().set("Retry-After", Long.toString(fault.number()));
        send(exchange, Answer.error(503, "read-only mode is enabled"));
      }
      case OUT_OF_MEMORY -> send(exchange,
          Answer.error(500, "cannot process batch: not enough memory"));
      case SLOW -> {
        Thread.sleep(Duration.ofMillis(fault.number()));
        return false;
      }
      case RESET -> exchange.close();
      default -> {
        return false;
      }
    }
    return true;
  }

  /// Faults after it is done.
  private static boolean spoiled(HttpExchange exchange, Fault fault, Answer answer)
      throws IOException, InterruptedException {
    switch (fault.kind()) {
      case DONE_BUT_LATE -> {
        Thread.sleep(Duration.ofMillis(fault.number()));
        return false;
      }
      case WRONG_JSON -> write(exchange, 200, "<html>{\"objects\":[".getBytes(
          StandardCharsets.UTF_8), 0);
      case HALF_ANSWER -> write(exchange, 200, bytes(answer), 100);
      case HALF_BATCH -> exchange.close();
      default -> {
        return false;
      }
    }
    return true;
  }

  private static byte[] bytes(Answer answer) throws IOException {
    return answer.body().isMissingNode()
        ? new byte[0]
        : Json.mapper().writeValueAsBytes(answer.body());
  }

  private static void send(HttpExchange exchange, Answer answer) throws IOException {
    write(exchange, answer.status(), bytes(answer), 0);
  }

  /// @param missing how many bytes are promised and never sent
  private static void write(HttpExchange exchange, int status, byte[] body, int missing)
      throws IOException {
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    int length = body.length + missing;
    exchange.sendResponseHeaders(status, length == 0 ? -1 : length);
    exchange.getResponseBody().write(body);
    if (missing == 0)
      exchange.getResponseBody().close();
  }

  @Override
  public void close() throws IOException {
    grpc.close();
    server.stop(0);
    threads.shutdownNow();
    threads.close();
    database.close();
  }
}
