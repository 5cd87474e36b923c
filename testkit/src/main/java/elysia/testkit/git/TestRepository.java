package elysia.testkit.git;

import static org.assertj.core.api.Assertions.assertThat;

import elysia.core.identity.RepositoryName;
import elysia.core.source.SourceSpec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// A Git repository of a test, worked on with real git.
public final class TestRepository {
  private static final long DEADLINE_SECONDS = 60;

  private final Path folder;

  /// One that is there.
  public TestRepository(Path folder) {
    this.folder = folder;
  }

  /// A new one with a work tree.
  public static TestRepository create(Path folder, String... options) {
    TestRepository repository = new TestRepository(folder);
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    List<String> init = new ArrayList<>(List.of("init", "-q", "-b", "main"));
    init.addAll(List.of(options));
    repository.git(init.toArray(String[]::new));
    return repository;
  }

  public Path folder() {
    return folder;
  }

  /// To be read in place.
  public SourceSpec local() {
    return spec(folder.toString());
  }

  /// To be cloned.
  public SourceSpec cloned() {
    return spec("file://" + folder);
  }

  public static SourceSpec spec(String location) {
    return new SourceSpec(new RepositoryName("sample"), location, Optional.empty(),
        Optional.empty());
  }

  /// Commits exactly these files.
  public String publish(Map<String, String> files) {
    git("rm", "-r", "-q", "-f", "--ignore-unmatch", ".");
    files.forEach(this::write);
    return commit("files");
  }

  public void write(String path, String text) {
    try {
      Path file = folder.resolve(path);
      Files.createDirectories(file.getParent());
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /// Commits all that lies in the work tree.
  public String commit(String message) {
    git("add", "-A");
    git("commit", "-q", "--allow-empty", "-m", message);
    return git("rev-parse", "HEAD");
  }

  /// Runs git there; its standard output without the last line end.
  public String git(String... arguments) {
    return gitWith("", arguments);
  }

  /// The same with this on stdin, one byte per character.
  public String gitWith(String input, String... arguments) {
    List<String> line = new ArrayList<>(List.of("git", "-c", "user.name=Test", "-c",
        "user.email=test@example.org", "-c", "commit.gpgSign=false", "-c",
        "protocol.file.allow=always"));
    line.addAll(List.of(arguments));
    try {
      ProcessBuilder builder = new ProcessBuilder(line).directory(folder.toFile())
          .redirectErrorStream(true);
      builder.environment().keySet().removeIf(name -> name.startsWith("GIT_"));
      builder.environment().putAll(Map.of("GIT_CONFIG_NOSYSTEM", "1", "GIT_CONFIG_GLOBAL",
          "/dev/null", "LC_ALL", "C.UTF-8"));
      Process git = builder.start();
      try (var in = git.getOutputStream()) {
        in.write(input.getBytes(StandardCharsets.ISO_8859_1));
      }
      String output = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(git.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS)).isTrue();
      assertThat(git.exitValue()).as("%s: %s", line, output).isZero();
      return output.stripTrailing();
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
