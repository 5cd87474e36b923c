package elysia.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import elysia.core.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Inputs of other tools, piped into `elysiactl index sync` as these tools write them.
class FormatsTest extends IndexFixture {
  private Path tree;

  @BeforeEach
  void makeTree() throws IOException {
    tree = Files.createDirectories(folder.resolve("shop"));
    cli.workingDirectory = tree;
    api.raw(CHANGES, 200, TYPE, OK);
    git("init", "-q", "-b", "main", ".");
    write("src/kept name.py", "kept");
    write("src/gone.py", "gone");
    write("src/old.py", "a file that is renamed, long enough for Git to see that\n");
    git("add", "-A");
    git("commit", "-q", "-m", "one");
    write("src/kept name.py", "changed");
    write("src/new.py", "new");
    Files.delete(tree.resolve("src/gone.py"));
    Files.move(tree.resolve("src/old.py"), tree.resolve("src/caf\u00e9.py"));
  }

  private String git(String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of("git", "-c", "user.name=a", "-c",
        "user.email=a@example.org", "-c", "commit.gpgsign=false"));
    command.addAll(List.of(arguments));
    Process git = new ProcessBuilder(command).directory(cli.workingDirectory.toFile())
        .redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String said = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(git.onExit().join().exitValue()).as(said).isZero();
    return said;
  }

  private void commit() throws IOException {
    git("add", "-A");
    git("commit", "-q", "-m", "two");
  }

  private void write(String path, String text) throws IOException {
    Path file = tree.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  /// `op path content` of every change that was sent.
  private List<String> sent() throws IOException {
    List<String> sent = new ArrayList<>();
    for (String request : api.requests)
      if (request.startsWith("POST"))
        for (String line : request.substring(request.indexOf('{')).lines().toList()) {
          JsonNode json = Json.mapper().readTree(line);
          sent.add((json.path("op").asText() + " " + json.path("path").asText() + " " + new String(
              Base64.getDecoder().decode(json.path("content_base64").asText()),
              StandardCharsets.UTF_8)).strip());
        }
    return sent;
  }

  private Cli.Result sync(String input, String... more) {
    cli.input = input;
    List<String> command = new ArrayList<>(
        List.of("index", "sync", "--stdin", "--collection", "code"));
    command.addAll(List.of(more));
    return cli.run(command.toArray(String[]::new));
  }

  @ParameterizedTest
  @ValueSource(strings = {"diff --name-status -M HEAD~1 HEAD", "diff --raw -M HEAD~1 HEAD",
      "diff --name-status -z -M HEAD~1 HEAD", "diff --raw -z -M HEAD~1 HEAD",
      "diff --raw --no-renames HEAD~1 HEAD", "diff --name-status --no-renames HEAD~1 HEAD"})
  void whatGitDiffSaysIsDone(String diff) throws IOException {
    commit();
    Cli.Result result = diff.contains("-z")
        ? sync(git(diff.split(" ")), "-z")
        : sync(git(diff.split(" ")));
    assertThat(result.exitCode()).as(result.err()).isZero();
    assertThat(sent()).containsExactlyInAnyOrder("modify src/kept name.py changed",
        "delete src/gone.py", "delete src/old.py", "add src/new.py new",
        "add src/caf\u00e9.py a file that is renamed, long enough for Git to see that");
  }

  @ParameterizedTest
  @CsvSource({"--porcelain,false", "--porcelain,true", "--porcelain=v2,false",
      "--porcelain=v2,true", "--short,false"})
  void whatGitStatusSaysIsDone(String format, boolean nul) throws IOException {
    git("add", "-A");
    write("untracked/x.py", "x");
    String status = nul ? git("status", format, "-z") : git("status", format, "--branch");
    Cli.Result result = nul ? sync(status, "--null") : sync(status);
    assertThat(result.exitCode()).as(result.err()).isZero();
    assertThat(sent()).containsExactlyInAnyOrder("modify src/kept name.py changed",
        "delete src/gone.py", "delete src/old.py", "add src/new.py new", "add untracked/x.py x",
        "add src/caf\u00e9.py a file that is renamed, long enough for Git to see that");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ls-tree -r HEAD", "ls-tree -r -l HEAD", "ls-files -s",
      "ls-tree -r -z HEAD", "ls-files -s -z", "ls-files -z", "ls-files"})
  void whatGitListsIsSent(String list) throws IOException {
    commit();
    Cli.Result result = list.contains("-z")
        ? sync(git(list.split(" ")), "-0")
        : sync(git(list.split(" ")));
    assertThat(result.exitCode()).as(result.err()).isZero();
    assertThat(sent()).containsExactlyInAnyOrder("modify src/kept name.py changed",
        "modify src/new.py new",
        "modify src/caf\u00e9.py a file that is renamed, long enough for Git to see that");
  }

  @Test
  void eventsOfInotifywaitAreDone() throws IOException {
    write("src/sub/a.py", "a");
    Cli.Result result = sync("""
        ./src/ OPEN new.py
        ./src/ CLOSE_WRITE,CLOSE kept name.py
        ./src/ MOVED_FROM old.py
        ./src/ MOVED_TO caf\u00e9.py
        ./src/ DELETE gone.py
        ./src/ CREATE,ISDIR sub
        """);
    assertThat(result.exitCode()).as(result.err()).isZero();
    assertThat(sent()).containsExactlyInAnyOrder("modify src/kept name.py changed",
        "delete src/old.py", "delete src/gone.py", "add src/sub/a.py a",
        "modify src/caf\u00e9.py a file that is renamed, long enough for Git to see that");
  }

  @ParameterizedTest
  @ValueSource(strings = {"diff HEAD", "show HEAD", "log --name-only", "status", "diff --stat HEAD",
      "diff --numstat HEAD", "rev-list HEAD", "format-patch --stdout --root HEAD"})
  void whatSaysNothingOfUseIsRefusedWithWhatToPipeInstead(String command) throws IOException {
    Cli.Result result = sync(git(command.split(" ")), "--delete-missing");
    assertThat(result.exitCode()).as(result.out()).isEqualTo(2);
    assertThat(result.err()).contains("error: the input is ", "| elysiactl index sync");
    assertThat(sent()).isEmpty();
    cli.input = git(command.split(" "));
    assertThat(cli.run("index", "validate", "-").exitCode()).isEqualTo(2);
  }

  @Test
  void listSeparatedByNulIsRefusedWithoutItsOption() {
    Cli.Result result = sync("src/new.py\0src/gone.py\0", "--delete-missing");
    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err()).contains("separated by NUL", "add -z");
  }

  @Test
  void brokenLineOfObjectsIsNoPath() throws IOException {
    api.raw("GET /v1/collections/code/files?repo=shop", 200, TYPE, "");
    Cli.Result result = sync("""
        {"repo":"shop","op":"modify","path":"src/new.py"}
        "repo":"shop","op":"modify","path":"src/gone.py"}
        src/gone.py
        {"repo":"shop","op":"delete","path":"src/old.py"}
        """, "--delete-missing");
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.err()).contains("line 2, ", "line 3, ", "no JSON object");
    assertThat(sent()).contains("modify src/new.py new", "delete src/old.py")
        .noneMatch(line -> line.contains("gone"));
    Cli.Result validated = cli.run("index", "validate", "-");
    assertThat(validated.exitCode()).isEqualTo(2);
    assertThat(validated.out()).contains("line 2, ", "line 3, ", "2 bad");
  }

  @Test
  void objectInAListOfPathsIsRefused() {
    Cli.Result result = sync("src/new.py\n{\"repo\":\"shop\",\"op\":\"delete\",\"path\":\"x\"}\n");
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.err()).contains("line 2, ", "a JSON object in a list of paths");
  }

  @Test
  void namesThatLookLikeAnotherFormatAreNames() throws IOException {
    write("MM notes.txt", "n");
    write("commit 0123456789012345678901234567890123456789", "c");
    Cli.Result result = sync(
        "MM notes.txt\ncommit 0123456789012345678901234567890123456789\n");
    assertThat(result.exitCode()).as(result.err()).isZero();
    assertThat(sent()).hasSize(2);
  }

  @Test
  void listBeginsWhereItsFilesAre() throws IOException {
    write("src/src/new.py", "another");
    commit();
    cli.workingDirectory = tree.resolve("src");
    Cli.Result result = sync(git("diff", "--name-only", "HEAD~1", "HEAD"));
    assertThat(result.exitCode()).as(result.err()).isZero();
    assertThat(sent()).contains("modify src/new.py new", "modify src/src/new.py another")
        .noneMatch(line -> line.contains("src/src/src"));
  }

  @Test
  void listThatFitsTwiceIsTakenFromTheTopAndSaidSo() throws IOException {
    write("src/src/new.py", "another");
    cli.workingDirectory = tree.resolve("src");
    Cli.Result result = sync("src/new.py\n");
    assertThat(result.err()).contains("the paths fit below", "taken from " + tree);
    assertThat(sent()).containsExactly("modify src/new.py new");
    api.requests.clear();
    assertThat(sync("./src/new.py\n").err()).doesNotContain("note:");
    assertThat(sent()).containsExactly("modify src/src/new.py another");
  }
}
