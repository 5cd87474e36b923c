package elysia.deploy.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import elysia.testkit.git.GitRepository;
import elysia.testkit.index.IndexCheck;
import elysia.testkit.node.Api;
import elysia.testkit.node.NodeProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// What comes from outside and wants something run, or read from where it does not belong. All that
/// could run makes a file.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HostileIT {
  private static final String ALL = "/v1/repositories";

  private Path folder = Path.of("");
  private Path canary = folder;
  private Path script = folder;
  private NodeProcess node = NodeProcess.cheap(folder);
  private GitRepository good = new GitRepository(folder);

  @BeforeAll
  void startNode(@TempDir Path temporary) throws IOException {
    folder = temporary;
    canary = folder.resolve("canary");
    script = Files.writeString(folder.resolve("script"), "#!/bin/sh\ntouch " + canary + "\ncat\n");
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    good = GitRepository.create(folder.resolve("good")).write("a.txt", "fine\n");
    good.commit("Fine");
    node = NodeProcess.cheap(folder).start();
  }

  @AfterAll
  void endNode() {
    node.close();
  }

  @AfterEach
  void nothingRan() {
    assertThat(canary).doesNotExist();
  }

  private void refused(Map<String, Object> request) throws IOException {
    Api.Reply reply = node.api().send("POST", ALL, request);
    assertThat(reply.status()).as(request + " -> " + reply).isBetween(400, 499);
    assertThat(reply.body().path("detail").asText()).as(reply.toString()).isNotEmpty()
        .doesNotContain("s3cret");
    assertThat(node.api().get(ALL).path("items")).isEmpty();
  }

  @Test
  void locationsThatAreCommandsOptionsOrSecretsAreRefused() throws IOException {
    for (String location : List.of("ext::sh -c touch% " + canary, "ext::" + script, "fd::7",
        "--upload-pack=" + script, "-oProxyCommand=" + script + ":x",
        "ssh://-oProxyCommand=" + script + "/x", "ssh://a@-oProxyCommand=" + script + "/x",
        "https://user:s3cret@127.0.0.1:1/x", "git://127.0.0.1/x", "ftp://127.0.0.1/x",
        "file://host/x", "FILE://../x", "gopher://x/y", "javascript:alert(1)",
        "https://127.0.0.1:1/x?a=b", "relative/path", "../up", "~/home", "/", "/etc", "/proc/self",
        "/dev/stdin", good.folder() + "\n--upload-pack=" + script, good.folder() + "\u0000",
        "`touch " + canary + "`", "$(touch " + canary + ")", "a;touch " + canary, "| touch x", "",
        "   ", "https://", "https:///x", "x".repeat(5_000), "\u202e/evil"))
      refused(Map.of("location", location, "name", "hostile"));
  }

  @Test
  void namesBranchesAndPatternsAreChecked() throws IOException {
    String location = good.folder().toString();
    for (String name : List.of("", "..", ".", "../up", "a/b", "-x", "a b", "a\nb", "a\u0000", "ü",
        "x".repeat(200), "$(touch x)"))
      refused(Map.of("location", location, "name", name));
    for (String branch : List.of("--upload-pack=" + script, "-x", "a b", "a..b", "$(touch x)\n",
        "refs/heads/*", "main:x", "main^{/x}", "@{-1}", "absent", "a\u0000b", "x".repeat(1_000)))
      refused(Map.of("location", location, "branch", branch));
    for (String collection : List.of("..", "a/b", "../../etc", "a b", "x".repeat(1_000), "a\u0000"))
      refused(Map.of("location", location, "collection", collection));
    for (String pattern : List.of("[", "{a", "x".repeat(10_000), "a\u0000b", ""))
      refused(Map.of("location", location, "include_pattern", List.of(pattern)));
    for (Object size : List.of(0, -1, 1_000_000_000_000L, "many"))
      refused(Map.of("location", location, "max_file_size", size));
    for (String schedule : List.of("* * *", "-1m", "0s", "every day", "61 * * * *", "x\ny"))
      refused(Map.of("location", location, "schedule", schedule));
    for (String provider : List.of("--config=" + script, "../x", "$(touch x)", "a\nb"))
      refused(Map.of("location", location, "provider", provider));
    refused(Map.of("location", location, "unknown_setting", true));
    refused(Map.of("location", location, "vectorizer", "../../x"));
  }

  @Test
  void targetsOutsideTheApiAreNotFound() throws IOException {
    for (String target : List.of(ALL + "/..%2f..%2fetc", ALL + "/%00", ALL + "/%2e%2e",
        ALL + "/a%0ab", "/v1/collections/..%2fjournal", "/v1/collections/%2e%2e",
        "/..%2f..%2fetc%2fpasswd", ALL + "?limit=-1", ALL + "?limit=9999999999"))
      for (String method : List.of("GET", "DELETE"))
        assertThat(node.api().send(method, target, "").status()).as(method + " " + target)
            .isBetween(400, 499);
    for (Map<String, Object> search : List.<Map<String, Object>>of(Map.of("query", ""),
        Map.of("query", "x", "limit", 0), Map.of("query", "x", "limit", 1_000_000),
        Map.of("query", "x", "mode", "sql"),
        Map.of("query", "x", "collections", List.of("../x")),
        Map.of("query", "x".repeat(20_000))))
      assertThat(node.api().send("POST", "/v1/search", search).status()).as(search.toString())
          .isBetween(400, 499);
  }

  @Test
  void repositoryThatWantsProgramsRunIsOnlyRead() throws IOException {
    GitRepository evil = GitRepository.create(folder.resolve("evil"));
    evil.write(".gitattributes", "* filter=evil diff=evil merge=evil ident text=auto\n");
    evil.write("a.txt", "one\n").write("b.txt", "two\n");
    Files.createSymbolicLink(evil.folder().resolve("link.txt"),
        Files.writeString(folder.resolve("outside.txt"), "not of this repository\n"));
    evil.commit("Before the traps");
    Path config = evil.folder().resolve(".git/config");
    Files.writeString(config, Files.readString(config) + """
        [core]
          fsmonitor = %1$s
          sshCommand = %1$s
          pager = %1$s
          hooksPath = %2$s
          alternateRefsCommand = %1$s
        [filter "evil"]
          clean = %1$s
          smudge = %1$s
          process = %1$s
          required = true
        [diff]
          external = %1$s
        [diff "evil"]
          command = %1$s
          textconv = %1$s
        [uploadpack]
          packObjectsHook = %1$s
        [alias]
          ls-tree = !%1$s
        """.formatted(script, Files.createDirectories(folder.resolve("hooks"))));
    for (String hook : List.of("post-checkout", "pre-auto-gc", "reference-transaction",
        "post-index-change", "fsmonitor-watchman"))
      for (Path hooks : List.of(folder.resolve("hooks"), evil.folder().resolve(".git/hooks")))
        Files.copy(script, hooks.resolve(hook));
    Files.writeString(evil.folder().resolve("a.txt"), "edited, not committed\n");
    String commit = Files.readString(evil.folder().resolve(".git/refs/heads/main")).strip();
    for (Map.Entry<String, String> way : Map
        .of("evil-path", evil.folder().toString(), "evil-clone", evil.url()).entrySet()) {
      node.ok("repo", "add", way.getValue(), "--name", way.getKey());
      assertThat(node.api().awaitSynced(way.getKey(), commit).path("documents").asLong())
          .isEqualTo(3);
      new IndexCheck(node).verified(way.getKey());
      node.ok("repo", "sync", way.getKey(), "--full");
      assertThat(node.ok("search", "repository", "--repo", way.getKey(), "-o", "json"))
          .doesNotContain("not of this repository", "not committed");
      assertThat(node.api().send("POST", "/v1/search", Map.of("query", "x", "path", "["))
          .status()).isBetween(400, 499);
      node.ok("repo", "remove", way.getKey(), "--yes", "--delete-collection");
    }
  }
}
