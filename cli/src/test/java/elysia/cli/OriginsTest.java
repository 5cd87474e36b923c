package elysia.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import elysia.core.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Which folder a repository's name stands for.
class OriginsTest extends IndexFixture {
  private Path first;
  private Path second;

  @BeforeEach
  void makeTrees() throws IOException {
    first = tree("pA/api");
    second = tree("pB/api");
    api.raw(CHANGES, 200, TYPE, OK).raw(CHANGES + "?dry_run=true", 200, TYPE, OK)
        .raw("GET /v1/collections/code/files?repo=api", 200, TYPE, "")
        .raw("GET /v1/collections/code/files?repo=other", 200, TYPE, "");
  }

  private Path tree(String path) throws IOException {
    Path tree = Files.createDirectories(folder.resolve(path));
    Files.createDirectories(tree.resolve(".git"));
    Files.writeString(tree.resolve("x.py"), path);
    return tree;
  }

  private void remote(Path tree, String url) throws IOException {
    Files.writeString(tree.resolve(".git/config"),
        "[core]\n\tbare = false\n[remote \"origin\"]\n\turl = " + url + "\n");
  }

  private Cli.Result sync(String input, String... more) {
    cli.input = input;
    List<String> command = new ArrayList<>(
        List.of("index", "sync", "--stdin", "--collection", "code"));
    command.addAll(List.of(more));
    return cli.run(command.toArray(String[]::new));
  }

  /// `repo op path` of what was sent.
  private List<String> sent() throws IOException {
    List<String> sent = new ArrayList<>();
    for (String request : api.requests)
      if (request.startsWith("POST"))
        for (String line : request.substring(request.indexOf('{')).lines().toList()) {
          JsonNode json = Json.mapper().readTree(line);
          sent.add(json.path("repo").asText() + " " + json.path("op").asText() + " "
              + json.path("path").asText());
        }
    api.requests.clear();
    return sent;
  }

  @Test
  void secondFolderOfANameDoesNotOverwriteTheFirst() throws IOException {
    Cli.Result result = sync("pA/api/x.py\npB/api/x.py\n", "--delete-missing");
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.err()).contains("line 2: ", "api is the name of " + first, "--name NAME");
    assertThat(sent()).containsExactly("api modify x.py");
    Cli.Result later = sync("pB/api/x.py\n");
    assertThat(later.exitCode()).isEqualTo(1);
    assertThat(sent()).isEmpty();
    Cli.Result detected = cli.run("index", "sync", "--detect-changes", "--root",
        second.toString(), "--collection", "code");
    assertThat(detected.exitCode()).isEqualTo(1);
    assertThat(detected.err()).contains("api is the name of " + first);
    assertThat(sent()).isEmpty();
  }

  @Test
  void folderCanHaveANameOfItsOwn() throws IOException {
    assertThat(sync("pA/api/x.py\n").exitCode()).isZero();
    Cli.Result result = sync(second + "/x.py\n", "--root", second.toString(), "--name", "other");
    assertThat(result.exitCode()).as(result.err()).isZero();
    assertThat(sent()).containsExactly("api modify x.py", "other modify x.py");
  }

  @Test
  void laterCloneOfTheSameRemoteIsTheSameRepository() throws IOException {
    remote(first, "https://example.org/api.git");
    remote(second, "https://example.org/api.git");
    assertThat(sync("pA/api/x.py\n").exitCode()).isZero();
    assertThat(sync("pB/api/x.py\n").exitCode()).isZero();
    assertThat(sync("pA/api/x.py\npB/api/x.py\n").exitCode()).as("not both in one run")
        .isEqualTo(1);
  }

  @Test
  void folderThatMovedKeepsItsName() throws IOException {
    assertThat(sync("pA/api/x.py\n").exitCode()).isZero();
    Files.move(first, folder.resolve("gone"));
    assertThat(sync("pB/api/x.py\n").exitCode()).isZero();
  }

  @Test
  void dryRunTakesNoName() throws IOException {
    assertThat(sync("pA/api/x.py\n", "--dry-run").exitCode()).isZero();
    assertThat(sync("pB/api/x.py\n").exitCode()).isZero();
  }

  @Test
  void absolutePathOfAnObjectIsInItsRepository() throws IOException {
    cli.workingDirectory = Files.createDirectories(folder.resolve("elsewhere"));
    Cli.Result result = sync("""
        {"op":"add","repo":"api","path":"%s/x.py","size":6}
        {"op":"delete","repo":"api","path":"%s/old.py","size":0}
        {"op":"rename","repo":"api","path":"%s/a.py","new_path":"%s/x.py"}
        """.formatted(first, first, first, first));
    assertThat(result.exitCode()).as(result.err()).isZero();
    assertThat(sent()).containsExactly("api add x.py", "api delete old.py", "api rename a.py");
  }

  @Test
  void absolutePathOutsideOfEveryRepositoryIsOneClearError() throws IOException {
    Files.writeString(folder.resolve("secret"), "s");
    cli.workingDirectory = second;
    Cli.Result result = sync("{\"op\":\"add\",\"repo\":\"" + folder.getFileName()
        + "\",\"path\":\"" + folder + "/secret\"}\n");
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.err()).contains("line 1: ", "is absolute", "--root");
    assertThat(sent()).isEmpty();
  }
}
