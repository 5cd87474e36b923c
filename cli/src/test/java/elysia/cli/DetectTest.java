package elysia.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import elysia.core.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// `elysiactl index sync --detect-changes` and `--json`.
class DetectTest extends IndexFixture {
  private Path tree;

  @BeforeEach
  void makeTree() throws IOException {
    tree = Files.createDirectories(folder.resolve("shop"));
    cli.workingDirectory = tree;
    api.raw(CHANGES, 200, TYPE, OK).raw(CHANGES + "?dry_run=true", 200, TYPE, OK)
        .raw("GET /v1/collections/code/files?repo=shop", 200, TYPE, "");
  }

  private void git(String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of("git", "-c", "user.name=a", "-c",
        "user.email=a@example.org", "-c", "commit.gpgsign=false"));
    command.addAll(List.of(arguments));
    Process git = new ProcessBuilder(command).directory(tree.toFile()).redirectErrorStream(true)
        .start();
    String said = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(git.onExit().join().exitValue()).as(said).isZero();
  }

  private void commit() throws IOException {
    git("add", "-A");
    git("commit", "-q", "--allow-empty", "-m", "x");
  }

  private void write(String path, String text) throws IOException {
    Path file = tree.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  /// What was sent since the last time, `op path content`.
  private List<String> sent() throws IOException {
    List<String> sent = new ArrayList<>();
    for (String request : api.requests)
      if (request.startsWith("POST"))
        for (String line : request.substring(request.indexOf('{')).lines().toList()) {
          JsonNode json = Json.mapper().readTree(line);
          sent.add(json.path("repo").asText() + " " + json.path("op").asText() + " "
              + json.path("path").asText() + " " + new String(
                  Base64.getDecoder().decode(json.path("content_base64").asText()),
                  StandardCharsets.UTF_8));
        }
    api.requests.clear();
    return sent;
  }

  private Cli.Result detect(String... more) {
    List<String> command = new ArrayList<>(
        List.of("index", "sync", "--detect-changes", "--collection", "code"));
    command.addAll(List.of(more));
    Cli.Result result = cli.run(command.toArray(String[]::new));
    assertThat(result.exitCode()).as(result.err()).isZero();
    return result;
  }

  @Test
  void documentThatNamesFilesByOperationDoesWhatItSays() throws IOException {
    write("src/main.py", "m");
    write("src/utils.py", "u");
    write("tests/test_main.py", "t");
    cli.workingDirectory = folder;
    cli.input = """
        {"repositories": [{"path": "%s", "modified": ["src/main.py", "%s/src/utils.py"],
          "added": ["tests/test_main.py"], "deleted": ["old_module.py"]}]}
        """.formatted(tree, tree);
    Cli.Result result = cli.run("index", "sync", "--json", "--collection", "code");
    assertThat(result.exitCode()).as(result.err()).isZero();
    assertThat(sent()).containsExactly("shop modify src/main.py m", "shop modify src/utils.py u",
        "shop add tests/test_main.py t", "shop delete old_module.py ");
    assertThat(result.out()).contains("[DELETE] old_module.py", "[ADD]    tests/test_main.py");
  }

  @Test
  void documentOfAFolderThatIsNotThereFails() throws IOException {
    cli.input = """
        {"repositories": [{"path": "/opt/none/ServiceA", "modified": ["src/main.py"]}]}
        """;
    Cli.Result result = cli.run("index", "sync", "--json", "--collection", "code");
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.err()).contains("/opt/none/ServiceA: there is no such folder");
    assertThat(sent()).isEmpty();
  }

  @Test
  void gitNamesWhatChangedSinceTheLastRun() throws IOException {
    git("init", "-q", ".");
    write("a.py", "1");
    write("src/b.py", "2");
    Files.createSymbolicLink(tree.resolve("link"), Path.of("a.py"));
    commit();
    write("a.py", "not committed");
    assertThat(detect("--dry-run").out()).contains("[ADD]    a.py");
    assertThat(folder.resolve("home")).doesNotExist();
    api.requests.clear();
    detect();
    assertThat(sent()).containsExactly("shop add a.py 1", "shop add src/b.py 2");
    detect();
    assertThat(sent()).isEmpty();
    commit();
    git("mv", "src/b.py", "c.py");
    commit();
    assertThat(detect().out()).contains("[SKIP]   src/b.py (deleted; --delete-missing");
    assertThat(sent()).containsExactly("shop modify a.py not committed", "shop add c.py 2");
    git("checkout", "-q", "HEAD~2");
    assertThat(detect("--delete-missing").out()).contains("[DELETE] c.py");
    assertThat(sent()).containsExactly("shop modify a.py 1", "shop delete c.py ",
        "shop add src/b.py 2");
  }

  @Test
  void whatAPartialCloneLacksIsNamedAndTheRestSent() throws IOException {
    Path partial = tree;
    tree = Files.createDirectories(folder.resolve("origin"));
    git("init", "-q", ".");
    git("config", "uploadpack.allowFilter", "true");
    write("a.py", "1");
    write("b.py", "2");
    commit();
    git("clone", "-q", "--no-checkout", "--filter=blob:none", "file://" + tree,
        partial.toString());
    tree = partial;
    git("cat-file", "blob", "HEAD:b.py"); // fetches it
    Cli.Result result = cli.run("index", "sync", "--detect-changes", "--collection", "code");
    assertThat(result.exitCode()).as(result.err()).isEqualTo(1);
    assertThat(result.err()).contains("a.py: ", "Git does not have its content",
        "in a partial clone git fetch --refetch --no-filter brings it");
    assertThat(sent()).containsExactly("shop add b.py 2");
  }

  @Test
  void replacementsOfObjectsAreNotRead() throws IOException {
    git("init", "-q", ".");
    write("a.py", "as committed");
    write("other", "replaced");
    commit();
    git("replace", "HEAD:a.py", "HEAD:other");
    detect();
    assertThat(sent()).as("as `repo add` reads it").containsExactly("shop add a.py as committed",
        "shop add other replaced");
  }

  @Test
  void folderInAnotherRepositoryThatIsNoneItselfIsNamedWithTheReasonOfGit() throws IOException {
    git("init", "-q", ".");
    write("a.py", "1");
    commit();
    Files.createDirectories(tree.resolve("inner/.git"));
    tree = tree.resolve("inner");
    cli.workingDirectory = tree;
    Cli.Result result = cli.run("index", "sync", "--detect-changes", "--collection", "code");
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.err()).contains("line 1: repository: " + tree + ": ");
    assertThat(sent()).isEmpty();
  }

  @Test
  void repositoryThatGitCannotReadIsNamedWithTheReasonOfGit() throws IOException {
    git("init", "-q", ".");
    Files.writeString(tree.resolve(".git/config"), "[core\n");
    Cli.Result result = cli.run("index", "sync", "--detect-changes", "--collection", "code");
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.err()).contains("bad config line 1 in file");
  }

  @Test
  void failedRunFindsTheSameAgain() throws IOException {
    git("init", "-q", ".");
    write("a.py", "1");
    commit();
    try (FakeApi broken = new FakeApi().raw(CHANGES, 200, TYPE, "{\"line\":1,\"path\":\"a.py\","
        + "\"error\":{\"code\":\"no\",\"message\":\"no\"}}\n" + OK)) {
      cli.variables.put("ELYSIACTL_SERVER", broken.url().toString());
      assertThat(cli.run("index", "sync", "--detect-changes", "--collection", "code").exitCode())
          .isEqualTo(1);
    }
    cli.variables.put("ELYSIACTL_SERVER", api.url().toString());
    detect();
    assertThat(sent()).containsExactly("shop add a.py 1");
    detect();
    assertThat(sent()).isEmpty();
  }

  @Test
  void timesAndChecksumsTellWhereThereIsNoGit() throws IOException {
    write("a.txt", "1");
    write("a/x.txt", "2");
    write("b.txt", "3");
    detect();
    assertThat(sent()).containsExactly("shop add a.txt 1", "shop add a/x.txt 2",
        "shop add b.txt 3");
    Files.setLastModifiedTime(tree.resolve("a.txt"), FileTime.from(Instant.EPOCH));
    write("a/y.txt", "4");
    write("b.txt", "5");
    Files.delete(tree.resolve("a/x.txt"));
    assertThat(detect().out()).contains("[SKIP]   a/x.txt (deleted; --delete-missing");
    assertThat(sent()).as("a.txt has the same content").containsExactly("shop add a/y.txt 4",
        "shop modify b.txt 5");
    Files.delete(tree.resolve("b.txt"));
    detect("--delete-missing");
    assertThat(sent()).containsExactly("shop delete b.txt ");
    detect();
    assertThat(sent()).isEmpty();
  }

  @Test
  void jsonNamesRepositoriesAndTheirChanges() throws IOException {
    write("a.py", "1");
    write("b.py", "2");
    cli.workingDirectory = folder;
    cli.input = """
        2026-01-01 - security_monitor - INFO
        {"repositories":[
          {"name":"web","path":"shop","changes":["a.py","gone.py",{"op":"delete","path":"old.py"},
            {"op":"rename","path":"x","new_path":"y"},{"path":"z","content":"zz"}]},
          {"path":"shop"},
          {"url":"https://example.org/team/nowhere.git"}]}
        """;
    Cli.Result result = cli.run("index", "sync", "--json", "--collection", "code");
    assertThat(result.exitCode()).as(result.err()).isEqualTo(1);
    assertThat(result.out()).contains("Processing 8 changes...", "[SKIP]   gone.py");
    assertThat(result.err()).contains("line 8: repository: " + folder
        + "/nowhere: there is no such folder");
    assertThat(sent()).containsExactly("web modify a.py 1", "web delete old.py ",
        "web rename x ", "web modify z zz", "shop add a.py 1", "shop add b.py 2");
    cli.input = "[\n  {\"path\": \"" + tree + "\", \"is_clean\": true, \"error\": null}\n]\n";
    assertThat(cli.run("index", "sync", "--json", "--stdin", "--collection", "code").exitCode())
        .isZero();
    assertThat(sent()).as("mgit's list: nothing changed since").isEmpty();
    cli.input = "{\"nothing\":1}";
    assertThat(cli.run("index", "sync", "--json").exitCode()).isEqualTo(2);
  }
}
