package elysia.bench.harness;

import com.fasterxml.jackson.databind.JsonNode;
import elysia.core.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

/// A node of the distribution, in a process of its own, with a home of its own.
public final class NodeProcess implements AutoCloseable {
  private static final Duration START = Duration.ofMinutes(2);
  private static final Duration WORK = Duration.ofMinutes(30);
  private static final Duration STOP = Duration.ofSeconds(30);
  private static final Duration LOOK = Duration.ofMillis(5);
  private static final Duration LONGEST_LOOK = Duration.ofMillis(100);
  private static final Path NOTHING = Path.of("/dev/null");

  private final Path launcher;
  private final Path home;
  private final Path log;
  private final Map<String, String> environment;
  private final Process process;
  private final Http http;
  private final Duration readyAfter;
  private final double readyProcessor;

  private NodeProcess(Path launcher, Path folder, Map<String, String> environment, Process process,
      long started) {
    this.launcher = launcher;
    this.home = folder.resolve("home");
    this.log = folder.resolve("node.log");
    this.environment = environment;
    this.process = process;
    this.http = await("the node's start", START, this::ready);
    this.readyAfter = Duration.ofNanos(System.nanoTime() - started);
    this.readyProcessor = processorSeconds();
  }

  /// Starts a node and returns when it is ready.
  ///
  /// @param folder
  ///          in which its home and its log are made
  /// @param environment
  ///          of the node, beside its home and port
  public static NodeProcess start(Path launcher, Path folder, Map<String, String> environment) {
    Map<String, String> all = environment(folder.resolve("home"));
    all.putAll(environment);
    try {
      Files.createDirectories(folder.resolve("home"));
      ProcessBuilder builder = new ProcessBuilder(launcher.toString(), "server", "start",
          "--foreground").redirectErrorStream(true).redirectInput(NOTHING.toFile())
          .redirectOutput(
              ProcessBuilder.Redirect.appendTo(folder.resolve("node.log").toFile()));
      all.forEach((name, value) -> Program.set(builder.environment(), name, value));
      long started = System.nanoTime();
      return new NodeProcess(launcher, folder, all, builder.start(), started);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// What a command needs to use a home and nothing else of this machine's settings.
  public static Map<String, String> environment(Path home) {
    Map<String, String> environment = new HashMap<>();
    for (String name : List.of("ELYSIACTL_SERVER", "ELYSIACTL_TOKEN", "ELYSIACTL_STORE",
        "ELYSIACTL_EMBEDDER", "ELYSIACTL_DB_URL", "ELYSIACTL_MGIT", "ELYSIACTL_HEAP",
        "ELYSIACTL_SEEDS", "ELYSIACTL_STATE_FILE"))
      environment.put(name, "");
    environment.put("ELYSIACTL_HOME", home.toString());
    environment.put("ELYSIACTL_HTTP_PORT", "0");
    return environment;
  }

  private Optional<Http> ready() {
    if (!process.isAlive())
      throw new IllegalStateException("the node ended with " + process.exitValue() + tail());
    try {
      JsonNode node = Json.mapper().readTree(home.resolve("node.json").toFile());
      Http there = new Http(URI.create(node.path("url").asText()));
      return node.path("pid").asLong() == process.pid() && there.ok("/ready")
          ? Optional.of(there)
          : Optional.empty();
    } catch (IOException | IllegalArgumentException e) { // not there yet
      return Optional.empty();
    }
  }

  /// From the start of the process until it was ready.
  public Duration readyAfter() {
    return readyAfter;
  }

  /// Processor time that it took until then, in seconds.
  public double readyProcessor() {
    return readyProcessor;
  }

  public Http http() {
    return http;
  }

  public Path home() {
    return home;
  }

  /// Runs a command of the command line against this node.
  public Program cli(Path folder, Path input, List<String> arguments) {
    List<String> command = new ArrayList<>(List.of(launcher.toString()));
    command.addAll(arguments);
    return Program.run(folder, environment, input, command);
  }

  /// Runs a command that must end with 0.
  public Program cli(String... arguments) {
    return cli(home, NOTHING, List.of(arguments)).good();
  }

  /// Starts a command and does not wait for it; what it prints is thrown away.
  public Process launch(Path folder, List<String> arguments) {
    List<String> command = new ArrayList<>(List.of(launcher.toString()));
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile())
        .redirectInput(NOTHING.toFile()).redirectOutput(NOTHING.toFile())
        .redirectError(NOTHING.toFile());
    environment.forEach((name, value) -> Program.set(builder.environment(), name, value));
    try {
      return builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Asks for a sync over HTTP and waits until the repository is synced to a commit.
  ///
  /// @return what the sync did, and how long it took from the request on
  public Sync sync(String name, String commit) {
    Instant asked = Instant.now();
    long start = System.nanoTime();
    http.send("POST", "/v1/repositories/" + name + "/sync", new byte[0]);
    JsonNode status = await(name + " synced to " + commit, status(name,
        s -> resting(s) && s.path("synced_commit").asText().equals(commit)
            && !s.path("last_checked").asText().isEmpty()
            && !Instant.parse(s.path("last_checked").asText()).isBefore(asked)));
    return new Sync((System.nanoTime() - start) / 1e9, status.path("last_result").path("counts"));
  }

  /// What a sync did.
  public record Sync(double seconds, JsonNode counts) {
    public long count(String name) {
      return counts.path(name).asLong(0);
    }

    /// Seconds that stages took, those of parallel batches added up.
    public String stages() {
      return counts.path("stage_millis").toString();
    }
  }

  /// Waits until a repository rests.
  public JsonNode awaitIdle(String name) {
    return await(name + " idle", status(name, NodeProcess::resting));
  }

  private java.util.function.Supplier<Optional<JsonNode>> status(String name,
      Predicate<JsonNode> wanted) {
    return () -> Optional.of(http.get("/v1/repositories/" + name)).filter(wanted);
  }

  private static boolean resting(JsonNode status) {
    return status.path("state").asText().equals("idle") && !status.path("pending_sync").asBoolean()
        && !status.path("detail").asText().equals("a sync is about to start");
  }

  private <T> T await(String what, java.util.function.Supplier<Optional<T>> look) {
    return await(what, WORK, look);
  }

  /// Looks until there is something.
  public <T> T await(String what, Duration limit,
      java.util.function.Supplier<Optional<T>> look) {
    long start = System.nanoTime();
    while (true) {
      Optional<T> found = look.get();
      if (found.isPresent())
        return found.get();
      long waited = System.nanoTime() - start;
      if (waited > limit.toNanos() || !process.isAlive())
        throw new IllegalStateException("not within " + limit + ": " + what + tail());
      // Two hundred looks a second would take half a processor from what is measured.
      LockSupport.parkNanos(Math.clamp(waited / 50, LOOK.toNanos(), LONGEST_LOOK.toNanos()));
    }
  }

  /// A metric, summed up over the labels that are not named.
  ///
  /// @param name
  ///          or a name and the first of its labels
  public double metric(String name) {
    double sum = 0;
    for (String line : http.text("/metrics").split("\n", -1))
      if (line.startsWith(name) && " {,}".indexOf(line.charAt(name.length())) >= 0)
        sum += Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1));
    return sum;
  }

  /// The most memory of the machine that it had, in MiB; 0 where the system does not tell.
  public double peakMemory() {
    return Proc.peak(process.pid());
  }

  /// Processor time that it took, in seconds.
  public double processorSeconds() {
    return process.toHandle().info().totalCpuDuration().map(d -> d.toNanos() / 1e9).orElse(0.0);
  }

  public long pid() {
    return process.pid();
  }

  private String tail() {
    try {
      String text = Files.readString(log);
      return "\nlog of the node:\n" + text.substring(Math.max(0, text.length() - 4_000));
    } catch (IOException e) {
      return "\nthe node has no log: " + e;
    }
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(STOP.toMillis(), TimeUnit.MILLISECONDS))
        process.destroyForcibly();
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
