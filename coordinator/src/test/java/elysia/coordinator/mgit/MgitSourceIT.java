package elysia.coordinator.mgit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.typesafe.config.ConfigFactory;
import elysia.coordinator.git.GitSettings;
import elysia.coordinator.git.GitSource;
import elysia.core.identity.RepositoryName;
import elysia.core.outcome.Outcome;
import elysia.core.source.Location;
import elysia.core.source.Pulled;
import elysia.core.source.Source;
import elysia.core.source.SourceSpec;
import elysia.git.command.Git;
import elysia.git.process.Commands;
import elysia.testkit.git.TestRepository;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Against stand-ins that do what mgit was seen to do, and against mgit itself when ELYSIACTL_MGIT
/// names it.
@Timeout(120)
class MgitSourceIT {
  private static final String VERSION = "[ \"$1\" = --version ] && "
      + "{ echo 'mgit version: 0.13.0'; exit 0; }\necho \"$@\" >> FOLDER/calls\n";
  private static final String PULL_ALL = "for c in \"$2\"/*/; do (cd \"$c\" && git pull -q); done\n";

  @TempDir
  Path folder = Path.of("");
  private final Commands commands = new Commands();
  private final List<TestRepository> repositories = new ArrayList<>();
  private final List<SourceSpec> specs = new ArrayList<>();

  @BeforeEach
  void createRepositories() {
    for (int i = 0; i < 3; i++) {
      TestRepository repository = TestRepository.create(folder.resolve("r" + i));
      repository.publish(Map.of("a", "1"));
      repositories.add(repository);
      specs.add(new SourceSpec(new RepositoryName("r" + i), "file://" + repository.folder(),
          Optional.empty(), Optional.empty()));
    }
  }

  @AfterEach
  void close() {
    commands.close();
  }

  private Source source(Path program, Duration deadline) {
    GitSource git = new GitSource(folder.resolve("clones"),
        GitSettings.from(ConfigFactory.defaultReference()), commands);
    return MgitSource.over(git, folder.resolve("mgit"), new MgitSettings(Optional.of(program),
        Optional.empty(), deadline, deadline, Duration.ofMillis(100), 50, 4), commands);
  }

  private Source standIn(String script) throws Exception {
    return standIn(script, Duration.ofSeconds(60));
  }

  private Source standIn(String script, Duration deadline) throws Exception {
    Path program = Files.writeString(folder.resolve("stand-in"),
        "#!/bin/sh\n" + script.replace("FOLDER", folder.toString()));
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    return source(program, deadline);
  }

  @Test
  void mgitIsGivenWhatGitIsGivenForARemoteAndAHomeOfItsOwn() throws Exception {
    standIn("env > FOLDER/env\n" + VERSION);
    Map<String, String> given = new TreeMap<>();
    for (String line : Files.readAllLines(folder.resolve("env")))
      if (line.contains("="))
        given.put(line.substring(0, line.indexOf('=')), line.substring(line.indexOf('=') + 1));
    given.keySet().removeAll(List.of("PWD", "OLDPWD", "SHLVL", "_"));
    Map<String, String> expected = new TreeMap<>(new Git(commands, folder, "git",
        Duration.ofSeconds(1), System.getenv()).networkEnvironment(Location.Kind.SSH));
    expected.remove("XDG_CONFIG_HOME");
    expected.putAll(Map.of("HOME", folder.resolve("mgit/home").toString(), "LC_ALL", "C.UTF-8",
        "COLUMNS", "500", "NO_COLOR", "1"));
    given.remove("GIT_CONFIG_GLOBAL"); // the user's, where there is one
    expected.remove("GIT_CONFIG_GLOBAL");
    assertThat(given).isEqualTo(expected).containsEntry("GIT_NO_REPLACE_OBJECTS", "1");
  }

  private List<Pulled> pullAll(Source source) {
    Map<SourceSpec, Outcome<Pulled>> all = source.pullAll(specs);
    return specs.stream().map(all::get).map(Outcome::orElseThrow).toList();
  }

  /// After a first pull, one commit more in each repository.
  private void publishMore(Source source) {
    pullAll(source);
    repositories.forEach(repository -> repository.publish(Map.of("a", "2")));
  }

  private void assertCurrent(List<Pulled> pulled) {
    for (int i = 0; i < specs.size(); i++)
      assertThat(pulled.get(i).commit()).contains(repositories.get(i).git("rev-parse", "HEAD"));
  }

  private long calls() throws Exception {
    try (Stream<String> lines = Files.lines(folder.resolve("calls"))) {
      return lines.count();
    }
  }

  @Test
  void oneCallPullsAllClones() throws Exception {
    Source source = standIn(VERSION + PULL_ALL);
    publishMore(source);
    List<Pulled> pulled = pullAll(source);
    assertCurrent(pulled);
    assertThat(pulled).allMatch(one -> one.via().equals("mgit") && one.notes().isEmpty());
    assertThat(calls()).isEqualTo(1);
  }

  @Test
  void pullsOfManyThreadsJoinOneCall() throws Exception {
    Source source = standIn(VERSION + PULL_ALL);
    publishMore(source);
    List<Pulled> pulled = specs.parallelStream().map(spec -> source.pull(spec).orElseThrow())
        .toList();
    assertCurrent(pulled);
    assertThat(calls()).isLessThanOrEqualTo(3);
  }

  @Test
  void skippedCloneWithStatusZeroIsFetchedByGit() throws Exception {
    Source source = standIn(VERSION + "cd \"$2/r0\" && git pull -q; exit 0\n");
    publishMore(source);
    List<Pulled> pulled = pullAll(source);
    assertCurrent(pulled);
    assertThat(pulled).extracting(Pulled::via).containsExactly("mgit", "git", "git");
    assertThat(pulled.get(1).notes())
        .containsExactly("mgit skipped the clone; git did the work");
  }

  @Test
  void failureOfOneLeavesTheOthersPulled() throws Exception {
    Source source = standIn(
        VERSION + PULL_ALL + "rm \"$2/r1/.git/FETCH_HEAD\"; seq 180 >&2; exit 1\n");
    publishMore(source);
    List<Pulled> pulled = pullAll(source);
    assertCurrent(pulled);
    assertThat(pulled).extracting(Pulled::via).containsExactly("mgit", "git", "mgit");
    assertThat(pulled.get(1).notes())
        .containsExactly("mgit could not pull the clone (status 1); git did the work");
  }

  @Test
  void hangingCallIsEndedWithItsChildren() throws Exception {
    Source source = standIn(VERSION + "sleep 300 & echo $! > FOLDER/pid; sleep 300\n",
        Duration.ofSeconds(1));
    publishMore(source);
    List<Pulled> pulled = pullAll(source);
    assertCurrent(pulled);
    assertThat(pulled).allMatch(one -> one.via().equals("git")
        && one.notes().equals(List.of("mgit was ended after 1000 ms; git did the work")));
    Optional<ProcessHandle> child = ProcessHandle
        .of(Long.parseLong(Files.readString(folder.resolve("pid")).strip()));
    if (child.isPresent())
      child.get().onExit().get(20, TimeUnit.SECONDS);
  }

  @Test
  void programThatDoesNotStartIsNotUsed() throws Exception {
    Source source = standIn("echo 'SyntaxError: f-string' >&2; exit 1\n");
    publishMore(source);
    assertThat(pullAll(source)).allMatch(one -> one.via().equals("git") && one.notes()
        .equals(List.of("mgit --version ended with status 1; git did the work")));
    assertThat(source(folder.resolve("none"), Duration.ofSeconds(5)).pull(specs.getFirst())
        .orElseThrow().via()).isEqualTo("git");
  }

  @Test
  void changedDefaultBranchIsNoticed() throws Exception {
    Source source = standIn(VERSION + PULL_ALL);
    pullAll(source);
    assertThat(source.pull(specs.getFirst()).orElseThrow().via()).isEqualTo("mgit");
    repositories.getFirst().git("checkout", "-q", "-b", "other");
    repositories.getFirst().publish(Map.of("b", "1"));
    assertThat(source.pull(specs.getFirst()).orElseThrow().branch()).contains("other");
    assertThat(source.pull(specs.getFirst()).orElseThrow().via()).isEqualTo("mgit");
    assertCurrent(pullAll(source));
  }

  @Test
  void firstPullThroughAProviderIsMgits() throws Exception {
    Source source = standIn(VERSION + PULL_ALL);
    SourceSpec spec = specs.getFirst();
    for (Optional<String> branch : List.of(Optional.<String>empty(), Optional.of("main"))) {
      source.forget(spec).orElseThrow();
      Pulled pulled = source.pull(new SourceSpec(spec.name(), spec.location(), branch,
          Optional.of("work"))).orElseThrow();
      assertThat(pulled).isEqualTo(new Pulled(branch,
          Optional.of(repositories.getFirst().git("rev-parse", "HEAD")), "mgit", List.of()));
    }
  }

  @Test
  void realMgitPullsCleanClonesAndRewrittenHistory() throws Exception {
    Optional<String> program = Optional.ofNullable(System.getenv("ELYSIACTL_MGIT"));
    assumeTrue(program.isPresent(), "ELYSIACTL_MGIT is not set: mgit itself is not tested");
    Source source = source(Path.of(program.orElse("")), Duration.ofSeconds(60));
    publishMore(source);
    Files.createSymbolicLink(repositories.get(1).folder().resolve("link"), Path.of("a"));
    repositories.get(1).write("d/.gitattributes", "* filter=lfs text\n");
    repositories.get(1).commit("link");
    repositories.get(2).git("commit", "-q", "--amend", "-m", "rewritten");
    repositories.get(2).git("reset", "-q", "--soft", "HEAD~1");
    repositories.get(2).commit("other");
    for (int round = 0; round < 3; round++) {
      List<Pulled> pulled = pullAll(source);
      assertCurrent(pulled);
      assertThat(pulled).allMatch(one -> one.via().equals("mgit"));
      assertThat(new TestRepository(folder.resolve("clones/r1")).git("status", "--porcelain"))
          .isEmpty();
      repositories.get(2).git("commit", "-q", "--amend", "-m", "rewritten " + round);
    }
  }
}
