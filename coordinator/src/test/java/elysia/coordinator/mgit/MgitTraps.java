package elysia.coordinator.mgit;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import elysia.coordinator.git.GitSettings;
import elysia.coordinator.git.GitSource;
import elysia.core.identity.RepositoryName;
import elysia.core.outcome.Outcome;
import elysia.core.source.Pulled;
import elysia.core.source.Source;
import elysia.core.source.SourceSpec;
import elysia.git.process.Commands;
import elysia.testkit.git.GitHttps;
import elysia.testkit.git.TestRepository;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What makes mgit 0.13 leave a clone behind, spoil it, hang or say that all is well: each pull
/// must still end with the remote's commit, or with a reason. The same tests for mgit itself and for
/// a stand-in that does what mgit was recorded to do.
@Timeout(180)
abstract class MgitTraps {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir
  Path folder = Path.of("");
  private final Commands commands = new Commands();
  private TestRepository repository = new TestRepository(folder);
  private TestRepository other = new TestRepository(folder);

  /// The program to test; ends the test where there is none.
  abstract Path program(Path place) throws IOException;

  @BeforeEach
  void createRepositories() {
    repository = TestRepository.create(folder.resolve("r"));
    repository.publish(Map.of("a", "1\n"));
    other = TestRepository.create(folder.resolve("other"));
    other.publish(Map.of("a", "1\n"));
  }

  @AfterEach
  void close() {
    commands.close();
  }

  private Source source(Duration mgit, Duration git, Optional<Path> config) throws IOException {
    GitSettings defaults = GitSettings.from(ConfigFactory.defaultReference());
    GitSource plain = new GitSource(folder.resolve("clones"),
        new GitSettings("git", git, git, git, defaults.localDeadline(), defaults.renameLimit(), 4),
        commands);
    return MgitSource.over(plain, folder.resolve("mgit"),
        new MgitSettings(Optional.of(program(folder)), config, mgit, PATIENCE,
            Duration.ofMillis(10), 50, 4),
        commands);
  }

  private Source source() throws IOException {
    return source(PATIENCE, PATIENCE, Optional.empty());
  }

  private static SourceSpec spec(String name, String location) {
    return new SourceSpec(new RepositoryName(name), location, Optional.empty(), Optional.empty());
  }

  private SourceSpec spec() {
    return spec("r", "file://" + repository.folder());
  }

  private SourceSpec otherSpec() {
    return spec("other", "file://" + other.folder());
  }

  /// The clone, as whoever looks into it sees it.
  private TestRepository mine() {
    return new TestRepository(folder.resolve("clones/r"));
  }

  /// Both are pulled in one call, and both stand where their remotes stand.
  private Pulled assertCurrent(Source source) {
    Map<SourceSpec, Outcome<Pulled>> all = source.pullAll(List.of(spec(), otherSpec()));
    Pulled pulled = outcome(all, otherSpec()).orElseThrow();
    assertThat(pulled.commit()).contains(other.git("rev-parse", "HEAD"));
    Pulled followed = outcome(all, spec()).orElseThrow();
    assertThat(followed.commit()).contains(repository.git("rev-parse", "HEAD"));
    return followed;
  }

  private static Outcome<Pulled> outcome(Map<SourceSpec, Outcome<Pulled>> all, SourceSpec spec) {
    return Optional.ofNullable(all.get(spec)).orElseThrow();
  }

  private void assertPulledByMgit(Source source) {
    Pulled pulled = assertCurrent(source);
    assertThat(pulled.via()).as("%s", pulled.notes()).isEqualTo("mgit");
  }

  @Test
  void cloneThatIsBehindIsPulled() throws IOException {
    Source source = source();
    assertCurrent(source);
    repository.publish(Map.of("a", "2\n"));
    assertPulledByMgit(source);
    assertPulledByMgit(source);
  }

  @Test
  void untrackedFilesInTheCloneDoNotMakeItSkipped() throws IOException {
    Source source = source();
    assertCurrent(source);
    Files.writeString(mine().folder().resolve("untracked"), "x");
    Files.writeString(mine().folder().resolve("a"), "edited");
    repository.publish(Map.of("a", "2\n"));
    assertPulledByMgit(source);
  }

  @Test
  void stagedChangeInTheCloneDoesNotLast() throws IOException {
    Source source = source();
    assertCurrent(source);
    mine().git("update-index", "--add", "--cacheinfo",
        "100644," + mine().git("rev-parse", "refs/remotes/origin/main:a") + ",staged");
    repository.publish(Map.of("a", "2\n"));
    assertCurrent(source);
    repository.publish(Map.of("a", "3\n"));
    assertCurrent(source);
  }

  @Test
  void rewrittenHistoryMakesNoMergeCommit() throws IOException {
    Source source = source();
    repository.publish(Map.of("a", "2\n"));
    assertCurrent(source);
    for (int round = 0; round < 2; round++) {
      repository.git("reset", "-q", "--hard", "HEAD~1");
      repository.publish(Map.of("a", "conflict " + round + "\n"));
      repository.publish(Map.of("a", "more " + round + "\n"));
      assertCurrent(source);
      assertThat(mine().git("rev-list", "--merges", "--all")).isEmpty();
      assertThat(mine().folder().resolve(".git/MERGE_HEAD")).doesNotExist();
    }
    assertPulledByMgit(source);
  }

  @Test
  void unfinishedMergeInTheCloneIsForgotten() throws IOException {
    Source source = source();
    assertCurrent(source);
    Files.writeString(mine().folder().resolve(".git/MERGE_HEAD"),
        mine().git("rev-parse", "refs/remotes/origin/main") + "\n");
    repository.publish(Map.of("a", "2\n"));
    assertCurrent(source);
    repository.publish(Map.of("a", "3\n"));
    assertCurrent(source);
  }

  @Test
  void detachedCloneFollowsItsBranchAgain() throws IOException {
    Source source = source();
    assertCurrent(source);
    mine().git("update-ref", "--no-deref", "HEAD",
        mine().git("rev-parse", "refs/remotes/origin/main"));
    repository.publish(Map.of("a", "2\n"));
    assertCurrent(source);
    assertPulledByMgit(source);
  }

  @Test
  void cloneWhoseRemoteWasForgottenIsPulled() throws IOException {
    Source source = source();
    assertCurrent(source);
    mine().git("remote", "remove", "origin");
    repository.publish(Map.of("a", "2\n"));
    assertCurrent(source);
    repository.publish(Map.of("a", "3\n"));
    assertPulledByMgit(source);
  }

  @Test
  void movedSubmoduleDoesNotMakeTheCloneSkippedForEver() throws IOException {
    Source source = source();
    assertCurrent(source);
    for (int round = 0; round < 3; round++) {
      String pointer = other.publish(Map.of("a", "round " + round + "\n"));
      repository.write(".gitmodules", "[submodule \"s\"]\npath = libs/s\nurl = ../other\n");
      repository.git("add", ".gitmodules");
      repository.git("update-index", "--add", "--cacheinfo", "160000," + pointer + ",libs/s");
      repository.git("commit", "-q", "-m", "submodule " + round);
      assertPulledByMgit(source);
    }
  }

  @Test
  void deletedBranchIsAReasonAndTheOtherIsPulled() throws IOException {
    Source source = source();
    assertCurrent(source);
    repository.git("checkout", "-q", "-b", "new");
    repository.git("branch", "-q", "-D", "main");
    assertCurrent(source);
    SourceSpec named = new SourceSpec(spec().name(), spec().location(), Optional.of("main"),
        Optional.empty());
    Map<SourceSpec, Outcome<Pulled>> all = source.pullAll(List.of(named, otherSpec()));
    assertThat(outcome(all, named)).isInstanceOfSatisfying(Outcome.Refused.class,
        refused -> assertThat(refused.problem().code()).isEqualTo("branch_not_found"));
    assertThat(outcome(all, otherSpec())).isInstanceOf(Outcome.Ok.class);
  }

  @Test
  void repositoryWithoutCommitsIsEmpty() throws IOException {
    TestRepository empty = TestRepository.create(folder.resolve("empty"));
    Source source = source();
    SourceSpec spec = spec("empty", "file://" + empty.folder());
    assertThat(source.pull(spec).orElseThrow().commit()).isEmpty();
    empty.publish(Map.of("a", "1\n"));
    assertThat(source.pull(spec).orElseThrow().commit()).isPresent();
  }

  @Test
  void remoteThatIsGoneIsAReasonAndTheOtherIsPulled() throws IOException {
    Source source = source();
    assertCurrent(source);
    Files.move(repository.folder(), folder.resolve("moved"));
    other.publish(Map.of("a", "2\n"));
    Map<SourceSpec, Outcome<Pulled>> all = source.pullAll(List.of(spec(), otherSpec()));
    assertThat(outcome(all, spec())).isNotInstanceOf(Outcome.Ok.class);
    assertThat(outcome(all, otherSpec()).orElseThrow().commit())
        .contains(other.git("rev-parse", "HEAD"));
  }

  @Test
  void remoteThatNeverAnswersIsEndedAtTheDeadline() throws IOException {
    try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      Source source = source(Duration.ofSeconds(8), Duration.ofSeconds(4), Optional.empty());
      SourceSpec spec = new SourceSpec(new RepositoryName("silent"),
          "http://127.0.0.1:" + silent.getLocalPort() + "/x.git", Optional.of("main"),
          Optional.of("work"));
      assertThat(source.pull(spec)).isInstanceOfSatisfying(Outcome.Busy.class,
          busy -> assertThat(busy.reason()).contains("no answer"));
    }
  }

  @Test
  void remoteThatWantsAPasswordIsRefusedWithoutAPrompt() throws IOException {
    try (GitHttps server = GitHttps.start(folder, folder.resolve("tls"),
        Optional.of("bob:secret"))) {
      SourceSpec spec = new SourceSpec(new RepositoryName("private"), server.url("r/.git"),
          Optional.of("main"), Optional.of("work"));
      assertThat(source().pull(spec)).isNotInstanceOf(Outcome.Ok.class);
    }
  }

  @Test
  void brokenCloneIsMadeAnewAndTheOtherIsPulled() throws IOException {
    Source source = source();
    assertCurrent(source);
    Path objects = mine().folder().resolve(".git/objects");
    Files.move(objects, folder.resolve("objects"));
    Files.createDirectory(objects);
    repository.publish(Map.of("a", "2\n"));
    assertCurrent(source);
    Files.delete(mine().folder().resolve(".git/config"));
    repository.publish(Map.of("a", "3\n"));
    assertCurrent(source);
    Files.write(mine().folder().resolve(".git/config"), new byte[]{'[', (byte) 0xff, ']'});
    repository.publish(Map.of("a", "4\n"));
    assertCurrent(source);
    assertPulledByMgit(source);
  }

  @Test
  void brokenConfigurationOfMgitLeavesTheWorkToGit() throws IOException {
    Path config = Files.writeString(folder.resolve("config.yaml"), "a: [\n");
    Source source = source(PATIENCE, PATIENCE, Optional.of(config));
    assertCurrent(source);
    repository.publish(Map.of("a", "2\n"));
    Pulled pulled = assertCurrent(source);
    assertThat(pulled.via()).isEqualTo("git");
    assertThat(pulled.notes()).singleElement().asString().contains("mgit --version");
  }
}
