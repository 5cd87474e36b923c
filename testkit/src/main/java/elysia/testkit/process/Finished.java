package elysia.testkit.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// A program that has ended.
public final class Finished {
  private final int exit;
  private final byte[] output;
  private final String errors;
  private final Duration took;
  private final double processor;

  private Finished(int exit, byte[] output, String errors, Duration took, double processor) {
    this.exit = exit;
    this.output = output;
    this.errors = errors;
    this.took = took;
    this.processor = processor;
  }

  /// Runs a program to its end.
  ///
  /// @param environment added to this process's; an empty value removes the variable
  /// @throws AssertionError when it does not end in time
  public static Finished run(Path folder, Map<String, String> environment, Duration limit,
      byte[] input, List<String> command) {
    try {
      Path in = Files.createTempFile("in", "");
      try {
        Files.write(in, input);
        return run(folder, environment, limit, in, command);
      } finally {
        Files.delete(in);
      }
    } catch (IOException e) {
      throw new AssertionError(String.join(" ", command), e);
    }
  }

  /// The same with a file as its standard input.
  public static Finished run(Path folder, Map<String, String> environment, Duration limit,
      Path input, List<String> command) {
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
        if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
          process.destroyForcibly();
          throw new AssertionError("not within " + limit + ": " + command + "\n"
              + Files.readString(out) + Files.readString(errors));
        }
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        return new Finished(process.exitValue(), Files.readAllBytes(out),
            Files.readString(errors), took, Proc.children() - before);
      } finally {
        Files.delete(out);
        Files.delete(errors);
      }
    } catch (IOException e) {
      throw new AssertionError(String.join(" ", command), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(String.join(" ", command), e);
    }
  }

  public static void set(Map<String, String> environment, String name, String value) {
    if (value.isEmpty())
      environment.remove(name);
    else
      environment.put(name, value);
  }

  public int exit() {
    return exit;
  }

  /// What it wrote to standard output.
  public byte[] bytes() {
    return output.clone();
  }

  /// What it wrote to standard error.
  public String errors() {
    return errors;
  }

  /// Standard output as text.
  public String text() {
    return new String(output, StandardCharsets.UTF_8);
  }

  /// Itself, if it ended with 0.
  ///
  /// @throws AssertionError with all it printed
  public Finished good() {
    if (exit != 0)
      throw new AssertionError(toString());
    return this;
  }

  /// Seconds from before it was started until it had ended.
  public double seconds() {
    return took.toNanos() / 1e9;
  }

  /// Seconds of processor time, its own children included, if nothing else ended meanwhile.
  public double processor() {
    return processor;
  }

  @Override
  public String toString() {
    return "exit " + exit + "\n" + text() + errors;
  }
}
