package elysia.bench.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// A program that was run to its end.
///
/// @param took
///          from before it was started until it had ended
/// @param processor
///          seconds of processor time, its own children included, if nothing else ended meanwhile
public record Program(int exit, String output, String errors, Duration took, double processor) {
  private static final Duration LIMIT = Duration.ofMinutes(10);

  /// Runs a program.
  ///
  /// @param environment
  ///          added to this process's; an empty value removes the variable
  /// @param input
  ///          given to its standard input
  /// @throws IllegalStateException
  ///           when it does not end in time
  public static Program run(Path folder, Map<String, String> environment, Path input,
      List<String> command) {
    try {
      Path out = Files.createTempFile("out", "");
      Path errors = Files.createTempFile("err", "");
      try {
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile())
            .redirectInput(input.toFile()).redirectOutput(out.toFile())
            .redirectError(errors.toFile());
        environment.forEach((name, value) -> set(builder.environment(), name, value));
        double before = Proc.children();
        long start = System.nanoTime();
        Process process = builder.start();
        if (!process.waitFor(LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
          process.destroyForcibly();
          throw new IllegalStateException("not within " + LIMIT + ": " + command);
        }
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        return new Program(process.exitValue(),
            new String(Files.readAllBytes(out), StandardCharsets.UTF_8),
            new String(Files.readAllBytes(errors), StandardCharsets.UTF_8), took,
            Proc.children() - before);
      } finally {
        Files.delete(out);
        Files.delete(errors);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(String.join(" ", command), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(String.join(" ", command), e);
    }
  }

  static void set(Map<String, String> environment, String name, String value) {
    if (value.isEmpty())
      environment.remove(name);
    else
      environment.put(name, value);
  }

  /// Itself, if it ended with 0.
  ///
  /// @throws IllegalStateException
  ///           with all it printed
  public Program good() {
    if (exit != 0)
      throw new IllegalStateException("exit " + exit + "\n" + output + errors);
    return this;
  }

  /// Seconds that it took.
  public double seconds() {
    return took.toNanos() / 1e9;
  }
}
