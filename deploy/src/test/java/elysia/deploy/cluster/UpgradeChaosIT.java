package elysia.deploy.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import elysia.deploy.harness.Cluster;
import elysia.testkit.git.GitRepository;
import elysia.testkit.index.StoreCheck;
import elysia.testkit.node.Api;
import elysia.testkit.node.NodeProcess;
import elysia.testkit.process.Await;
import elysia.testkit.process.Finished;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A cluster of the previous commit becomes one of this commit node by node, at work.
/// `-Delysia.upgrade.commit=C` names another one to begin with, `-Delysia.upgrade.distribution=DIR`
/// one that is built already.
@Tag("chaos")
class UpgradeChaosIT {
  private static final Path NEW = Path.of("target/elysiactl").toAbsolutePath();
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Duration BUILD = Duration.ofMinutes(20);
  private static final Duration LIMIT = Duration.ofMinutes(4);
  private static final int NODES = 3;
  private static final int REPOSITORIES = 6;

  @TempDir
  private Path folder;

  @Test
  void clusterOfThePreviousCommitIsUpgradedNodeByNode() throws IOException {
    Path old = older();
    List<GitRepository> repositories = new ArrayList<>();
    try (Cluster cluster = Cluster.constant(folder, NODES, Cluster.PATIENT,
        Duration.ofMillis(20))) {
      cluster.nodes().forEach(node -> node.of(old));
      cluster.start();
      for (int i = 0; i < REPOSITORIES; i++) {
        GitRepository repository = GitRepository.create(folder.resolve("r" + i));
        repositories.add(change(repository, i, 0));
        cluster.node(0).api().post("/v1/repositories",
            Map.of("name", "r" + i, "location", repository.folder().toString()));
      }
      for (int upgraded = 0; upgraded < NODES; upgraded++) {
        NodeProcess node = cluster.node(upgraded);
        node.stop();
        node.of(NEW).start();
        cluster.awaitMembers(NODES);
        for (int i = 0; i < REPOSITORIES; i++)
          change(repositories.get(i), i, upgraded + 1);
        syncedThrough(cluster.node(upgraded), repositories);
        syncedThrough(cluster.node((upgraded + 1) % NODES), repositories);
      }
      StoreCheck store = new StoreCheck(cluster.storeUrl());
      for (int i = 0; i < REPOSITORIES; i++)
        assertThat(store.differences("r" + i, "r" + i, repositories.get(i),
            repositories.get(i).head())).isEmpty();
    }
  }

  private static GitRepository change(GitRepository repository, int i, int version)
      throws IOException {
    for (int f = 0; f < 10; f++)
      repository.write("src/m" + f + ".py",
          "value = " + (f < 5 ? version : 0) + "\nof = " + i + "\n");
    repository.commit("version " + version);
    return repository;
  }

  private static void syncedThrough(NodeProcess node, List<GitRepository> repositories) {
    for (int i = 0; i < repositories.size(); i++) {
      String target = "/v1/repositories/r" + i;
      String head = repositories.get(i).head();
      Await.so("r" + i + " synced to " + head + "\n" + node.tail(), LIMIT, () -> {
        try {
          Api.Reply reply = node.api().send("GET", target, "");
          if (reply.status() != 200 || !Api.resting(reply.body()))
            return false;
          if (reply.body().path("synced_commit").asText().equals(head))
            return true;
          node.api().send("POST", target + "/sync", "");
          return false;
        } catch (IOException e) {
          return false;
        }
      });
    }
  }

  /// The distribution of an earlier commit, built in a work tree of its own when it is not given.
  private Path older() {
    String built = System.getProperty("elysia.upgrade.distribution", "");
    if (!built.isEmpty())
      return Path.of(built);
    Path tree = folder.resolve("previous");
    run(ROOT, "git", "worktree", "add", "--detach", tree.toString(),
        System.getProperty("elysia.upgrade.commit", "HEAD~1"));
    try {
      run(tree, "mvn", "-B", "-q", "package", "-Ddistribution", "-pl", "deploy", "-am");
      Path kept = folder.resolve("distribution");
      run(folder, "cp", "-r", tree.resolve("deploy/target/elysiactl").toString(),
          kept.toString());
      return kept;
    } finally {
      run(ROOT, "git", "worktree", "remove", "--force", tree.toString());
    }
  }

  private static void run(Path in, String... command) {
    Finished finished = Finished.run(in, Map.of(), BUILD, new byte[0], List.of(command));
    assertThat(finished.exit()).as(String.join(" ", command) + ": " + finished).isZero();
  }
}
