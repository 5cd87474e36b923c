package elysia.testkit.git;

import elysia.testkit.process.Finished;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// A Git repository with a work tree, scripted; its commits are the same in every run.
///
/// @param folder its top folder
public record GitRepository(Path folder) {
  private static final Duration LIMIT = Duration.ofMinutes(10);
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

  /// Runs git in it and returns what it printed, without the last line end.
  public String git(String... arguments) {
    return gitWith(new byte[0], arguments).text().strip();
  }

  /// The same with something to read.
  public Finished gitWith(byte[] input, String... arguments) {
    List<String> command = new ArrayList<>(List.of("git"));
    command.addAll(List.of(arguments));
    return Finished.run(folder, ENVIRONMENT, LIMIT, input, command).good();
  }

  /// The same with a file as its standard input.
  public Finished gitFrom(Path input, String... arguments) {
    List<String> command = new ArrayList<>(List.of("git"));
    command.addAll(List.of(arguments));
    return Finished.run(folder, ENVIRONMENT, LIMIT, input, command).good();
  }

  public GitRepository write(String path, String text) {
    return write(path, text.getBytes(StandardCharsets.UTF_8));
  }

  public GitRepository write(String path, byte[] bytes) {
    try {
      Path file = folder.resolve(path);
      Files.createDirectories(file.getParent());
      Files.write(file, bytes);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public String read(String path) {
    try {
      return Files.readString(folder.resolve(path));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Commits all of the work tree.
  ///
  /// @return the commit
  public String commit(String message) {
    git("add", "-A", "-f");
    return commitIndex(message);
  }

  /// Commits what is in Git's index.
  public String commitIndex(String message) {
    git("commit", "-q", "--allow-empty", "-m", message);
    return head();
  }

  /// Puts a file under a path of any bytes into Git's index; the work tree does not get it.
  public void stage(byte[] path, String mode, String text) {
    String object = gitWith(text.getBytes(StandardCharsets.UTF_8), "hash-object", "-w", "--stdin")
        .text().strip();
    byte[] head = (mode + " " + object + "\t").getBytes(StandardCharsets.US_ASCII);
    byte[] line = new byte[head.length + path.length + 1];
    System.arraycopy(head, 0, line, 0, head.length);
    System.arraycopy(path, 0, line, head.length, path.length);
    gitWith(line, "update-index", "-z", "--index-info");
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

  /// Paths of the files of HEAD, in order.
  public List<String> files() {
    return List.of(git("ls-tree", "-r", "--name-only", "HEAD").split("\n"));
  }

  public String head() {
    return git("rev-parse", "HEAD");
  }

  /// Where it lies, as a URL to clone from.
  public String url() {
    return "file://" + folder;
  }
}
