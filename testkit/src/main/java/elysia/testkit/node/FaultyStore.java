package elysia.testkit.node;

import com.fasterxml.jackson.databind.JsonNode;
import elysia.core.json.Json;
import elysia.testkit.process.Await;
import elysia.testkit.weaviate.Fault;
import elysia.testkit.weaviate.Fault.Kind;
import elysia.testkit.weaviate.Fault.On;
import elysia.testkit.weaviate.FaultyWeaviate;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/// A [FaultyWeaviate] in a process of its own, which can be killed and started again where it was.
public final class FaultyStore implements AutoCloseable {
  private static final HttpClient CLIENT = HttpClient.newBuilder()
      .version(HttpClient.Version.HTTP_1_1).connectTimeout(Duration.ofSeconds(5)).build();
  private static final Duration START = Duration.ofSeconds(60);
  private static final Set<Kind> OF_OBJECTS = EnumSet.of(Kind.READ_ONLY, Kind.OBJECTS_FAIL,
      Kind.KEPT_UNINDEXED, Kind.HALF_BATCH, Kind.MISSING_RESULTS);
  /// Longer than a node of [#settings()] waits for an answer.
  private static final long LATE_MILLIS = 3_500;
  private static final long SLOW_MILLIS = 400;

  private final Path folder;
  private Process process;
  private URI url;

  private FaultyStore(Path folder) throws IOException {
    this.folder = Files.createDirectories(folder);
    process = launch(0);
    url = announced();
  }

  /// @param folder where it keeps what it is given
  public static FaultyStore start(Path folder) throws IOException {
    return new FaultyStore(folder);
  }

  private Process launch(int port) throws IOException {
    Files.deleteIfExists(folder.resolve("url"));
    String classes = System.getProperty("surefire.test.class.path",
        System.getProperty("java.class.path"));
    return new ProcessBuilder(ProcessHandle.current().info().command().orElse("java"), "-Xmx256m",
        "-XX:+UseSerialGC", "-cp", classes, FaultyWeaviate.class.getName(), Integer.toString(port),
        folder.toString()).redirectErrorStream(true)
        .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
        .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("log").toFile())).start();
  }

  private URI announced() {
    return Await.until("the store in " + folder, START, () -> {
      if (!process.isAlive())
        throw new AssertionError("the store ended with " + process.exitValue());
      try {
        return Optional.of(URI.create(Files.readString(folder.resolve("url"))));
      } catch (IOException e) { // not there yet
        return Optional.empty();
      }
    });
  }

  /// What a node must be told to use it, with waits that suit a test.
  public String settings() {
    return """
        elysia.node { store = weaviate, embedder = constant }
        elysia.worker.weaviate {
          url = "%s"
          request-timeout = 3s
          retry { first = 20ms, max = 200ms, floor = 5ms }
          breaker { pause { first = 100ms, max = 500ms, floor = 50ms } }
        }
        elysia.coordinator.repository {
          retry { first = 200ms, max = 2s, floor = 50ms }
          redelivery { first = 100ms, max = 1s, floor = 20ms }
          restart-spread = 1s
        }
        """.formatted(url);
  }

  /// What it holds, one change a line.
  public Path file() {
    return folder.resolve("weaviate.jsonl");
  }

  /// A fault of this kind that meets each request which it can spoil with this probability.
  public static Fault sometimes(Kind kind, double probability, long seed) {
    return Fault.sometimes(kind, OF_OBJECTS.contains(kind) ? On.BATCH : On.ANY, probability, seed)
        .withNumber(switch (kind) {
          case DONE_BUT_LATE -> LATE_MILLIS;
          case SLOW -> SLOW_MILLIS;
          default -> 1;
        });
  }

  public void add(Fault fault) {
    send("POST", fault.json().toString());
  }

  /// From now on every request works.
  public void clear() {
    send("DELETE", "");
  }

  /// How many requests each kind of fault has met since the start of the process.
  public Map<Kind, Integer> met() {
    Map<Kind, Integer> met = new EnumMap<>(Kind.class);
    send("GET", "").properties()
        .forEach(kind -> met.put(Kind.valueOf(kind.getKey()), kind.getValue().asInt()));
    return met;
  }

  private JsonNode send(String method, String body) {
    try {
      HttpResponse<byte[]> answer = CLIENT.send(HttpRequest.newBuilder(url.resolve("/fault"))
          .timeout(START).method(method, BodyPublishers.ofString(body)).build(),
          BodyHandlers.ofByteArray());
      if (answer.statusCode() != 200)
        throw new AssertionError(method + " /fault: " + answer.statusCode());
      return answer.body().length == 0
          ? Json.mapper().createObjectNode()
          : Json.mapper().readTree(answer.body());
    } catch (IOException e) {
      throw new AssertionError(method + " /fault", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  /// kill -9.
  public void kill() {
    process.destroyForcibly();
    try {
      if (!process.waitFor(START.toMillis(), TimeUnit.MILLISECONDS))
        throw new AssertionError("the store does not end");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  /// Starts it again, under the same address, after [#kill()].
  public void startAgain() throws IOException {
    process = launch(url.getPort());
    url = announced();
  }

  /// Takes the newest vectors of a class out of its index, as a server's graph does that
  /// was killed.
  public void loseNewest(String className, int n) {
    send("POST", Json.mapper().createObjectNode().put("kind", "lose_newest")
        .put("class", className).put("number", n).toString());
  }

  @Override
  public void close() {
    kill();
  }

  /// All kinds together: each meets the first request that it can spoil, and later ones now and
  /// then.
  ///
  /// @param most requests that each kind meets
  public void addAll(long seed, double probability, long most) {
    long next = seed;
    for (Kind kind : List.of(Kind.values())) {
      Fault fault = sometimes(kind, probability, next++);
      add(Fault.next(kind, fault.on(), 1).withNumber(fault.number()));
      boolean slow = kind == Kind.DONE_BUT_LATE; // costs seconds each
      add(fault.atMost(slow ? Math.max(1, most / 4) : most));
    }
  }
}
