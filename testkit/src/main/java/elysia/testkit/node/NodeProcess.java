package elysia.testkit.node;

import com.fasterxml.jackson.databind.JsonNode;
import elysia.core.json.Json;
import elysia.testkit.process.Await;
import elysia.testkit.process.Finished;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A node of the built distribution, in a process of its own, with a home of its own. Its output
/// goes to a file whose end is in the message of whatever fails.
public final class NodeProcess implements AutoCloseable {
  /// Sets the limits of a running process; part of util-linux.
  public static final Path PRLIMIT = Path.of("/usr/bin/prlimit");
  private static final Path DISTRIBUTION = Path.of("target/elysiactl/bin/elysiactl")
      .toAbsolutePath();
  private static final Path NOTHING = Path.of("/dev/null");
  private static final Duration START = Duration.ofMinutes(5);
  private static final Duration STOP = Duration.ofSeconds(30);
  private static final Duration COMMAND = Duration.ofMinutes(3);
  private static final int UNREACHABLE = 3;
  private static final int TRIES = 20;
  private static final int TAIL = 6_000;

  private final Path home;
  private final Path log;
  private final Map<String, String> environment;
  private Path launcher = DISTRIBUTION;
  private volatile @Nullable Process process;
  private volatile @Nullable URI url;
  private boolean patient;
  private List<String> wrapper = List.of();

  /// @param folder in which its home and its log are made
  /// @param environment of the node, beside its home and port
  public NodeProcess(Path folder, Map<String, String> environment) {
    this.home = folder.resolve("home");
    this.log = folder.resolve("node.log");
    this.environment = environment(home, environment);
  }

  /// The variables of a node and of commands that use a home and nothing else of this machine's
  /// settings; an empty value removes one.
  ///
  /// @param more beside them
  public static Map<String, String> environment(Path home, Map<String, String> more) {
    Map<String, String> environment = new HashMap<>();
    for (String name : List.of("ELYSIACTL_STORE", "ELYSIACTL_EMBEDDER", "ELYSIACTL_DB_URL",
        "ELYSIACTL_MGIT", "ELYSIACTL_HEAP", "ELYSIACTL_SEEDS", "ELYSIACTL_STATE_FILE"))
      environment.put(name, "");
    environment.putAll(more);
    environment.putAll(Map.of("ELYSIACTL_HOME", home.toString(), "ELYSIACTL_HTTP_PORT", "0",
        "ELYSIACTL_SERVER", "", "ELYSIACTL_TOKEN", ""));
    return environment;
  }

  /// A node whose embedder knows no meaning and costs nothing.
  public static NodeProcess cheap(Path folder) {
    return new NodeProcess(folder, Map.of("ELYSIACTL_EMBEDDER", "constant"));
  }

  /// A node for the scenarios: against a real Weaviate when `WEAVIATE_URL` is set.
  public static NodeProcess forScenario(Path folder) {
    return System.getenv("WEAVIATE_URL") == null
        ? cheap(folder)
        : new NodeProcess(folder,
            Map.of("ELYSIACTL_EMBEDDER", "constant", "ELYSIACTL_STORE", "weaviate"));
  }

  /// What it needs fails now and then: what it could not answer is asked again, as a person does
  /// who is told to try again.
  public NodeProcess patient() {
    patient = true;
    return this;
  }

  /// Runs the process by another program, which becomes it.
  public NodeProcess within(List<String> program) {
    wrapper = List.copyOf(program);
    return this;
  }

  /// The start script of the distribution.
  public static Path launcher() {
    return DISTRIBUTION;
  }

  /// From its next start on it is a node of another distribution.
  public NodeProcess of(Path distribution) {
    launcher = distribution.resolve("bin/elysiactl");
    return this;
  }

  public Path home() {
    return home;
  }

  /// Writes the settings file of its home.
  public NodeProcess configured(String settings) throws IOException {
    Files.createDirectories(home);
    Files.writeString(home.resolve("config.conf"), settings);
    return this;
  }

  /// Starts it, also again on the same home, and returns when it is ready.
  public NodeProcess start(String... options) {
    launch(options);
    return awaitReady(START);
  }

  /// Waits until the node that was launched is ready.
  public NodeProcess awaitReady(Duration limit) {
    Process started = running();
    URI at = Await.until("a node in " + home, limit, () -> {
      if (!started.isAlive())
        throw new AssertionError("the node ended with " + started.exitValue() + "\n" + tail());
      return announced(started.pid()).filter(Api::ready);
    });
    url = at;
    return this;
  }

  /// Starts the process and does not wait.
  public Process launch(String... options) {
    url = null;
    try {
      List<String> command = new ArrayList<>(wrapper);
      command.addAll(List.of(launcher.toString(), "server", "start", "--foreground"));
      command.addAll(List.of(options));
      Files.createDirectories(log.getParent());
      ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true)
          .redirectInput(ProcessBuilder.Redirect.from(NOTHING.toFile()))
          .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
      environment.forEach((name, value) -> Finished.set(builder.environment(), name, value));
      Process started = builder.start();
      process = started;
      return started;
    } catch (IOException e) {
      throw new AssertionError("the distribution cannot be started: " + launcher, e);
    }
  }

  private Optional<URI> announced(long pid) {
    try {
      JsonNode node = Json.mapper().readTree(home.resolve("node.json").toFile());
      return node.path("pid").asLong() == pid
          ? Optional.of(URI.create(node.path("url").asText()))
          : Optional.empty();
    } catch (IOException e) { // not there yet
      return Optional.empty();
    }
  }

  /// Where it serves; empty while it does not run or has not said so.
  public Optional<URI> url() {
    Process now = process;
    if (now == null || !now.isAlive())
      return Optional.empty();
    if (url == null)
      url = announced(now.pid()).orElse(null);
    return Optional.ofNullable(url);
  }

  /// Whether it runs and says that it is ready.
  public boolean ready() {
    return url().filter(Api::ready).isPresent();
  }

  /// The API of the node that runs.
  public Api api() {
    URI at = url().orElseThrow(() -> new IllegalStateException("the node does not serve"));
    return new Api(at, this::tail, patient);
  }

  /// Runs a command of the command line against this home.
  public Finished cli(String... arguments) {
    return cliIn(home.resolveSibling(".").normalize(), arguments);
  }

  /// The same in a working folder.
  public Finished cliIn(Path folder, String... arguments) {
    return cliFrom(folder, NOTHING, COMMAND, List.of(arguments));
  }

  /// The same with a file as its standard input.
  public Finished cliFrom(Path folder, Path input, Duration limit, List<String> arguments) {
    List<String> command = new ArrayList<>(List.of(launcher.toString()));
    command.addAll(arguments);
    return Finished.run(folder, environment, limit, input, command);
  }

  /// Starts a command and does not wait for it; what it prints is thrown away.
  public Process cliStarted(Path folder, List<String> arguments) {
    List<String> command = new ArrayList<>(List.of(launcher.toString()));
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile())
        .redirectInput(NOTHING.toFile()).redirectOutput(NOTHING.toFile())
        .redirectError(NOTHING.toFile());
    environment.forEach((name, value) -> Finished.set(builder.environment(), name, value));
    try {
      return builder.start();
    } catch (IOException e) {
      throw new AssertionError(String.join(" ", command), e);
    }
  }

  /// Runs a command that must end with 0, and returns what it printed.
  public String ok(String... arguments) {
    Finished finished = cli(arguments);
    for (int again = 0; again < TRIES && patient && passing(finished); again++)
      finished = cli(arguments);
    if (finished.exit() != 0)
      throw new AssertionError(String.join(" ", arguments) + ": " + finished + "\n" + tail());
    return finished.text();
  }

  private static boolean passing(Finished finished) {
    return finished.exit() == UNREACHABLE
        || (finished.exit() != 0 && finished.errors().contains("try again in"));
  }

  public long pid() {
    return running().pid();
  }

  public boolean alive() {
    Process now = process;
    return now != null && now.isAlive();
  }

  private Process running() {
    Process now = process;
    if (now == null)
      throw new IllegalStateException("the node was not started");
    return now;
  }

  /// Sends a signal: `STOP`, `CONT`.
  public void signal(String name) {
    run("kill", "-" + name, String.valueOf(pid()));
  }

  /// The largest file that it may write: `0` for a disk that is full, `unlimited`.
  public void fileSize(String most) {
    if (alive())
      run(PRLIMIT.toString(), "--pid", String.valueOf(pid()), "--fsize=" + most + ":unlimited");
  }

  private void run(String... command) {
    try {
      ended(new ProcessBuilder(command).inheritIO().start(), STOP);
    } catch (IOException e) {
      throw new AssertionError(String.join(" ", command), e);
    }
  }

  /// MiB of heap that are used after a full collection.
  public double heapAfterCollection() {
    Finished jcmd = Finished.run(home, Map.of(), COMMAND, new byte[0],
        List.of(Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
            String.valueOf(pid()), "GC.run"));
    if (jcmd.exit() != 0)
      throw new AssertionError(jcmd.toString());
    return api().metric("jvm_memory_used_bytes{area=\"heap\"") / (1 << 20);
  }

  /// kill -9.
  public void kill() {
    Process killed = running();
    killed.destroyForcibly();
    ended(killed, STOP);
  }

  /// SIGTERM, and waits for the end.
  public int stop() {
    Process stopped = running();
    stopped.destroy();
    return ended(stopped, STOP);
  }

  /// Waits for its end.
  public int ended(Process started, Duration limit) {
    try {
      if (!started.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS))
        throw new AssertionError("the node still runs after " + limit + "\n" + tail());
      return started.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  /// The end of its log.
  public String tail() {
    try {
      String text = Files.readString(log);
      return "log of the node:\n" + text.substring(Math.max(0, text.length() - TAIL));
    } catch (IOException e) {
      return "the node has no log: " + e;
    }
  }

  @Override
  public void close() {
    if (alive())
      kill();
  }
}
