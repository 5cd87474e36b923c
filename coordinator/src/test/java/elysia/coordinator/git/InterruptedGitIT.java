package elysia.coordinator.git;

import static org.assertj.core.api.Assertions.assertThat;

import elysia.core.outcome.Outcome;
import elysia.core.outcome.Problem;
import elysia.core.source.SourceSpec;
import elysia.testkit.git.TestRepository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Calls of Git that are ended from outside, references that cannot be read or name nothing, and
/// commits that went: none of that is an empty repository, whose index would be emptied, or a
/// damaged one.
class InterruptedGitIT extends GitFixture {
  private TestRepository repository = new TestRepository(folder);
  private String commit = "";

  @BeforeEach
  void createRepository() {
    repository = TestRepository.create(folder.resolve("sample"));
    commit = repository.publish(Map.of("a", "1", "b/c", "2"));
  }

  /// A source whose Git does something else at one of its commands.
  private GitSource whereGit(String command, String does) throws IOException {
    Path git = Files.writeString(folder.resolve("git-" + command), """
        #!/bin/sh
        case " $* " in *" %s "*) %s ;; esac
        exec git "$@"
        """.formatted(command, does));
    Files.setPosixFilePermissions(git, PosixFilePermissions.fromString("rwx------"));
    return new GitSource(clones,
        new GitSettings(git.toString(), settings.lookDeadline(), settings.cloneDeadline(),
            settings.fetchDeadline(), settings.localDeadline(), settings.renameLimit(), 1),
        commands);
  }

  private static String reason(Outcome<?> outcome) {
    return outcome instanceof Outcome.Busy<?>(_, var reason, _) ? reason : "not busy: " + outcome;
  }

  private static Problem problem(Outcome<?> outcome) {
    return outcome instanceof Outcome.Refused<?>(var problem)
        ? problem
        : Problem.of("none", "not refused: " + outcome);
  }

  @Test
  void questionThatASignalEndedIsAskedAgainLater() throws Exception {
    for (String command : new String[]{"rev-parse", "symbolic-ref", "for-each-ref", "cat-file"})
      assertThat(reason(whereGit(command, "kill -KILL $$").pull(repository.local()))).as(command)
          .contains("was ended by signal 9");
    repository.git("checkout", "-q", "--detach");
    assertThat(reason(whereGit("--verify", "kill -TERM $$").pull(repository.local())))
        .contains("was ended by signal 15");
  }

  @Test
  void listingThatASignalEndedHasNoHalfPathAndDamagesNoClone() throws Exception {
    SourceSpec spec = repository.cloned();
    source.pull(spec).orElseThrow();
    GitSource halfway = whereGit("ls-tree", "git \"$@\" | head -c 109; kill -KILL $$");
    assertThat(reason(halfway.changes(spec, Optional.empty(), commit)))
        .contains("was ended by signal 9");
    assertThat(source.pull(spec).orElseThrow().notes()).isEmpty();
  }

  @Test
  void outputThatEndsInAPathIsNoList() throws Exception {
    GitSource cut = whereGit("ls-tree", "git \"$@\" | head -c 109; exit 0");
    assertThat(reason(cut.changes(repository.local(), Optional.empty(), commit)))
        .contains("its output ended in an entry");
  }

  @Test
  void referenceThatCannotBeReadIsNoBranchWithoutCommits() throws Exception {
    repository.git("branch", "other");
    Files.writeString(repository.folder().resolve(".git/refs/heads/other"), "");
    assertThat(reason(source.pull(onBranch(repository.local(), "other"))))
        .contains("ignoring broken ref refs/heads/other");
    Files.writeString(repository.folder().resolve(".git/refs/heads/main"), "");
    assertThat(reason(source.pull(repository.local()))).contains("git in ");
  }

  @Test
  void remoteWhoseHeadNamesNoBranchIsNoRemoteWithoutCommits() throws Exception {
    repository.git("branch", "other");
    repository.git("symbolic-ref", "HEAD", "refs/heads/gone");
    assertThat(problem(source.pull(repository.cloned())).text())
        .contains("HEAD names no branch that is there (branches: main, other)", "--branch");
    assertThat(problem(source.check(repository.cloned())).code()).isEqualTo("branch_not_found");
    assertThat(source.pull(onBranch(repository.cloned(), "main")).orElseThrow().commit())
        .contains(commit);
  }

  @Test
  void remoteWhoseBranchIsDamagedIsNoRemoteWithoutCommits() throws Exception {
    repository.git("branch", "other");
    Files.writeString(repository.folder().resolve(".git/refs/heads/main"), "");
    assertThat(problem(source.pull(repository.cloned())).text())
        .contains("(branches: main (damaged), other)");
    assertThat(reason(source.pull(onBranch(repository.cloned(), "main"))))
        .contains("cannot read its branch main");
    assertThat(source.pull(onBranch(repository.cloned(), "other")).orElseThrow().commit())
        .contains(commit);
  }

  @Test
  void differenceFromACommitThatWentIsNoListing() {
    String gone = "f".repeat(40);
    assertThat(source.reachable(repository.local(), gone)).isFalse();
    assertThat(reason(source.changes(repository.local(), Optional.of(gone), commit)))
        .contains(gone, "not in the repository any more");
  }
}
