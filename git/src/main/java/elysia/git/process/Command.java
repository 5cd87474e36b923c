package elysia.git.process;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// A program to run.
///
/// @param arguments program and arguments, as they are: no shell reads them
/// @param directory to run in
/// @param environment all of it: nothing is inherited
/// @param deadline for the whole run, or for one exchange with a running program
public record Command(List<String> arguments, Path directory, Map<String, String> environment,
    Duration deadline) {
  public Command {
    arguments = List.copyOf(arguments);
    environment = Map.copyOf(environment);
    if (arguments.isEmpty())
      throw new IllegalArgumentException("arguments: none (expected: a program)");
    if (!deadline.isPositive())
      throw new IllegalArgumentException("deadline: " + deadline + " (expected: > 0)");
  }
}
