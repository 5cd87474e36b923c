package elysia.deploy.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import elysia.deploy.harness.NodeProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MembershipIT {
  @TempDir
  private Path folder;

  @Test
  void aNodeWithAStoreOfItsOwnIsRefusedCompany() {
    NodeProcess alone = new NodeProcess(folder,
        Map.of("ELYSIACTL_SEEDS", "127.0.0.1:1", "ELYSIACTL_CLUSTER_PORT", "25999"));
    try {
      Process started = alone.launch();
      assertThat(alone.ended(started, Duration.ofMinutes(1))).isEqualTo(2);
      assertThat(alone.tail()).contains("ELYSIACTL_STORE=weaviate").contains("ELYSIACTL_DB_URL");
    } finally {
      alone.close();
    }
  }
}
