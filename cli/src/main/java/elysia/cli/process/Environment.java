package elysia.cli.process;

import java.io.Console;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The world around one run of the command line; a test brings its own.
///
/// @param terminal whether input and output are a person's terminal
/// @param launcher the script that starts a node
public record Environment(Map<String, String> variables, Path workingDirectory, Path userHome,
    PrintWriter out, PrintWriter err, boolean terminal, InputStream in, Prompt prompt,
    Optional<Path> launcher, InstantSource clock, ZoneId zone, Pace pace, Interrupts interrupts) {
  /// Asks the person.
  public interface Prompt {
    /// @return the line typed; null at the end of the input
    @Nullable
    String ask(String question);
  }

  /// How a command waits between two looks.
  public interface Pace {
    void pause(Duration time);
  }

  /// The world of this process. Text goes out as UTF-8 whatever the locale says, so that a pipe
  /// carries what the node answered.
  @SuppressWarnings("SystemConsoleNull") // the console of java.base, JDK 25's default, is null off
                                         // a terminal
  public static Environment ofProcess() {
    Console console = System.console();
    boolean terminal = console != null && console.isTerminal();
    String launcher = System.getProperty("elysiactl.launcher", "");
    return new Environment(System.getenv(), Path.of("").toAbsolutePath(),
        Path.of(System.getProperty("user.home", "/")), writer(FileDescriptor.out),
        writer(FileDescriptor.err), terminal, System.in,
        question -> console == null ? null : console.readLine("%s", question),
        launcher.isEmpty() ? Optional.empty() : Optional.of(Path.of(launcher)),
        InstantSource.system(), ZoneId.systemDefault(), Environment::sleep, Interrupts.ofProcess());
  }

  private static PrintWriter writer(FileDescriptor descriptor) {
    return new PrintWriter(new FileOutputStream(descriptor), false, StandardCharsets.UTF_8);
  }

  private static void sleep(Duration time) {
    try {
      Thread.sleep(time);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Failure.interrupted();
    }
  }

  /// A variable that is set and not blank.
  public Optional<String> variable(String name) {
    return Optional.ofNullable(variables.get(name)).filter(value -> !value.isBlank());
  }
}
