package elysia.coordinator.git;

import static org.assertj.core.api.Assertions.assertThat;

import elysia.core.outcome.Outcome;
import elysia.core.source.Changes;
import elysia.core.source.Pulled;
import elysia.core.source.SourceChange;
import elysia.core.source.SourceSpec;
import elysia.testkit.git.TestRepository;
import elysia.testkit.source.SourceContract;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Repositories that try to have something run. Everything that they could have run makes a file.
class HostileRepositoryIT extends GitFixture {
  private TestRepository repository = new TestRepository(folder);
  private Path canary = folder;
  private Path script = folder;
  private String commit = "";

  @BeforeEach
  void createRepository() throws Exception {
    canary = folder.resolve("canary");
    script = Files.writeString(folder.resolve("script"), "#!/bin/sh\ntouch " + canary + "\ncat\n");
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    repository = TestRepository.create(folder.resolve("sample"));
    repository.write(".gitattributes", "* filter=evil diff=evil merge=evil ident text=auto\n");
    repository.write("a.txt", "one\n");
    repository.write("big.txt", "line\n".repeat(100));
    commit = repository.commit("one");
  }

  @AfterEach
  void nothingRan() {
    assertThat(canary).doesNotExist();
  }

  private Path config() {
    return repository.folder().resolve(".git/config");
  }

  private void configure(String text) throws Exception {
    Files.writeString(config(),
        Files.readString(config()) + text.replace("SCRIPT", script.toString()));
  }

  /// Everything that a source does with a repository.
  private void readAll(SourceSpec spec) {
    source.check(spec);
    Outcome<Pulled> pulled = source.pull(spec);
    if (!(pulled instanceof Outcome.Ok<Pulled>(var now)) || now.commit().isEmpty())
      return;
    String to = now.commit().get();
    source.reachable(spec, to);
    source.lookup(spec, to, List.of());
    for (Optional<String> from : List.of(Optional.<String>empty(), Optional.of(commit))) {
      if (source.changes(spec, from, to) instanceof Outcome.Ok<Changes>(var changes)) {
        try (changes) {
          Outcome<Optional<SourceChange>> next = changes.next();
          while (next instanceof Outcome.Ok<Optional<SourceChange>>(var change)
              && change.isPresent()) {
            if (change.get() instanceof SourceChange.Put put)
              changes.contents(List.of(put));
            next = changes.next();
          }
        }
      }
    }
  }

  private void readBothWays() {
    readAll(repository.local());
    readAll(repository.cloned());
    source.prepareForeignPull(repository.cloned());
  }

  private void edit() throws Exception {
    Files.writeString(repository.folder().resolve("a.txt"), "edited\n"); // makes git look at it
    Files.writeString(repository.folder().resolve("big.txt"), "enil\n".repeat(100));
  }

  @Test
  void configuredProgramsNeverRun() throws Exception {
    Files.move(repository.folder().resolve("big.txt"), repository.folder().resolve("new.txt"));
    repository.commit("renamed");
    configure("""
        [core]
          fsmonitor = SCRIPT
          sshCommand = SCRIPT
          gitProxy = SCRIPT
          pager = SCRIPT
          editor = SCRIPT
          askPass = SCRIPT
          alternateRefsCommand = SCRIPT
          untrackedCache = true
          hooksPath = %1$s/hooks
        [filter "evil"]
          clean = SCRIPT
          smudge = SCRIPT
          process = SCRIPT
          required = true
        [diff]
          external = SCRIPT
        [diff "evil"]
          command = SCRIPT
          textconv = SCRIPT
        [merge "evil"]
          driver = SCRIPT
        [credential]
          helper = !SCRIPT
        [uploadpack]
          packObjectsHook = SCRIPT
        [alias]
          rev-parse = !SCRIPT
          diff-tree = !SCRIPT
        [gpg]
          program = SCRIPT
        [submodule]
          recurse = true
        [trace2]
          normalTarget = %1$s/canary
        [pager]
          diff-tree = SCRIPT
        """.formatted(folder));
    Files.createDirectories(folder.resolve("hooks"));
    for (String hook : List.of("post-checkout", "post-merge", "pre-auto-gc",
        "reference-transaction",
        "post-index-change", "fsmonitor-watchman", "pre-receive", "update", "proc-receive")) {
      Files.copy(script, folder.resolve("hooks").resolve(hook));
      Files.copy(script, repository.folder().resolve(".git/hooks").resolve(hook));
    }
    edit();
    readBothWays();
    assertThat(source.pull(repository.local()).orElseThrow().notes())
        .containsExactly("1 file with uncommitted edits: the committed content is indexed");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ext::SCRIPT", "file:///nowhere", "ssh://nowhere/x", "evil://x"})
  void missingObjectsOfAPartialCloneAreNotFetched(String url) throws Exception {
    String blob = repository.git("rev-parse", "HEAD:a.txt");
    Files.delete(repository.folder().resolve(".git/objects").resolve(blob.substring(0, 2))
        .resolve(blob.substring(2)));
    configure("""
        [extensions]
          partialClone = origin
        [core]
          repositoryFormatVersion = 1
          sshCommand = SCRIPT
        [protocol]
          allow = always
        [protocol "ext"]
          allow = always
        [remote "origin"]
          url = %s
          promisor = true
          uploadpack = SCRIPT
          vcs = ext
          partialclonefilter = blob:none
        """.formatted(url));
    readBothWays();
    try (Changes changes = source.changes(repository.local(), Optional.empty(), commit)
        .orElseThrow()) {
      SourceChange.Put put = SourceContract.drain(changes).stream()
          .map(SourceChange.Put.class::cast).filter(change -> change.size() == 0).findFirst()
          .orElseThrow();
      assertThat(changes.contents(List.of(put))).isInstanceOfSatisfying(Outcome.Refused.class,
          refused -> assertThat(refused.problem().code()).isEqualTo("repository_incomplete"));
    }
  }

  @Test
  void missingCommitOfAPartialCloneIsNotFetched() throws Exception {
    Files.delete(repository.folder().resolve(".git/objects").resolve(commit.substring(0, 2))
        .resolve(commit.substring(2)));
    configure("""
        [extensions]
          partialClone = origin
        [remote "origin"]
          url = ext::SCRIPT
          promisor = true
        [protocol "ext"]
          allow = always
        """);
    readBothWays();
    assertThat(source.pull(repository.local())).isInstanceOf(Outcome.Refused.class);
  }

  @Test
  void includedConfigurationIsOnlyConfiguration() throws Exception {
    Path included = Files.writeString(folder.resolve("included"),
        "[core]\n\tfsmonitor = " + script + "\n[filter \"evil\"]\n\tclean = " + script + "\n");
    configure("[include]\n\tpath = " + included + "\n[extensions]\n\tworktreeConfig = true\n");
    Files.copy(included, repository.folder().resolve(".git/config.worktree"));
    edit();
    readBothWays();
  }

  @Test
  void submodulesAreNotEntered() throws Exception {
    TestRepository inner = TestRepository.create(folder.resolve("inner"));
    inner.publish(Map.of("i", "1"));
    repository.git("submodule", "--quiet", "add", inner.folder().toString(), "sub");
    repository.write(".gitmodules", "[submodule \"sub\"]\n\tpath = sub\n\turl = ext::" + script
        + "\n\tupdate = !" + script + "\n\tfetchRecurseSubmodules = true\n");
    repository.git("add", ".gitmodules");
    repository.git("commit", "-q", "-m", "submodule");
    for (Path config : List.of(repository.folder().resolve(".git/modules/sub/config"), config()))
      Files.writeString(config, Files.readString(config) + "[core]\n\tfsmonitor = " + script
          + "\n[filter \"evil\"]\n\tclean = " + script + "\n");
    Files.writeString(repository.folder().resolve("sub/i"), "edited");
    readBothWays();
  }

  @Test
  void alternateOfAnotherHostileRepositoryIsOnlyRead() throws Exception {
    configure("[core]\n\tfsmonitor = SCRIPT\n\talternateRefsCommand = SCRIPT\n");
    TestRepository borrower = TestRepository.create(folder.resolve("borrower"));
    Files.writeString(borrower.folder().resolve(".git/objects/info/alternates"),
        repository.folder().resolve(".git/objects") + "\n");
    borrower.git("update-ref", "refs/heads/main", commit);
    readAll(borrower.local());
    readAll(borrower.cloned());
    assertThat(source.pull(borrower.local()).orElseThrow().commit()).contains(commit);
  }

  @Test
  void unsafePathsAreNamedAndNothingIsWrittenThere() {
    String blob = repository.gitWith("x", "hash-object", "-w", "--stdin");
    String inner = tree("config", "100644", blob);
    String git = tree(".git", "040000", inner);
    String up = tree("..", "040000", git);
    String tree = rawTree("100644 ok", blob, "40000 up", up);
    commit = repository.git("commit-tree", "-m", "evil", tree);
    repository.git("update-ref", "refs/heads/main", commit);
    for (SourceSpec spec : List.of(repository.local(), repository.cloned())) {
      assertThat(source.pull(spec).orElseThrow().commit()).contains(commit);
      try (Changes changes = source.changes(spec, Optional.empty(), commit).orElseThrow()) {
        assertThat(SourceContract.lines(SourceContract.drain(changes)))
            .containsExactly("put ok 1", "remove up/../.git/config unsafe_path");
      }
    }
  }

  private String tree(String name, String mode, String object) {
    return rawTree(mode.replaceFirst("^0", "") + " " + name, object);
  }

  private String rawTree(String... entries) {
    StringBuilder tree = new StringBuilder();
    for (int i = 0; i < entries.length; i += 2) {
      tree.append(entries[i]).append('\0');
      for (byte b : HexFormat.of().parseHex(entries[i + 1]))
        tree.append((char) (b & 0xff));
    }
    return repository.gitWith(tree.toString(), "hash-object", "-t", "tree", "-w", "--literally",
        "--stdin");
  }

  @Test
  void linksOutOfTheTreeAreNotFollowed() throws Exception {
    Path secret = Files.writeString(folder.resolve("secret"), "secret");
    Files.createSymbolicLink(repository.folder().resolve("link"), secret);
    Files.createSymbolicLink(repository.folder().resolve("dir"), folder);
    commit = repository.commit("links");
    for (SourceSpec spec : List.of(repository.local(), repository.cloned())) {
      source.pull(spec).orElseThrow();
      try (Changes changes = source.changes(spec, Optional.empty(), commit).orElseThrow()) {
        assertThat(SourceContract.lines(SourceContract.drain(changes)))
            .contains("remove dir not_a_file", "remove link not_a_file");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"--upload-pack=touch canary", "-x", "a b", "$(touch canary)",
      "refs/heads/*", "main:refs/heads/x", "main^{/x}"})
  void branchesThatAreOptionsAreRefused(String branch) {
    for (SourceSpec spec : List.of(repository.local(), repository.cloned()))
      assertThat(source.pull(onBranch(spec, branch))).isInstanceOf(Outcome.Refused.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ext::sh -c touch% canary", "--upload-pack=touch canary", "fd::7",
      "ssh://-oProxyCommand=touch canary/x", "-oProxyCommand=touch canary:x",
      "https://user:s3cret@127.0.0.1:1/x", "git://127.0.0.1/x"})
  void locationsThatAreCommandsAreRefused(String location) {
    assertThat(source.pull(TestRepository.spec(location))).isInstanceOfSatisfying(
        Outcome.Refused.class,
        refused -> assertThat(refused.problem().text()).doesNotContain("s3cret"));
  }

  @Test
  void indexThatIsGarbageCostsOnlyTheNote() throws Exception {
    Files.writeString(repository.folder().resolve(".git/index"), "garbage");
    Pulled pulled = source.pull(repository.local()).orElseThrow();
    assertThat(pulled.commit()).contains(commit);
    assertThat(pulled.notes()).containsExactly("edits that are not committed are left out");
  }

  @Test
  void branchOfTheRemoteWithAnOddNameIsOnlyAName() throws Exception {
    Path refs = repository.folder().resolve(".git/refs/heads");
    Files.writeString(refs.resolve("--upload-pack=x"), commit + "\n");
    Files.writeString(repository.folder().resolve(".git/HEAD"),
        "ref: refs/heads/--upload-pack=x\n");
    readBothWays();
  }
}
