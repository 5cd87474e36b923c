package elysia.bench.harness;

import com.fasterxml.jackson.databind.JsonNode;
import elysia.testkit.node.Api;
import elysia.testkit.node.NodeProcess;
import elysia.testkit.process.Finished;
import elysia.testkit.process.Proc;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.function.Supplier;

/// A node of the distribution, in a process of its own, with a home of its own, watched closely
/// enough to be measured.
public final class MeasuredNode implements AutoCloseable {
  /// For a program that is measured.
  public static final Duration LIMIT = Duration.ofMinutes(10);
  private static final Duration START = Duration.ofMinutes(2);
  private static final Duration WORK = Duration.ofMinutes(30);
  private static final Duration LOOK = Duration.ofMillis(5);
  private static final Duration LONGEST_LOOK = Duration.ofMillis(100);
  private static final Path NOTHING = Path.of("/dev/null");

  private final NodeProcess node;
  private final Process process;
  private final Duration readyAfter;
  private final double readyProcessor;

  private MeasuredNode(NodeProcess node) {
    this.node = node;
    long started = System.nanoTime();
    this.process = node.launch();
    var _ = await("the node's start", START,
        () -> node.ready() ? Optional.of(true) : Optional.empty());
    this.readyAfter = Duration.ofNanos(System.nanoTime() - started);
    this.readyProcessor = processorSeconds();
  }

  /// Starts a node and returns when it is ready.
  ///
  /// @param folder in which its home and its log are made
  /// @param environment of the node, beside its home and port
  public static MeasuredNode start(Path launcher, Path folder, Map<String, String> environment) {
    return new MeasuredNode(new NodeProcess(folder, environment)
        .of(launcher.resolveSibling("..").normalize()));
  }

  /// From the start of the process until it was ready.
  public Duration readyAfter() {
    return readyAfter;
  }

  /// Processor time that it took until then, in seconds.
  public double readyProcessor() {
    return readyProcessor;
  }

  public Api http() {
    return node.api();
  }

  public Path home() {
    return node.home();
  }

  /// Runs a command of the command line against this node.
  public Finished cli(Path folder, Path input, List<String> arguments) {
    return node.cliFrom(folder, input, LIMIT, arguments);
  }

  /// Runs a command that must end with 0.
  public Finished cli(String... arguments) {
    return cli(node.home(), NOTHING, List.of(arguments)).good();
  }

  /// Starts a command and does not wait for it; what it prints is thrown away.
  public Process launch(Path folder, List<String> arguments) {
    return node.cliStarted(folder, arguments);
  }

  /// Asks for a sync over HTTP and waits until the repository is synced to a commit.
  ///
  /// @return what the sync did, and how long it took from the request on
  public Sync sync(String name, String commit) {
    Instant asked = Instant.now();
    long start = System.nanoTime();
    node.api().post("/v1/repositories/" + name + "/sync", "");
    JsonNode status = await(name + " synced to " + commit, status(name,
        s -> Api.resting(s) && s.path("synced_commit").asText().equals(commit)
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
    return await(name + " idle", status(name, Api::resting));
  }

  private Supplier<Optional<JsonNode>> status(String name,
      Predicate<JsonNode> wanted) {
    return () -> Optional.of(node.api().repository(name)).filter(wanted);
  }

  private <T> T await(String what, Supplier<Optional<T>> look) {
    return await(what, WORK, look);
  }

  /// Looks until there is something.
  public <T> T await(String what, Duration limit,
      Supplier<Optional<T>> look) {
    long start = System.nanoTime();
    while (true) {
      Optional<T> found = look.get();
      if (found.isPresent())
        return found.get();
      long waited = System.nanoTime() - start;
      if (waited > limit.toNanos() || !node.alive())
        throw new IllegalStateException("not within " + limit + ": " + what + "\n" + node.tail());
      // Two hundred looks a second would take half a processor from what is measured.
      LockSupport.parkNanos(Math.clamp(waited / 50, LOOK.toNanos(), LONGEST_LOOK.toNanos()));
    }
  }

  /// A metric, summed up over the labels that are not named.
  ///
  /// @param name or a name and the first of its labels
  public double metric(String name) {
    return node.api().metric(
        line -> line.startsWith(name) && " {,}".indexOf(line.charAt(name.length())) >= 0);
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

  @Override
  public void close() {
    if (node.alive() && node.stop() != 0)
      node.close();
  }
}
