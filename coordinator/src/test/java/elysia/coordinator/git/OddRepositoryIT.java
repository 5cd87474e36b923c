package elysia.coordinator.git;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.SimpleFileServer;
import elysia.core.outcome.Outcome;
import elysia.core.outcome.Problem;
import elysia.core.source.Branch;
import elysia.core.source.Changes;
import elysia.core.source.Pulled;
import elysia.core.source.SourceChange;
import elysia.core.source.SourceChange.Put;
import elysia.core.source.SourceSpec;
import elysia.testkit.git.TestRepository;
import elysia.testkit.source.SourceContract;
import java.net.InetAddress;
import java.net.InetSocketAddress;
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

/// Repositories as Git allows them and few have them: names of branches that are not UTF-8, HEAD at
/// a tag, a plain web server, missing and unreadable objects, formats of another Git.
class OddRepositoryIT extends GitFixture {
  private static final String ODD = "caf\u00e9"; // one character per byte: no UTF-8
  private static final String WRITTEN = "\"caf\\351\"";

  private TestRepository repository = new TestRepository(folder);
  private String commit = "";

  @BeforeEach
  void createRepository() {
    repository = TestRepository.create(folder.resolve("sample"));
    commit = repository.publish(Map.of("a", "1", "d/b", "2"));
  }

  private List<SourceSpec> bothWays() {
    return List.of(repository.local(), repository.cloned());
  }

  private void head(String text) throws Exception {
    Files.writeString(repository.folder().resolve(".git/HEAD"), text + "\n",
        StandardCharsets.ISO_8859_1);
  }

  private static Problem problem(Outcome<?> outcome) {
    return outcome instanceof Outcome.Refused<?>(var problem)
        ? problem
        : Problem.of("none", "not refused: " + outcome);
  }

  @Test
  void checkedOutBranchWhoseNameIsNotUtf8IsFollowed() throws Exception {
    repository.gitWith("create refs/heads/" + ODD + " " + commit + "\n", "update-ref", "--stdin");
    head("ref: refs/heads/" + ODD);
    repository.git("branch", "-q", "-D", "main");
    for (SourceSpec spec : bothWays()) {
      assertThat(source.check(spec).orElseThrow().commit()).contains(commit);
      Pulled pulled = source.pull(spec).orElseThrow();
      assertThat(pulled.branch()).contains(WRITTEN);
      assertThat(pulled.commit()).contains(commit);
      assertThat(source.pull(onBranch(spec, WRITTEN)).orElseThrow().commit()).contains(commit);
    }
    assertThat(source.prepareForeignPull(repository.cloned())).isPresent();
    repository.write("a", "2");
    String next = repository.commit("next");
    for (SourceSpec spec : bothWays())
      assertThat(source.pull(spec).orElseThrow().commit()).contains(next);
  }

  @Test
  void nameOfABranchIsCheckedByItsBytes() {
    assertThat(Branch.problem(WRITTEN)).isEmpty();
    assertThat(Branch.problem("\"a\\040b\"")).isPresent();
    assertThat(problem(source.pull(onBranch(repository.cloned(), WRITTEN))).code())
        .isEqualTo("branch_not_found");
    assertThat(problem(source.pull(onBranch(repository.local(), WRITTEN))).code())
        .isEqualTo("branch_not_found");
  }

  @ParameterizedTest
  @ValueSource(strings = {"object", "ref: refs/tags/v1"})
  void headAtAnAnnotatedTagStandsForItsCommit(String kind) throws Exception {
    repository.git("tag", "-a", "-m", "one", "v1");
    head(kind.equals("object") ? repository.git("rev-parse", "v1") : kind);
    for (SourceSpec spec : bothWays()) {
      assertThat(source.check(spec).orElseThrow().commit()).contains(commit);
      for (int pull = 0; pull < 2; pull++) {
        Pulled pulled = source.pull(spec).orElseThrow();
        assertThat(pulled.commit()).contains(commit);
        assertThat(pulled.branch()).isEmpty();
        assertThat(pulled.notes()).isEmpty();
      }
      try (Changes changes = source.changes(spec, Optional.empty(), commit).orElseThrow()) {
        assertThat(SourceContract.lines(SourceContract.drain(changes))).containsExactly("put a 1",
            "put d/b 1");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void remoteOnAPlainWebServerIsCloned(boolean packed) throws Exception {
    Path served = folder.resolve("served/app.git");
    repository.git("clone", "-q", "--bare", ".", served.toString());
    TestRepository bare = new TestRepository(served);
    if (packed)
      bare.git("repack", "-a", "-d", "-q");
    bare.git("update-server-info");
    HttpServer server = SimpleFileServer.createFileServer(
        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), served.getParent(),
        SimpleFileServer.OutputLevel.NONE);
    server.start();
    try {
      SourceSpec spec = TestRepository
          .spec("http://127.0.0.1:" + server.getAddress().getPort() + "/app.git");
      assertThat(source.pull(spec).orElseThrow().commit()).contains(commit);
      repository.write("a", "2");
      String next = repository.commit("next");
      repository.git("push", "-q", served.toString(), "main");
      bare.git("update-server-info");
      assertThat(source.pull(spec).orElseThrow().commit()).contains(next);
    } finally {
      server.stop(0);
    }
  }

  @Test
  void missingContentOfAPartialCloneStopsOnlyWhatWantsIt() {
    repository.git("config", "uploadpack.allowFilter", "true");
    repository.git("clone", "-q", "--no-checkout", "--filter=blob:none",
        "file://" + repository.folder(), folder.resolve("partial").toString());
    TestRepository partial = new TestRepository(folder.resolve("partial"));
    partial.git("cat-file", "blob", "HEAD:a"); // fetches it
    source.pull(partial.local()).orElseThrow();
    try (Changes changes = source.changes(partial.local(), Optional.empty(), commit)
        .orElseThrow()) {
      List<Put> puts = SourceContract.drain(changes).stream().map(Put.class::cast).toList();
      assertThat(puts).extracting(put -> put.path() + " " + put.size()).containsExactly("a 1",
          "d/b 0");
      assertThat(changes.contents(puts.subList(0, 1)).orElseThrow()).hasSize(1);
      assertThat(problem(changes.contents(puts)).code()).isEqualTo("repository_incomplete");
    }
  }

  @Test
  void reasonOfGitIsShownForARepositoryThatItCannotRead() {
    repository.git("config", "core.repositoryFormatVersion", "1");
    repository.git("config", "extensions.unheardOf", "x");
    for (SourceSpec spec : bothWays()) {
      Problem problem = problem(source.pull(spec));
      assertThat(problem.code()).isEqualTo("repository_unreadable");
      assertThat(problem.text()).contains("unknown repository extension", "unheardof");
    }
  }

  @Test
  void reasonOfGitIsShownForABrokenConfiguration() throws Exception {
    Files.writeString(repository.folder().resolve(".git/config"), "[core\n");
    for (SourceSpec spec : bothWays())
      assertThat(problem(source.pull(spec)).text()).contains("bad config line 1 in file");
  }

  @Test
  void localCommitWhoseTreeIsBrokenIsRefusedWithTheReason() throws Exception {
    String tree = repository.git("rev-parse", "HEAD:d");
    Files.delete(repository.folder().resolve(".git/objects").resolve(tree.substring(0, 2))
        .resolve(tree.substring(2)));
    try (Changes changes = source.changes(repository.local(), Optional.empty(), commit)
        .orElseThrow()) {
      Outcome<Optional<SourceChange>> next = changes.next();
      while (next instanceof Outcome.Ok)
        next = changes.next();
      assertThat(problem(next).code()).isEqualTo("repository_damaged");
      assertThat(problem(next).text()).contains(commit, tree, "git fsck");
    }
  }

  @Test
  void commitOfARemoteThatANewCloneCannotReadEitherIsRefused() throws Exception {
    Path git = Files.writeString(folder.resolve("git"), """
        #!/bin/sh
        case " $* " in *" ls-tree "*) echo 'fatal: not a tree object' >&2; exit 128 ;; esac
        exec git "$@"
        """);
    Files.setPosixFilePermissions(git, PosixFilePermissions.fromString("rwx------"));
    source = sourceOf(git.toString());
    SourceSpec spec = repository.cloned();
    source.pull(spec).orElseThrow();
    assertThat(source.changes(spec, Optional.empty(), commit)).isInstanceOf(Outcome.Busy.class);
    assertThat(source.pull(spec).orElseThrow().notes())
        .containsExactly("the clone was made again");
    Problem problem = problem(source.changes(spec, Optional.empty(), commit));
    assertThat(problem.code()).isEqualTo("repository_damaged");
    assertThat(problem.text()).contains("also in a new clone", "fatal: not a tree object");
    assertThat(source.pull(spec).orElseThrow().notes()).as("it is not made again for ever")
        .isEmpty();
  }
}
