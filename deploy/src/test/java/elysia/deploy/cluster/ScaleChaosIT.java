package elysia.deploy.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import elysia.deploy.harness.Cluster;
import elysia.testkit.git.GitRepository;
import elysia.testkit.node.NodeProcess;
import elysia.testkit.process.Await;
import elysia.testkit.process.Finished;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Many repositories, and many workers; prints figures and judges none of them by the clock: `mvn
/// verify -Pchaos -pl deploy -am -Dit.test=ScaleChaosIT`.
@Tag("chaos")
class ScaleChaosIT {
  private static final Logger LOG = LoggerFactory.getLogger(ScaleChaosIT.class);
  private static final int NODES = 3;
  private static final int FOLDERS = 100;
  private static final Duration LIMIT = Duration.ofMinutes(60);

  @TempDir
  private Path folder;

  private interface Step {
    void run() throws IOException;
  }

  private static double timed(Step step) throws IOException {
    long begun = System.nanoTime();
    step.run();
    return Math.round((System.nanoTime() - begun) / 1e7) / 100.0;
  }

  @Test
  void threeNodesKeepTenThousandRepositories() throws IOException {
    int number = Integer.getInteger("elysia.scale.repositories", 10_000);
    StringBuilder lines = new StringBuilder();
    for (int f = 0; f < FOLDERS; f++)
      GitRepository.create(folder.resolve("small" + f)).write("a.txt", "small " + f + "\n")
          .commit("one");
    for (int i = 0; i < number; i++)
      lines.append(folder.resolve("small" + i % FOLDERS)).append(" --name n").append(i)
          .append(" --collection Small\n");
    Path list = Files.writeString(folder.resolve("list.txt"), lines.toString());
    try (Cluster cluster = Cluster.constant(folder, NODES, Cluster.PATIENT,
        Duration.ZERO)) {
      cluster.start();
      NodeProcess node = cluster.node(0);
      Finished[] added = new Finished[1];
      double adding = timed(() -> added[0] = Finished.run(folder, Map.of(), LIMIT, new byte[0],
          List.of(NodeProcess.launcher().toString(), "--server", node.url().orElseThrow()
              .toString(), "repo", "add-batch", list.toString(), "--no-wait")));
      assertThat(added[0].exit()).as(added[0].toString()).isZero();
      LOG.info("{} repositories added in {} s", number, adding);
      double synced = timed(() -> Await.so("all are synced", LIMIT, () -> idle(node) == number));
      LOG.info("all synced {} s later", synced);
      node.api().get("/v1/repositories?limit=10000");
      LOG.info("list of all: {} s", timed(() -> node.api().get("/v1/repositories?limit=10000")));
      double statuses = timed(() -> {
        for (int i = 0; i < 100; i++)
          node.api().repository("n" + i * (number / 100));
      });
      LOG.info("one status: {} ms", statuses * 10);
      heaps(cluster);
      cluster.nodes().stream().map(n -> CompletableFuture.runAsync(n::stop)).toList()
          .forEach(CompletableFuture::join);
      LOG.info("restarted and ready in {} s", timed(cluster::start));
      double answering = timed(() -> Await.so("all answer", LIMIT,
          () -> living(node) == number));
      LOG.info("all repositories recovered {} s later", answering);
      heaps(cluster);
    }
  }

  private static long idle(NodeProcess node) {
    long idle = 0;
    for (var row : node.api().get("/v1/repositories?limit=10000").path("items"))
      if (row.path("state").asText().equals("idle") && row.hasNonNull("synced_commit"))
        idle++;
    return idle;
  }

  private static long living(NodeProcess node) {
    long living = 0;
    for (var member : node.api().get("/v1/cluster").path("members"))
      living += member.path("repositories").asLong();
    return living;
  }

  private static void heaps(Cluster cluster) {
    for (NodeProcess node : cluster.nodes())
      LOG.info("idle heap of a node: {} MiB", Math.round(node.heapAfterCollection()));
  }

  @Test
  void threeNodesEmbedThreeTimesWhatOneDoes() throws IOException {
    double one = chunksPerSecond(1);
    double three = chunksPerSecond(NODES);
    LOG.info("chunks a second: one node {}, three nodes {}: {} times", one, three, three / one);
  }

  /// One worker on each node, and an embedder that takes its time whatever the machine does.
  private double chunksPerSecond(int nodes) throws IOException {
    int files = 900;
    Path place = Files.createDirectories(folder.resolve("of" + nodes));
    try (Cluster cluster = Cluster.constant(place, nodes,
        Cluster.PATIENT + "elysia.node.workers = 1\nelysia.coordinator.repository.batch.files = 10",
        Duration.ofMillis(50))) {
      cluster.start();
      GitRepository[] repositories = new GitRepository[NODES];
      for (int r = 0; r < NODES; r++) {
        repositories[r] = GitRepository.create(place.resolve("r" + r));
        for (int f = 0; f < files / NODES; f++)
          repositories[r].write("f" + f + ".txt", "text " + r + " " + f + "\n");
        repositories[r].commit("all");
      }
      double seconds = timed(() -> {
        for (int r = 0; r < NODES; r++)
          cluster.node(0).api().post("/v1/repositories",
              Map.of("name", "r" + r, "location", repositories[r].folder().toString()));
        for (int r = 0; r < NODES; r++)
          cluster.node(0).api().awaitSynced("r" + r, repositories[r].head());
      });
      return Math.round(files / seconds * 10) / 10.0;
    }
  }
}
