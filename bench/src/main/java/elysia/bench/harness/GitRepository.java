package elysia.bench.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// A Git repository with a work tree; its commits are the same in every run.
///
/// @param folder
///          its top folder
public record GitRepository(Path folder) {
  private static final Path NOTHING = Path.of("/dev/null");
  private static final Map<String, String> ENVIRONMENT = Map.of("GIT_CONFIG_GLOBAL", "/dev/null",
      "GIT_CONFIG_NOSYSTEM", "1", "GIT_AUTHOR_NAME", "A", "GIT_AUTHOR_EMAIL", "a@example.org",
      "GIT_AUTHOR_DATE", "2026-01-01T00:00:00Z", "GIT_COMMITTER_NAME", "C",
      "GIT_COMMITTER_EMAIL", "c@example.org", "GIT_COMMITTER_DATE", "2026-01-01T00:00:00Z",
      "LC_ALL", "C.UTF-8");

  /// Makes an empty one on branch `main`.
  public static GitRepository create(Path folder) {
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    GitRepository repository = new GitRepository(folder);
    repository.git("init", "-q", "-b", "main");
    repository.git("config", "core.autocrlf", "false");
    repository.git("config", "gc.auto", "0");
    return repository;
  }

  /// Runs git in it.
  public Program run(Path input, String... arguments) {
    List<String> command = new ArrayList<>(List.of("git"));
    command.addAll(List.of(arguments));
    return Program.run(folder, ENVIRONMENT, input, command).good();
  }

  /// Runs git in it and returns what it printed, without the last line end.
  public String git(String... arguments) {
    return run(NOTHING, arguments).output().strip();
  }

  /// How long git takes, in seconds: the best of some runs.
  public double seconds(String... arguments) {
    double best = Double.MAX_VALUE;
    for (int i = 0; i < 5; i++)
      best = Math.min(best, run(NOTHING, arguments).seconds());
    return best;
  }

  /// Copies a folder's files into the work tree.
  public void copy(Path from, String to) {
    try (Stream<Path> paths = Files.walk(from)) {
      for (Path path : (Iterable<Path>) paths.filter(Files::isRegularFile)::iterator) {
        Path target = folder.resolve(to).resolve(from.relativize(path).toString());
        Files.createDirectories(target.getParent());
        Files.copy(path, target);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Commits all of the work tree.
  ///
  /// @return the commit
  public String commit(String message) {
    git("add", "-A", "-f");
    git("commit", "-q", "--allow-empty", "-m", message);
    return head();
  }

  public String head() {
    return git("rev-parse", "HEAD");
  }

  /// Paths of the files of HEAD, in order.
  public List<String> files() {
    return List.of(git("ls-tree", "-r", "--name-only", "HEAD").split("\n"));
  }

  /// The text of a file.
  public String read(String path) {
    try {
      return Files.readString(folder.resolve(path));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Writes a file of the work tree.
  public void write(String path, String text) {
    try {
      Files.createDirectories(folder.resolve(path).getParent());
      Files.writeString(folder.resolve(path), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
