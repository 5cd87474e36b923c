package elysia.cli;

import elysia.cli.process.Environment;
import elysia.cli.process.Failure;
import java.io.ByteArrayInputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Runs the command line in this JVM, in a world of the test's making.
final class Cli {
  static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");

  record Result(int exitCode, String out, String err) {}

  final Map<String, String> variables = new HashMap<>();
  final Deque<String> typed = new ArrayDeque<>();
  final List<String> questions = new ArrayList<>();
  final Deque<Runnable> interruptActions = new ArrayDeque<>();
  boolean terminal;
  String input = "";
  Path workingDirectory = Path.of("/work dir");
  Optional<Path> launcher = Optional.empty();
  /// Ctrl-C is pressed at this pause, counted from 1; never for 0.
  int interruptAtPause;
  /// Longest a pause really lasts: nothing unless a test waits for a real process.
  Duration realPause = Duration.ZERO;
  private int pauses;
  private Duration passed = Duration.ZERO;

  Cli() {}

  Cli(FakeApi api) {
    variables.put("ELYSIACTL_SERVER", api.url().toString());
  }

  Result run(String... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    Environment environment = new Environment(variables, workingDirectory, Path.of("/home/u"),
        new PrintWriter(out), new PrintWriter(err), terminal,
        new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)), question -> {
          questions.add(question);
          return typed.poll();
        }, launcher, () -> NOW.plus(passed), ZoneOffset.UTC, this::pause, action -> {
          interruptActions.push(action);
          return () -> interruptActions.remove(action);
        });
    int exitCode = Main.run(args, environment);
    return new Result(exitCode, out.toString(), err.toString());
  }

  private void pause(Duration time) {
    passed = passed.plus(time);
    if (!realPause.isZero())
      try {
        Thread.sleep(realPause);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    if (++pauses == interruptAtPause) {
      interruptActions.forEach(Runnable::run);
      throw Failure.interrupted();
    }
  }
}
