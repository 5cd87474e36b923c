package elysia.git.process;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/// Runs programs: each in a session of its own, so that it has no terminal to ask at and is ended
/// together with all that it started. Thread-safe; blocks the calling thread.
///
/// Closing it ends everything that still runs.
public final class Commands implements AutoCloseable {
  private static final int MAX_OUTPUT = 1024 * 1024;
  /// What git ends with when it cannot change to a folder.
  private static final int NO_FOLDER = 128;

  /// What somebody must change before the program can run.
  private static final class UnusableException extends IOException {
    UnusableException(String message) {
      super(message);
    }
  }

  private final Optional<Path> setsid;
  private final Optional<Path> kill;
  private final ScheduledThreadPoolExecutor watch;
  private final Set<Running> running = ConcurrentHashMap.newKeySet();

  /// Finds `setsid` (util-linux) and `kill` on the path; where there are none, only the children
  /// that can still be seen are ended with their parent.
  public Commands() {
    setsid = onPath("setsid");
    kill = onPath("kill");
    watch = new ScheduledThreadPoolExecutor(1,
        Thread.ofPlatform().daemon().name("process-deadlines").factory());
    watch.setRemoveOnCancelPolicy(true);
  }

  /// The file that a program name stands for on the `PATH` of this process.
  public static Optional<Path> onPath(String program) {
    String path = System.getenv().getOrDefault("PATH", "/usr/bin:/bin");
    for (String folder : path.split(File.pathSeparator, -1)) {
      if (!folder.startsWith("/"))
        continue; // the current folder is no place to look for programs
      Path file = Path.of(folder, program);
      if (Files.isRegularFile(file) && Files.isExecutable(file))
        return Optional.of(file);
    }
    return Optional.empty();
  }

  /// Runs it to its end or its deadline, with nothing on stdin.
  public Exit run(Command command) {
    return run(command, "");
  }

  /// The same with this text, as UTF-8, on stdin.
  public Exit run(Command command, String input) {
    return run(command, input, StandardCharsets.UTF_8);
  }

  /// The same, where what is written and what is read are of this character set.
  public Exit run(Command command, String input, Charset charset) {
    long until = System.nanoTime() + command.deadline().toNanos();
    try (Running program = open(command)) {
      String output = program.exchange((out, in) -> {
        feed(in, input.getBytes(charset));
        return read(out).toString(charset);
      });
      return program.finish(output, Duration.ofNanos(Math.max(1, until - System.nanoTime())));
    } catch (Running.DeadlineException e) {
      return new Exit.TimedOut(command.deadline(), "");
    } catch (IOException e) {
      Path folder = command.directory();
      String reason = String.valueOf(e.getMessage());
      if (!Files.isDirectory(folder))
        return new Exit.Finished(NO_FOLDER, "", "the folder " + folder + " is gone");
      return e instanceof UnusableException
          ? new Exit.NotFound(reason)
          : new Exit.Interrupted(reason);
    }
  }

  private static void feed(OutputStream in, byte[] input) {
    try (in) {
      in.write(input);
    } catch (IOException e) { // it ended before it read everything: its status tells
      return;
    }
  }

  private static ByteArrayOutputStream read(InputStream in) throws IOException {
    ByteArrayOutputStream kept = new ByteArrayOutputStream();
    byte[] buffer = new byte[8192];
    for (int n = in.read(buffer); n >= 0; n = in.read(buffer))
      kept.write(buffer, 0, Math.min(n, MAX_OUTPUT - kept.size()));
    return kept;
  }

  /// Starts it, to be talked to.
  ///
  /// @throws IOException when it cannot be started
  public Running open(Command command) throws IOException {
    Path program = find(command.arguments().getFirst());
    Charset native8 = Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"));
    List<String> arguments = new ArrayList<>();
    setsid.ifPresent(file -> arguments.add(file.toString()));
    arguments.add(program.toString());
    arguments.addAll(command.arguments().subList(1, command.arguments().size()));
    for (String argument : arguments) {
      if (!native8.newEncoder().canEncode(argument))
        throw new UnusableException("the locale's character set " + native8
            + " cannot express an argument: start elysiactl with LC_ALL=C.UTF-8");
    }
    ProcessBuilder builder = new ProcessBuilder(arguments).directory(command.directory().toFile());
    builder.environment().clear();
    builder.environment().putAll(command.environment());
    Running started = new Running(this, command, builder.start());
    running.add(started);
    return started;
  }

  private static Path find(String program) throws IOException {
    Optional<Path> file = program.contains("/")
        ? Optional.of(Path.of(program)).filter(Files::isExecutable)
        : onPath(program);
    return file.orElseThrow(() -> new UnusableException(program + ": no such program"));
  }

  ScheduledFuture<?> at(Duration delay, Runnable action) {
    return watch.schedule(() -> Thread.startVirtualThread(action), delay.toNanos(),
        TimeUnit.NANOSECONDS);
  }

  void forget(Running program) {
    running.remove(program);
  }

  /// Ends a process, what it started, and what these left behind in its session.
  void kill(Process process) {
    List<ProcessHandle> children = process.descendants().toList();
    if (setsid.isPresent() && kill.isPresent())
      killGroup(kill.get(), process.pid());
    process.destroyForcibly();
    children.forEach(ProcessHandle::destroyForcibly);
  }

  private static void killGroup(Path kill, long group) {
    try {
      ProcessBuilder builder = new ProcessBuilder(kill.toString(), "-KILL", "--", "-" + group)
          .redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD);
      builder.environment().clear();
      builder.start().waitFor();
    } catch (IOException e) { // its children are ended one by one instead
      return;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    List.copyOf(running).forEach(Running::kill);
    watch.shutdownNow();
  }
}
