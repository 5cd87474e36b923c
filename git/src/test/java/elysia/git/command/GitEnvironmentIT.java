package elysia.git.command;

import static org.assertj.core.api.Assertions.assertThat;

import elysia.core.outcome.Outcome;
import elysia.core.source.Location;
import elysia.git.object.Blobs;
import elysia.git.object.Entries;
import elysia.git.process.Command;
import elysia.git.process.Commands;
import elysia.git.process.Exit;
import elysia.git.repository.LocalRepository;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Every way in which Git is started, with all that it is given, on a node whose own environment
/// tries to lead it astray.
class GitEnvironmentIT {
  private static final Duration DEADLINE = Duration.ofSeconds(30);
  /// Set by the shell that prints the environment.
  private static final List<String> OF_THE_SHELL = List.of("PWD", "OLDPWD", "SHLVL", "_");
  private static final ObjectDatabase OBJECTS = new ObjectDatabase(Path.of("/repo/objects"),
      "sha1");

  @TempDir
  Path folder = Path.of("");
  private final Commands commands = new Commands();
  private final Map<String, String> node = new TreeMap<>();

  @BeforeEach
  void setEverythingThatGitObeys() {
    for (String name : List.of("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY",
        "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_COMMON_DIR", "GIT_NAMESPACE", "GIT_PREFIX",
        "GIT_REPLACE_REF_BASE", "GIT_GRAFT_FILE", "GIT_SHALLOW_FILE", "GIT_CONFIG",
        "GIT_CONFIG_PARAMETERS", "GIT_EXTERNAL_DIFF", "GIT_DIFF_OPTS", "GIT_TRACE", "GIT_TRACE2",
        "GIT_SSH", "GIT_PROXY_COMMAND", "GIT_EXEC_PATH", "GIT_TEMPLATE_DIR", "GIT_EDITOR",
        "GIT_CEILING_DIRECTORIES", "GIT_ATTR_SOURCE", "GIT_ASKPASS", "GIT_PAGER",
        "GIT_LITERAL_PATHSPECS", "GIT_NO_LAZY_FETCH", "GIT_ALLOW_PROTOCOL",
        "GIT_TERMINAL_PROMPT", "LD_PRELOAD", "BASH_ENV", "ENV", "LANG", "LC_ALL", "LANGUAGE",
        "PAGER", "EDITOR", "SSH_ASKPASS"))
      node.put(name, "astray");
    node.put("PATH", String.valueOf(System.getenv("PATH")));
    node.put("TMPDIR", "/tmp");
    node.put("HOME", "/home/user");
    node.put("GIT_CONFIG_GLOBAL", "/home/user/.gitconfig");
    node.put("GIT_CONFIG_SYSTEM", "/etc/gitconfig");
    node.put("GIT_CONFIG_COUNT", "1");
    node.put("GIT_CONFIG_KEY_0", "http.proxy");
    node.put("GIT_CONFIG_VALUE_0", "http://proxy");
    node.put("SSH_AUTH_SOCK", "/run/agent");
    node.put("https_proxy", "http://proxy");
  }

  @AfterEach
  void close() {
    commands.close();
  }

  private Git git(String program) {
    return new Git(commands, folder.resolve("own"), program, DEADLINE, node);
  }

  /// Runs a program that prints its arguments and its environment.
  private List<String> given(Command command) throws IOException {
    Files.createDirectories(folder.resolve("own"));
    List<String> line = new ArrayList<>(command.arguments());
    Path printer = Files.writeString(folder.resolve("git"),
        "#!/bin/sh\necho \"$@\"\nenv | LC_ALL=C sort\n");
    Files.setPosixFilePermissions(printer, PosixFilePermissions.fromString("rwxr-xr-x"));
    line.set(0, printer.toString());
    Exit exit = commands.run(new Command(line, command.directory(), command.environment(),
        DEADLINE));
    return ((Exit.Finished) exit).output().lines()
        .filter(text -> OF_THE_SHELL.stream().noneMatch(name -> text.startsWith(name + "=")))
        .toList();
  }

  private List<String> sealed(String arguments, String... more) {
    Map<String, String> environment = basic();
    environment.putAll(Map.of("HOME", "/nonexistent", "GIT_CONFIG_NOSYSTEM", "1",
        "GIT_CONFIG_GLOBAL", "/dev/null", "GIT_ALLOW_PROTOCOL", "none", "GIT_SSH_COMMAND",
        "/bin/false", "GIT_OPTIONAL_LOCKS", "0"));
    return lines(arguments, environment, more);
  }

  private Map<String, String> basic() {
    return new TreeMap<>(Map.of("PATH", String.valueOf(System.getenv("PATH")), "TMPDIR", "/tmp",
        "LC_ALL", "C", "GIT_TERMINAL_PROMPT", "0", "GIT_NO_LAZY_FETCH", "1",
        "GIT_NO_REPLACE_OBJECTS", "1", "GIT_ATTR_NOSYSTEM", "1", "GIT_PAGER", "cat"));
  }

  private static List<String> lines(String arguments, Map<String, String> environment,
      String... more) {
    for (String pair : more)
      environment.put(pair.substring(0, pair.indexOf('=')),
          pair.substring(pair.indexOf('=') + 1));
    List<String> lines = new ArrayList<>(List.of(arguments));
    environment.forEach((name, value) -> lines.add(name + "=" + value));
    return lines;
  }

  @Test
  void objectsAreReadThroughARepositoryOfOurOwn() throws IOException {
    assertThat(given(git("git").reading(OBJECTS, Map.of(), "ls-tree", "x"))).isEqualTo(sealed(
        "ls-tree x", "GIT_DIR=" + folder.resolve("own/.reader-sha1"),
        "GIT_OBJECT_DIRECTORY=/repo/objects"));
    assertThat(folder.resolve("own/.reader-sha1/config")).content().contains("bare = true",
        "hooksPath = /dev/null", "attributesFile = /dev/null", "commitGraph = false");
  }

  @Test
  void repositoriesOfOthersAreAskedForReferencesInASealedEnvironment() throws IOException {
    assertThat(given(git("git").inPlace(Path.of("/repo"), "for-each-ref"))).isEqualTo(sealed(
        "-C /repo -c safe.directory=* -c core.fsmonitor=false -c core.hooksPath=/dev/null"
            + " for-each-ref"));
  }

  @Test
  void clonesOfOurOwnAreWrittenInASealedEnvironment() throws IOException {
    assertThat(given(git("git").inClone(Path.of("/c/.git"), Path.of("/c"), "gc"))).isEqualTo(sealed(
        "-c core.hooksPath=/dev/null -c core.fsmonitor=false gc", "GIT_DIR=/c/.git",
        "GIT_WORK_TREE=/c", "GIT_OPTIONAL_LOCKS=1"));
  }

  @Test
  void remotesAreAskedWithTheUsersCredentialsAndNothingElseOfTheUsers() throws IOException {
    Map<String, String> environment = basic();
    environment.putAll(Map.of("HOME", "/home/user", "GIT_CONFIG_GLOBAL", "/home/user/.gitconfig",
        "GIT_CONFIG_SYSTEM", "/etc/gitconfig", "GIT_CONFIG_COUNT", "1", "GIT_CONFIG_KEY_0",
        "http.proxy", "GIT_CONFIG_VALUE_0", "http://proxy", "SSH_AUTH_SOCK", "/run/agent",
        "https_proxy", "http://proxy"));
    environment.putAll(Map.of("GIT_DIR", "/c/.git", "GIT_ASKPASS", "/bin/false", "SSH_ASKPASS",
        "/bin/false", "SSH_ASKPASS_REQUIRE", "never"));
    String arguments = "-c core.hooksPath=/dev/null -c core.fsmonitor=false"
        + " -c submodule.recurse=false -c fetch.recurseSubmodules=false"
        + " -c http.followRedirects=initial -c maintenance.auto=false -c gc.auto=0 fetch";
    assertThat(given(network(Location.Kind.SSH))).isEqualTo(lines(arguments, environment,
        "GIT_ALLOW_PROTOCOL=https:http:ssh:file", "GIT_SSH_COMMAND=ssh -oBatchMode=yes"));
    assertThat(given(network(Location.Kind.FILE))).isEqualTo(lines(arguments, environment,
        "GIT_ALLOW_PROTOCOL=file", "GIT_SSH_COMMAND=/bin/false"));
  }

  private Command network(Location.Kind kind) {
    return git("git").network(new Location(kind, "x", Optional.empty()), Path.of("/c/.git"),
        DEADLINE, Map.of(), List.of("fetch"));
  }

  private String run(Path repository, String... arguments) {
    List<String> line = new ArrayList<>(List.of("git", "-c", "user.name=a", "-c",
        "user.email=a@example.org"));
    line.addAll(List.of(arguments));
    Exit exit = commands.run(new Command(line, repository, Map.of("PATH",
        String.valueOf(System.getenv("PATH")), "GIT_CONFIG_GLOBAL", "/dev/null",
        "GIT_CONFIG_NOSYSTEM", "1"), DEADLINE));
    assertThat(exit).isInstanceOfSatisfying(Exit.Finished.class,
        finished -> assertThat(finished.code()).as(finished.errors()).isZero());
    return ((Exit.Finished) exit).output().strip();
  }

  @Test
  void replacementsAndGraftsAreNotReadAndAlternatesAre() throws IOException {
    Files.createDirectories(folder.resolve("own"));
    Path lender = Files.createDirectory(folder.resolve("lender"));
    run(lender, "init", "-q", "-b", "main", ".");
    Files.writeString(lender.resolve("a"), "as committed");
    Files.writeString(lender.resolve("b"), "replaced");
    run(lender, "add", ".");
    run(lender, "commit", "-q", "-m", "one");
    Path repository = folder.resolve("repository");
    run(folder, "clone", "-q", "--shared", lender.toString(), repository.toString());
    run(repository, "replace", "HEAD:a", "HEAD:b");
    Files.writeString(repository.resolve(".git/info/grafts"),
        run(repository, "rev-parse", "HEAD") + " " + run(repository, "rev-parse", "HEAD") + "\n");
    Git git = git("git");
    LocalRepository found = LocalRepository.find(git,
        new Location(Location.Kind.LOCAL, repository.toString(), Optional.empty())).orElseThrow();
    Outcome<Optional<String>> commit = found.checkedOut(git);
    List<String> contents = new ArrayList<>();
    try (Entries entries = Entries.all(git, found.objects(), commit.orElseThrow().orElseThrow());
        Blobs blobs = new Blobs(git, found.objects())) {
      for (Entries.Entry entry : entries.next(10))
        contents.add(new String(blobs.contents(List.of(entry.blob())).getFirst(),
            StandardCharsets.UTF_8));
    }
    assertThat(contents).containsExactly("as committed", "replaced");
  }
}
