package elysia.deploy.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import elysia.testkit.node.NodeProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MembershipIT {
  @TempDir
  private Path folder;

  @ParameterizedTest
  @CsvSource({"ELYSIACTL_SEEDS, 127.0.0.1:1", "ELYSIACTL_SEED_DNS, localhost"})
  void aNodeWithAStoreOfItsOwnIsRefusedCompany(String variable, String value) {
    refused(Map.of(variable, value, "ELYSIACTL_CLUSTER_PORT", "25999"), "ELYSIACTL_STORE=weaviate",
        "ELYSIACTL_DB_URL");
  }

  @Test
  void portForOtherNodesThatLetsEverybodyInIsRefused() {
    refused(Map.of("ELYSIACTL_HOST", "0.0.0.0", "ELYSIACTL_EMBEDDER", "constant"),
        "ELYSIACTL_CLUSTER_TLS_CERT", "ELYSIACTL_CLUSTER_INSECURE=true");
  }

  private void refused(Map<String, String> environment, String... told) {
    NodeProcess alone = new NodeProcess(folder, environment);
    try {
      Process started = alone.launch();
      assertThat(alone.ended(started, Duration.ofMinutes(2))).isEqualTo(2);
      assertThat(alone.tail()).contains(told);
    } finally {
      alone.close();
    }
  }
}
