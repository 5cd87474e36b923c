package elysia.cli.home;

import elysia.cli.api.Connections;
import elysia.cli.api.NodeAddress;
import elysia.cli.output.Console;
import elysia.cli.process.Environment;
import elysia.cli.process.ExitCode;
import elysia.cli.process.Failure;
import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The node that lives in a home folder, on this machine: found by its `node.json`, started when a
/// command needs it.
public final class HomeNode implements NodeAddress {
  /// A first start may unpack and train a cache.
  private static final Duration START = Duration.ofMinutes(3);
  private static final Duration STOP = Duration.ofMinutes(1);
  private static final Duration LOOK = Duration.ofMillis(100);
  private static final List<String> ENDS_ITSELF = List.of("--idle-exit", "15m");

  private final Environment environment;
  private final Console console;
  private final Path home;
  private final boolean homeNamed;
  private final Connections connections;

  /// @param homeNamed the user chose this home, so that no other home's node will do
  public HomeNode(Environment environment, Console console, Path home, boolean homeNamed,
      Connections connections) {
    this.environment = environment;
    this.console = console;
    this.home = home;
    this.homeNamed = homeNamed;
    this.connections = connections;
  }

  /// The node that runs in the home, else the default address. With a home of the user's choice the
  /// default address will not do, since the node there may be another home's.
  @Override
  public Optional<URI> find() {
    Optional<URI> running = running().map(Running::url);
    return running.isPresent() || homeNamed ? running : Optional.of(NodeAddress.DEFAULT);
  }

  /// What the node of this home left there for its owner.
  @Override
  public Optional<String> token(URI at) {
    if (running().filter(node -> node.url().equals(at)).isEmpty())
      return Optional.empty();
    try {
      return Optional.of(Files.readString(home.resolve("node.token")).strip())
          .filter(text -> !text.isEmpty());
    } catch (IOException e) { // another user's, or a node of an older version
      return Optional.empty();
    }
  }

  @Override
  public Optional<URI> start() {
    return environment.launcher().map(_ -> start(ENDS_ITSELF).url());
  }

  /// @param started false when it ran already
  public record Running(long pid, URI url, boolean started) {}

  /// The node of this home, if its process is alive.
  public Optional<Running> running() {
    return NodeFile.read(home).filter(node -> node.process().isPresent())
        .map(node -> new Running(node.pid(), node.url(), false));
  }

  /// Starts a node in the background unless one runs, and returns when it is ready. Of several
  /// commands that do so at once, one starts it and the others wait for it.
  ///
  /// @param options for the node, after `server start --foreground`
  public Running start(List<String> options) {
    Instant deadline = environment.clock().instant().plus(START);
    Path logs = folder(home.resolve("logs"));
    try (FileChannel channel = FileChannel.open(home.resolve("start.lock"),
        StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock _ = lock(channel, deadline)) {
      Optional<Running> there = running();
      if (there.isPresent())
        return awaitReady(there.get(), deadline);
      return launch(options, logs.resolve("node.out"), deadline);
    } catch (IOException e) {
      throw new Failure(ExitCode.UNREACHABLE, "no node could be started in " + home, "").because(e);
    }
  }

  private FileLock lock(FileChannel channel, Instant deadline) throws IOException {
    while (true) {
      try {
        FileLock lock = channel.tryLock();
        if (lock != null)
          return lock;
      } catch (OverlappingFileLockException e) { // another thread of this process has it
      }
      if (environment.clock().instant().isAfter(deadline))
        throw late("another command has been starting a node for too long", "");
      environment.pace().pause(LOOK);
    }
  }

  private Running launch(List<String> options, Path log, Instant deadline) throws IOException {
    console.note("Starting a node in " + home + " …");
    long before = Files.exists(log) ? Files.size(log) : 0;
    List<String> command = new ArrayList<>(Launcher.detached());
    command.addAll(Launcher.command(environment, options));
    ProcessBuilder builder = new ProcessBuilder(command)
        .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile())).redirectErrorStream(true);
    builder.environment().put("ELYSIACTL_HOME", home.toString());
    Process process = builder.start();
    while (true) {
      Optional<NodeFile> node = NodeFile.read(home).filter(file -> file.process().isPresent());
      if (node.isPresent() && Readiness.ready(connections, node.get().url())) {
        console.note("Node ready at " + node.get().url() + " (pid " + node.get().pid() + ")");
        return new Running(node.get().pid(), node.get().url(), true);
      }
      if (!process.isAlive())
        throw new Failure(ExitCode.UNREACHABLE,
            "the node ended while it started (exit code " + process.exitValue() + ")\n"
                + Launcher.tail(log, before),
            "its output is in " + log);
      if (environment.clock().instant().isAfter(deadline))
        throw late("the node is not ready after " + START.toMinutes() + " minutes\n"
            + Launcher.tail(log, before), "its output is in " + log);
      environment.pace().pause(LOOK);
    }
  }

  /// Runs a node in the foreground, until it ends.
  ///
  /// @param options for the node, after `server start --foreground`
  /// @return its exit code
  public int runInForeground(List<String> options) {
    ProcessBuilder builder = new ProcessBuilder(Launcher.command(environment, options))
        .inheritIO();
    builder.environment().put("ELYSIACTL_HOME", home.toString());
    try {
      return builder.start().waitFor();
    } catch (IOException e) {
      throw new Failure(ExitCode.UNREACHABLE, "the node cannot be started", "").because(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Failure.interrupted();
    }
  }

  private Running awaitReady(Running node, Instant deadline) {
    while (!Readiness.ready(connections, node.url())) {
      if (running().isEmpty() || environment.clock().instant().isAfter(deadline))
        throw late("the node with pid " + node.pid() + " is not ready",
            "see " + home.resolve("logs"));
      environment.pace().pause(LOOK);
    }
    return node;
  }

  /// Asks the node of this home to end and waits until it has.
  ///
  /// @return the pid; empty when none runs
  public Optional<Long> stop() {
    Optional<ProcessHandle> process = NodeFile.read(home).flatMap(NodeFile::process);
    if (process.isEmpty())
      return Optional.empty();
    ProcessHandle handle = process.get();
    if (!handle.destroy())
      throw new Failure(ExitCode.REFUSED, "the node with pid " + handle.pid()
          + " belongs to another user", "");
    Instant deadline = environment.clock().instant().plus(STOP);
    while (handle.isAlive()) {
      if (environment.clock().instant().isAfter(deadline))
        throw new Failure(ExitCode.PARTIAL, "the node with pid " + handle.pid()
            + " was asked to end and still runs after " + STOP.toSeconds() + " s",
            "see " + home.resolve("logs") + "; kill -9 " + handle.pid()
                + " is safe: syncs go on where they were");
      environment.pace().pause(LOOK);
    }
    return Optional.of(handle.pid());
  }

  /// Settings and clones may hold secrets: a new home is its owner's alone.
  private Path folder(Path logs) {
    try {
      if (!Files.isDirectory(home)) {
        if (home.getParent() != null)
          Files.createDirectories(home.getParent());
        Files.createDirectories(home,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      }
      return Files.createDirectories(logs);
    } catch (IOException e) {
      throw Failure.usage("the home folder " + home + " cannot be made",
          "name another with --home or ELYSIACTL_HOME").because(e);
    }
  }

  private static Failure late(String message, String hint) {
    return new Failure(ExitCode.UNREACHABLE, message, hint);
  }
}
