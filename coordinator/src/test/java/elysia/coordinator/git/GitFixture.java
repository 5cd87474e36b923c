package elysia.coordinator.git;

import com.typesafe.config.ConfigFactory;
import elysia.core.identity.RepositoryName;
import elysia.core.source.SourceSpec;
import elysia.git.process.Commands;
import elysia.testkit.git.TestRepository;
import elysia.testkit.source.SourceContract;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/// A source with clones in a temporary folder, and a repository beside it.
abstract class GitFixture {
  @TempDir
  Path folder = Path.of("");
  Commands commands = new Commands();
  GitSettings settings = GitSettings.from(ConfigFactory.defaultReference());
  Path clones = folder;
  GitSource source = new GitSource(folder, settings, commands);

  @BeforeEach
  void openSource() {
    clones = folder.resolve("clones");
    source = new GitSource(clones, settings, commands);
  }

  @AfterEach
  void closeCommands() {
    commands.close();
  }

  /// A source on a node with this environment, and with no other home than a folder of the test.
  GitSource sourceIn(Map<String, String> environment) {
    Map<String, String> all = new HashMap<>(environment);
    all.put("PATH", System.getenv("PATH"));
    all.putIfAbsent("HOME", folder.resolve("home").toString());
    all.put("GIT_CONFIG_SYSTEM", "/dev/null");
    return new GitSource(clones, settings, commands, all);
  }

  GitSource sourceWithDeadline(Duration deadline) {
    return new GitSource(clones, new GitSettings("git", deadline, deadline, deadline,
        settings.localDeadline(), settings.renameLimit(), settings.parallel()), commands);
  }

  /// A source that calls this program for Git.
  GitSource sourceOf(String program) {
    return new GitSource(clones, new GitSettings(program, settings.lookDeadline(),
        settings.cloneDeadline(), settings.fetchDeadline(), settings.localDeadline(),
        settings.renameLimit(), 1), commands);
  }

  static SourceSpec named(String name, String location) {
    return new SourceSpec(new RepositoryName(name), location, Optional.empty(), Optional.empty());
  }

  static SourceSpec onBranch(SourceSpec spec, String branch) {
    return new SourceSpec(spec.name(), spec.location(), Optional.of(branch), spec.provider());
  }

  /// The contract against a repository that is cloned, or read in place.
  abstract static class Contract extends GitFixture implements SourceContract {
    TestRepository repository = new TestRepository(folder);

    abstract SourceSpec spec(TestRepository repository);

    @BeforeEach
    void createRepository() {
      repository = TestRepository.create(folder.resolve("sample"));
    }

    @Override
    public GitSource source() {
      return source;
    }

    @Override
    public SourceSpec spec() {
      return spec(repository);
    }

    @Override
    public void publish(Map<String, String> files) {
      repository.publish(files);
    }
  }
}
