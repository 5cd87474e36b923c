package elysia.deploy.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import elysia.testkit.git.GitHttps;
import elysia.testkit.git.GitRepository;
import elysia.testkit.index.IndexCheck;
import elysia.testkit.node.NodeProcess;
import elysia.testkit.process.Finished;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A repository behind HTTPS and a password, as a user adds it.
class PrivateRepositoryIT {
  private static final String SECRET = "s3cr3t-Of-Bob";

  @TempDir
  Path folder = Path.of("");

  @Test
  void repositoryBehindAPasswordIsSyncedAndThePasswordStaysWhereItWas() throws IOException {
    GitRepository author = GitRepository.create(folder.resolve("author"));
    Path bare = folder.resolve("served/app.git");
    author.write("a.txt", "kingfisher\n").write("b.txt", "sandpiper\n").commit("One");
    author.git("clone", "-q", "--bare", author.folder().toString(), bare.toString());
    Path user = Files.createDirectories(folder.resolve("user"));
    try (GitHttps server = GitHttps.start(folder.resolve("served"), folder.resolve("tls"),
        Optional.of("bob:" + SECRET));
        NodeProcess node = new NodeProcess(folder, Map.of("ELYSIACTL_EMBEDDER", "constant", "HOME",
            user.toString(), "GIT_SSL_CAINFO", server.authority().toString()))) {
      node.start();
      String url = server.url("app.git");

      Finished refused = node.cli("repo", "add", url);
      assertThat(refused.exit()).isEqualTo(2);
      assertThat(refused.errors()).contains("terminal prompts disabled", "git ls-remote");
      Finished secret = node.cli("repo", "add", url.replace("//", "//bob:" + SECRET + "@"));
      assertThat(secret.exit()).isEqualTo(2);
      assertThat(secret.errors()).contains("credential helper").doesNotContain(SECRET);

      Path secrets = Files.writeString(user.resolve("secrets"),
          server.url("").replace("//", "//bob:" + SECRET + "@") + "\n");
      Files.writeString(user.resolve(".gitconfig"),
          "[credential]\nhelper = store --file=" + secrets + "\n");
      IndexCheck index = new IndexCheck(node);
      node.ok("repo", "add", url);
      exact(index, node, author);

      author.write("a.txt", "kingfisher, moved\n").commit("Two");
      push(author, bare);
      node.ok("repo", "sync", "app");
      exact(index, node, author);

      author.git("reset", "-q", "--hard", "HEAD~1");
      author.write("c.txt", "instead\n").commit("Other");
      push(author, bare);
      node.ok("repo", "sync", "app");
      exact(index, node, author);

      server.stop();
      node.cli("repo", "sync", "app", "--no-wait");
      JsonNode gone = node.api().await("app", "a pull that failed",
          status -> status.path("trouble").path("code").asText().equals("source_unavailable"));
      assertThat(gone.path("detail").asText()).contains("127.0.0.1")
          .matches("(waiting \\d+ s|trying again): .*");

      for (List<String> command : List.of(List.of("repo", "status", "app", "-o", "json"),
          List.of("repo", "logs", "app"), List.of("repo", "list", "-o", "json")))
        assertThat(node.ok(command.toArray(String[]::new))).doesNotContain(SECRET);
      assertThat(server.commandLines()).noneMatch(line -> line.contains(SECRET));
      node.stop();
      nowhereIn(node.home());
      nowhereIn(folder.resolve("node.log"));
    }
  }

  private static void push(GitRepository author, Path bare) {
    author.git("push", "-q", "--force", bare.toString(), "main");
  }

  private static void exact(IndexCheck index, NodeProcess node, GitRepository author) {
    node.api().awaitSynced("app", author.head());
    index.verified("app");
    index.equalsTree("app", author, author.head(), 1_000_000, 10);
  }

  private static void nowhereIn(Path place) throws IOException {
    try (Stream<Path> files = Files.walk(place)) {
      for (Path file : files.filter(Files::isRegularFile).toList())
        assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1)
            .contains(SECRET)).as(file.toString()).isFalse();
    }
  }
}
