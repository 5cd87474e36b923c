package elysia.cli.feed.detect;

import elysia.git.command.Git;
import elysia.git.process.Commands;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// The Git of one command, with a temporary folder that goes with it. Nothing of it is made before
/// it is first asked for.
final class GitTool implements AutoCloseable {
  /// For one answer of Git about what lies on this machine.
  private static final Duration DEADLINE = Duration.ofMinutes(5);

  private final Commands commands = new Commands();
  private Optional<Path> folder = Optional.empty();
  private Optional<Git> git = Optional.empty();

  synchronized Git git() throws IOException {
    if (git.isEmpty()) {
      folder = Optional.of(Files.createTempDirectory("elysiactl-git"));
      git = Optional.of(new Git(commands, folder.get(), "git", DEADLINE, System.getenv()));
    }
    return git.get();
  }

  @Override
  public synchronized void close() {
    commands.close();
    folder.ifPresent(GitTool::delete);
    folder = Optional.empty();
    git = Optional.empty();
  }

  private static void delete(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
      for (Path file : deepestFirst)
        Files.delete(file);
    } catch (IOException | UncheckedIOException e) { // the system clears its temporary folder
      return;
    }
  }
}
