package elysia.deploy.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import elysia.deploy.harness.Cluster;
import elysia.testkit.git.GitRepository;
import elysia.testkit.index.StoreCheck;
import elysia.testkit.node.NodeProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Three nodes with one worker each, of which one takes a hundred times as long for a text.
@Tag("chaos")
class SlowNodeChaosIT {
  private static final Logger LOG = LoggerFactory.getLogger(SlowNodeChaosIT.class);
  private static final int NODES = 3;
  private static final int SLOW = 2;
  private static final int FILES = 120;
  private static final int FILES_OF_A_BATCH = 4;
  private static final int CREDITS = 6;

  @Test
  void slowNodeGetsLessAndGivesBackWhatItHasNotBegun(@TempDir Path folder) throws IOException {
    GitRepository repository = GitRepository.create(folder.resolve("repository"));
    for (int f = 0; f < FILES; f++)
      repository.write("f" + f + ".txt", "text " + f + "\n");
    repository.commit("all");
    try (Cluster cluster = new Cluster(folder, NODES, Cluster.PATIENT + """
        elysia.node { workers = 1, constant-embedder-cost = 20ms }
        elysia.coordinator.dispatch.credits = %d
        elysia.coordinator.repository { batch.files = %d, window = %d }
        """.formatted(CREDITS, FILES_OF_A_BATCH, NODES * CREDITS),
        Map.of("ELYSIACTL_EMBEDDER", "constant"))) {
      Files.writeString(cluster.node(SLOW).home().resolve("config.conf"),
          "\nelysia.node.constant-embedder-cost = 2s\n", StandardOpenOption.APPEND);
      cluster.start();
      NodeProcess node = cluster.node(0);
      node.api().post("/v1/repositories",
          Map.of("name", "shared", "location", repository.folder().toString()));
      node.api().awaitSynced("shared", repository.head());
      List<Double> written = cluster.nodes().stream()
          .map(n -> n.api().metric("elysiactl_chunks_written_total")).toList();
      LOG.info("chunks written by each node: {}", written);
      assertThat(written.get(SLOW)).as("files of the slow node")
          .isLessThan(CREDITS * FILES_OF_A_BATCH);
      assertThat(written.stream().mapToDouble(w -> w).sum()).isGreaterThanOrEqualTo(FILES);
      assertThat(new StoreCheck(cluster.storeUrl()).differences("shared", "shared", repository,
          repository.head())).isEmpty();
    }
  }
}
