package elysia.deploy.files;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import elysia.testkit.process.Finished;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.Assertions;

/// A program that checks files of its kind, where the machine has it; elsewhere the test is skipped
/// with a message.
final class Tool {
  private static final Duration LIMIT = Duration.ofMinutes(1);
  private final Path program;
  private final Path folder;

  private Tool(Path program, Path folder) {
    this.program = program;
    this.folder = folder;
  }

  static Tool named(String name) {
    for (String place : System.getenv("PATH").split(File.pathSeparator, -1))
      if (Files.isExecutable(Path.of(place, name)))
        return new Tool(Path.of(place, name), Path.of("."));
    assumeTrue(false, name + " is not installed here: its files are not checked by it");
    throw new IllegalStateException(name);
  }

  Tool in(String folder) {
    return new Tool(program, Path.of(folder));
  }

  /// @return what it printed
  String accepts(List<String> arguments) {
    List<String> command = new ArrayList<>(List.of(program.toString()));
    command.addAll(arguments);
    Finished finished = Finished.run(folder, Map.of(), LIMIT, new byte[0], command);
    Assertions.assertThat(finished.exit()).as(() -> command + "\n" + finished).isZero();
    return finished.text();
  }
}
