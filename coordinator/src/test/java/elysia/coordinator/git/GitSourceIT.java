package elysia.coordinator.git;

import static org.assertj.core.api.Assertions.assertThat;

import elysia.core.identity.FilePath;
import elysia.core.outcome.Outcome;
import elysia.core.source.Changes;
import elysia.core.source.Pulled;
import elysia.core.source.SourceChange;
import elysia.core.source.SourceSpec;
import elysia.testkit.git.TestRepository;
import elysia.testkit.source.SourceContract;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class GitSourceIT extends GitFixture {
  private TestRepository repository = new TestRepository(folder);
  private SourceSpec spec = named("x", "/");

  @BeforeEach
  void createRepository() {
    repository = TestRepository.create(folder.resolve("sample"));
    spec = repository.cloned();
  }

  private Pulled pull(SourceSpec of) {
    return source.pull(of).orElseThrow();
  }

  private List<String> changes(Optional<String> from, String to) {
    try (Changes changes = source.changes(spec, from, to).orElseThrow()) {
      return SourceContract.lines(SourceContract.drain(changes));
    }
  }

  private static String code(Outcome<?> outcome) {
    return outcome instanceof Outcome.Refused<?>(var problem) ? problem.code() : outcome.toString();
  }

  private Path cloneOf() {
    return clones.resolve("sample");
  }

  @Test
  void cloneIsCleanAndHoldsNoFile() throws Exception {
    repository.publish(Map.of("a", "1", "d/b", "2"));
    pull(spec);
    assertThat(source.prepareForeignPull(spec)).contains(cloneOf());
    assertThat(new TestRepository(cloneOf()).git("status", "--porcelain")).isEmpty();
    try (Stream<Path> files = Files.list(cloneOf())) {
      assertThat(files.map(file -> file.getFileName().toString())).containsExactly(".git");
    }
  }

  @Test
  void rewrittenHistoryIsFollowedAndTheOldCommitStaysReachable() {
    repository.publish(Map.of("a", "1"));
    String old = pull(spec).commit().orElseThrow();
    repository.write("a", "2");
    repository.git("commit", "-q", "-a", "--amend", "-m", "rewritten");
    String commit = pull(spec).commit().orElseThrow();
    assertThat(commit).isEqualTo(repository.git("rev-parse", "HEAD")).isNotEqualTo(old);
    assertThat(source.reachable(spec, old)).isTrue();
    assertThat(changes(Optional.of(old), commit)).containsExactly("put a 1");
  }

  @Test
  void changedDefaultBranchIsNoticed() {
    repository.publish(Map.of("a", "1"));
    assertThat(pull(spec).branch()).contains("main");
    repository.git("checkout", "-q", "-b", "other");
    String commit = repository.publish(Map.of("a", "other"));
    assertThat(pull(spec)).isEqualTo(
        new Pulled(Optional.of("other"), Optional.of(commit), "git", List.of()));
    repository.git("branch", "-q", "-D", "main");
    assertThat(pull(spec).branch()).contains("other");
    assertThat(code(source.pull(onBranch(spec, "main")))).isEqualTo("branch_not_found");
  }

  @Test
  void unbornBranchOfAnEmptyRemoteHasNoCommit() {
    assertThat(pull(onBranch(spec, "main")).commit()).isEmpty();
    assertThat(pull(onBranch(repository.local(), "main")).commit()).isEmpty();
  }

  @Test
  void sha256RepositoriesWork() {
    TestRepository wide = TestRepository.create(folder.resolve("wide"), "--object-format=sha256");
    wide.publish(Map.of("a", "1"));
    for (SourceSpec of : List.of(wide.cloned(), wide.local())) {
      String commit = pull(of).commit().orElseThrow();
      assertThat(commit).hasSize(64);
      try (Changes changes = source.changes(of, Optional.empty(), commit).orElseThrow()) {
        assertThat(SourceContract.lines(SourceContract.drain(changes))).containsExactly("put a 1");
      }
    }
    repository.publish(Map.of("b", "1"));
    assertThat(pull(spec).notes()).containsExactly("the clone was made again");
  }

  @Test
  void shallowSourceIsCloned() {
    repository.publish(Map.of("a", "1"));
    repository.publish(Map.of("a", "2"));
    repository.git("clone", "-q", "--depth=1", "file://" + repository.folder(),
        folder.resolve("shallow").toString());
    TestRepository shallow = new TestRepository(folder.resolve("shallow"));
    assertThat(pull(shallow.cloned()).commit()).contains(shallow.git("rev-parse", "HEAD"));
    String commit = shallow.publish(Map.of("a", "3"));
    assertThat(pull(shallow.cloned()).commit()).contains(commit);
  }

  @Test
  void brokenCloneIsMadeAnew() throws Exception {
    String commit = repository.publish(Map.of("a", "1"));
    pull(spec);
    try (Stream<Path> files = Files.walk(cloneOf().resolve(".git/objects"))) {
      for (Path file : files.filter(Files::isRegularFile).toList())
        Files.write(file, new byte[]{1});
    }
    assertThat(source.reachable(spec, commit)).isFalse();
    assertThat(pull(spec).notes()).containsExactly("the clone was made again");
    assertThat(changes(Optional.empty(), commit)).containsExactly("put a 1");
  }

  @Test
  void folderOfClonesThatIsGoneIsMadeAgain() throws Exception {
    String commit = repository.publish(Map.of("a", "1"));
    pull(spec);
    try (Stream<Path> files = Files.walk(clones)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList())
        Files.delete(file);
    }
    assertThat(pull(spec).commit()).contains(commit);
    assertThat(changes(Optional.empty(), commit)).containsExactly("put a 1");
  }

  @Test
  void missingBlobOfACloneIsBusyAndHealsByTheNextPull() throws Exception {
    String commit = repository.publish(Map.of("a", "1"));
    pull(spec);
    String blob = repository.git("rev-parse", "HEAD:a");
    Files.deleteIfExists(cloneOf().resolve(".git/objects").resolve(blob.substring(0, 2))
        .resolve(blob.substring(2)));
    assertThat(source.changes(spec, Optional.empty(), commit)).isInstanceOf(Outcome.Busy.class);
    assertThat(pull(spec).notes()).containsExactly("the clone was made again");
    assertThat(changes(Optional.empty(), commit)).containsExactly("put a 1");
  }

  @Test
  void cloneOfAnotherUrlIsMadeAnewAndLeftoversGo() throws Exception {
    repository.publish(Map.of("a", "1"));
    pull(spec);
    TestRepository other = TestRepository.create(folder.resolve("other"));
    String commit = other.publish(Map.of("b", "1"));
    Path half = Files.createDirectories(clones.resolve(".part~sample~1/.git"));
    assertThat(pull(other.cloned())).isEqualTo(new Pulled(Optional.of("main"), Optional.of(commit),
        "git", List.of("the clone was made again")));
    assertThat(half).doesNotExist();
  }

  @Test
  void localEditsAndStagedFilesAreNotedAndNothingIsWritten() throws Exception {
    repository.publish(Map.of("a", "1", "b", "1", "c/d", "1"));
    repository.write("a", "edited");
    repository.write("new", "staged");
    repository.git("add", "new");
    byte[] index = Files.readAllBytes(repository.folder().resolve(".git/index"));
    Pulled pulled = pull(named("x", repository.folder().resolve("c").toString()));
    assertThat(pulled.via()).isEqualTo("local");
    assertThat(pulled.notes()).containsExactly(
        "2 files with uncommitted edits: the committed content is indexed",
        repository.folder().resolve("c") + " is a folder in " + repository.folder()
            + ": the whole repository is indexed");
    assertThat(Files.readAllBytes(repository.folder().resolve(".git/index"))).isEqualTo(index);
  }

  @Test
  void detachedBareAndLinkedRepositoriesAreReadInPlace() {
    String commit = repository.publish(Map.of("a", "1"));
    repository.git("worktree", "add", "-q", "-b", "linked", folder.resolve("linked").toString());
    repository.git("clone", "-q", "--bare", ".", folder.resolve("bare.git").toString());
    repository.git("checkout", "-q", "--detach");
    assertThat(pull(repository.local()))
        .isEqualTo(new Pulled(Optional.empty(), Optional.of(commit), "local", List.of()));
    assertThat(pull(named("x", folder.resolve("linked").toString())).branch()).contains("linked");
    assertThat(pull(named("x", folder.resolve("bare.git").toString())).commit()).contains(commit);
    assertThat(code(source.pull(named("x", folder.resolve("clones").toString()))))
        .isEqualTo("not_a_repository");
    assertThat(code(source.pull(named("x", folder + "/none")))).isEqualTo("path_not_found");
  }

  @Test
  void whatIsNoFileIsARemoveWithItsReason() throws Exception {
    repository.publish(Map.of("a", "1", "f", "2"));
    String from = pull(spec).commit().orElseThrow();
    Files.delete(repository.folder().resolve("f"));
    Files.createSymbolicLink(repository.folder().resolve("f"), Path.of("a"));
    repository.git("update-index", "--add", "--cacheinfo", "160000," + from + ",sub");
    repository.git("add", "f");
    repository.git("update-index", "--chmod=+x", "a");
    repository.git("commit", "-q", "-m", "2");
    String to = pull(spec).commit().orElseThrow();
    assertThat(changes(Optional.of(from), to)).containsExactly("remove f not_a_file",
        "remove sub not_a_file");
    assertThat(changes(Optional.empty(), to)).containsExactly("put a 1", "remove f not_a_file",
        "remove sub not_a_file");
    assertThat(changes(Optional.of(to), from)).containsExactly("put f 1", "remove sub");
    assertThat(
        SourceContract.lines(source.lookup(spec, to, List.of(new FilePath("f"))).orElseThrow()))
        .containsExactly("remove f not_a_file");
  }

  @Test
  void oddPathsKeepTheirBytes() {
    String blob = repository.gitWith("x", "hash-object", "-w", "--stdin");
    String tree = repository.gitWith("100644 blob " + blob + "\tnew\nline\u0000100644 blob " + blob
        + "\t\u00ff\u00fe\u0000100644 blob " + blob + "\t\"q\"\0", "mktree", "-z");
    repository.git("update-ref", "refs/heads/main",
        repository.git("commit-tree", "-m", "odd", tree));
    String commit = pull(spec).commit().orElseThrow();
    try (Changes changes = source.changes(spec, Optional.empty(), commit).orElseThrow()) {
      List<FilePath> paths = SourceContract.drain(changes).stream().map(SourceChange::path)
          .toList();
      assertThat(paths).containsExactly(FilePath.ofBytes(new byte[]{'"', 'q', '"'}),
          new FilePath("new\nline"), FilePath.ofBytes(new byte[]{(byte) 0xff, (byte) 0xfe}));
      assertThat(source.lookup(spec, commit, paths).orElseThrow())
          .allMatch(SourceChange.Put.class::isInstance);
    }
  }

  @Test
  void manyRemovesComeInOrderFromASecondReading() {
    StringBuilder tree = new StringBuilder();
    String blob = repository.gitWith("x", "hash-object", "-w", "--stdin");
    for (int i = 0; i < 12_000; i++)
      tree.append("100644 blob ").append(blob).append('\t').append("f%05d".formatted(i))
          .append('\0');
    String many = repository.git("commit-tree", "-m", "many",
        repository.gitWith(tree.toString(), "mktree", "-z"));
    repository.git("update-ref", "refs/heads/main", many);
    pull(spec);
    repository.git("read-tree", "--empty");
    String none = repository.git("commit-tree", "-p", many, "-m", "none",
        repository.gitWith("100644 blob " + repository.gitWith("y", "hash-object", "-w", "--stdin")
            + "\tz\0", "mktree", "-z"));
    repository.git("update-ref", "refs/heads/main", none);
    List<String> changes = changes(Optional.of(many), pull(spec).commit().orElseThrow());
    assertThat(changes).hasSize(12_001).startsWith("put z 1", "remove f00000").isSorted();
  }
}
