package elysia.coordinator.git;

import static org.assertj.core.api.Assertions.assertThat;

import elysia.core.diagnose.Check;
import elysia.core.outcome.Outcome;
import elysia.core.source.Pulled;
import elysia.core.source.SourceSpec;
import elysia.git.command.Stderr;
import elysia.testkit.git.TestRepository;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Whatever keeps Git from writing to a clone of ours, the next pull brings it up to date.
class CloneIsACacheIT extends GitFixture {
  private TestRepository repository = new TestRepository(folder);
  private SourceSpec spec = named("x", "/");

  @BeforeEach
  void cloneIt() {
    repository = TestRepository.create(folder.resolve("sample"));
    repository.publish(Map.of("a", "1"));
    spec = repository.cloned();
    source.pull(spec).orElseThrow();
  }

  private Path inClone(String path) {
    return clones.resolve("sample/.git").resolve(path);
  }

  private Path write(String path, String text) throws IOException {
    Files.createDirectories(inClone(path).getParent());
    return Files.writeString(inClone(path), text);
  }

  private Pulled followed(SourceSpec of, String commit) {
    Pulled pulled = source.pull(of).orElseThrow();
    assertThat(pulled.commit()).contains(commit);
    assertThat(source.changes(of, Optional.empty(), commit).map(changes -> {
      changes.close();
      return true;
    })).isEqualTo(Outcome.ok(true));
    return pulled;
  }

  @ParameterizedTest
  @ValueSource(strings = {"refs/remotes/origin/main.lock", "packed-refs.lock", "shallow.lock",
      "index.lock", "config.lock", "HEAD.lock", "refs/heads/main.lock",
      "objects/info/commit-graph.lock", "objects/info/commit-graphs/commit-graph-chain.lock",
      "objects/pack/multi-pack-index.lock", "objects/maintenance.lock", "FETCH_HEAD.lock"})
  void lockThatNoProcessHoldsIsRemoved(String lock) throws Exception {
    Path file = write(lock, "");
    assertThat(source.inspect(spec, true)).anySatisfy(check -> {
      assertThat(check.status()).isEqualTo(Check.Status.WARNING);
      assertThat(check.message()).contains("locks that no process holds: " + lock);
    });
    String commit = repository.publish(Map.of("a", "2"));
    assertThat(followed(spec, commit).notes())
        .containsExactly("locks that no process held were removed: " + lock);
    assertThat(file).doesNotExist();
    assertThat(source.prepareForeignPull(spec)).isPresent();
  }

  @Test
  void lockOfALivingProcessStaysAndTheReasonNamesTheProcess() throws Exception {
    Path lock = write("refs/remotes/origin/main.lock", "");
    String commit = repository.publish(Map.of("a", "2"));
    ProcessBuilder builder = new ProcessBuilder("sleep", "60");
    builder.environment().put("GIT_DIR", inClone("").toString().replaceAll("/$", ""));
    Process holder = builder.start();
    try {
      assertThat(source.pull(spec)).isInstanceOfSatisfying(Outcome.Busy.class,
          busy -> assertThat(busy.reason()).contains("process " + holder.pid()));
      assertThat(lock).exists();
    } finally {
      holder.destroyForcibly().waitFor();
    }
    followed(spec, commit);
  }

  @Test
  void defaultBranchThatIsRenamedBelowItsOldNameIsFollowedAndBack() {
    repository.git("branch", "-q", "-m", "main", "other");
    repository.git("branch", "-q", "-m", "other", "main/v2");
    String commit = repository.publish(Map.of("a", "2"));
    Pulled pulled = followed(spec, commit);
    assertThat(pulled.branch()).contains("main/v2");
    assertThat(source.prepareForeignPull(spec)).as("mgit can pull it").isPresent();
    repository.git("branch", "-q", "-m", "main/v2", "other");
    repository.git("branch", "-q", "-m", "other", "main");
    commit = repository.publish(Map.of("a", "3"));
    assertThat(followed(spec, commit).branch()).contains("main");
    assertThat(source.prepareForeignPull(spec)).isPresent();
  }

  @Test
  void branchBelowTheFollowedOneIsFollowedWhenItIsNamed() {
    repository.git("branch", "-q", "-m", "main", "x");
    repository.git("branch", "-q", "main/v2");
    String commit = repository.git("rev-parse", "HEAD");
    assertThat(followed(onBranch(spec, "main/v2"), commit).branch()).contains("main/v2");
    repository.git("branch", "-q", "-m", "main/v2", "main");
    assertThat(followed(onBranch(spec, "main"), commit).branch()).contains("main");
  }

  @Test
  void historyOfAReferenceThatWentIsNoObstacle() throws Exception {
    repository.git("branch", "-q", "-m", "main", "x");
    repository.git("branch", "-q", "-m", "x", "main/v2");
    Files.delete(inClone("refs/remotes/origin/main"));
    String commit = repository.publish(Map.of("a", "2"));
    followed(spec, commit);
  }

  @ParameterizedTest
  @ValueSource(strings = {"packed-refs", "shallow", "objects/info/commit-graph",
      "refs/remotes/origin/main", "HEAD", "config", "index", "FETCH_HEAD", "ORIG_HEAD"})
  void garbageInAFileOfTheCloneIsNoObstacle(String file) throws Exception {
    write(file, "garbage\n");
    String commit = repository.publish(Map.of("a", "2"));
    followed(spec, commit);
  }

  @ParameterizedTest
  @ValueSource(strings = {"refs/remotes/origin/main", "HEAD", "config", "index", "FETCH_HEAD",
      "packed-refs", "logs", "elysiactl-failed-fetches"})
  void folderInThePlaceOfAFileIsNoObstacle(String file) throws Exception {
    Files.deleteIfExists(inClone("logs/refs/remotes/origin/main"));
    if (Files.isRegularFile(inClone(file)))
      Files.delete(inClone(file));
    write(file + "/x", "x");
    String commit = repository.publish(Map.of("a", "2"));
    followed(spec, commit);
  }

  @ParameterizedTest
  @ValueSource(strings = {"refs", "objects", "info"})
  void fileInThePlaceOfAFolderIsNoObstacle(String name) throws Exception {
    Files.move(inClone(name), folder.resolve("moved"));
    write(name, "x");
    String commit = repository.publish(Map.of("a", "2"));
    followed(spec, commit);
  }

  @Test
  void fetchThatFailsForNoReasonThatIsFoundLeadsToANewCloneTheThirdTime() throws Exception {
    Path git = Files.writeString(folder.resolve("git"), """
        #!/bin/sh
        case " $* " in *" fetch "*) [ -e "$GIT_DIR/old" ] && echo 'error: odd' >&2 && exit 1 ;; esac
        exec git "$@"
        """);
    Files.setPosixFilePermissions(git, PosixFilePermissions.fromString("rwx------"));
    source = sourceOf(git.toString());
    write("old", "");
    String commit = repository.publish(Map.of("a", "2"));
    for (int attempt = 1; attempt < 3; attempt++)
      assertThat(source.pull(spec)).isInstanceOfSatisfying(Outcome.Busy.class,
          busy -> assertThat(busy.reason()).contains("error: odd"));
    assertThat(followed(spec, commit).notes()).containsExactly("the clone was made again");
  }

  @Test
  void reasonsKeepTheLineThatNamesTheFile() {
    assertThat(Stderr.lastLines("""
        error: cannot lock ref 'refs/x': Unable to create '/c/.git/refs/x.lock': File exists.

        Another git process seems to be running in this repository, e.g.
        an editor opened by 'git commit'. Please make sure all processes
        are terminated then try again. If it still fails, a git process
        may have crashed in this repository earlier:
        remove the file manually to continue.
         ! [new branch]      x -> x  (unable to update local ref)
        """)).contains("/c/.git/refs/x.lock", "unable to update local ref")
        .doesNotContain("editor");
  }

  @Test
  void machineWithoutMemoryIsNotADamagedClone() throws Exception {
    String commit = repository.git("rev-parse", "HEAD");
    for (String command : List.of("ls-tree", "cat-file", "fsck", "fetch")) {
      Path git = Files.writeString(folder.resolve("git-" + command), """
          #!/bin/sh
          case " $* " in *" %s "*)
            echo 'fatal: Out of memory, malloc failed (tried to allocate 1 bytes)' >&2; exit 128 ;;
          esac
          exec git "$@"
          """.formatted(command), StandardCharsets.UTF_8);
      Files.setPosixFilePermissions(git, PosixFilePermissions.fromString("rwx------"));
      source = sourceOf(git.toString());
      repository.publish(Map.of("a", command));
      source.pull(spec);
      assertThat(source.changes(spec, Optional.empty(), commit) instanceof Outcome.Refused<?>)
          .as(command).isFalse();
      source = sourceOf("git");
      assertThat(source.pull(spec).orElseThrow().notes()).as(command).isEmpty();
    }
  }
}
