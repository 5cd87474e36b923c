package elysia.deploy.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Two hundred faults in half an hour (`mvn verify -Pchaos`), or thousands in hours (`-Psoak`);
/// `-Delysia.chaos.seed=N` repeats those of another run, `-Delysia.chaos.faults=N` says how many,
/// `-Delysia.chaos.nodes=N` among how many nodes.
class FaultsChaosIT {
  private static final int HALF_AN_HOUR = 200;
  private static final int HOURS = 3_000;

  private static ChaosRun.Size size(int faults) {
    return new ChaosRun.Size(Integer.getInteger("elysia.chaos.nodes", 5), 3, 4, 12,
        Integer.getInteger("elysia.chaos.faults", faults), Duration.ofSeconds(1),
        Duration.ofSeconds(8), Duration.ofSeconds(60), 0.3, true);
  }

  @Test
  @Tag("chaos")
  void clusterUnderTwoHundredFaultsLosesNothing(@TempDir Path folder) throws IOException {
    assertThat(differences(folder, HALF_AN_HOUR, "-Pchaos")).isEmpty();
  }

  @Test
  @Tag("soak")
  void clusterUnderFaultsForHoursLosesNothing(@TempDir Path folder) throws IOException {
    assertThat(differences(folder, HOURS, "-Psoak")).isEmpty();
  }

  private static List<String> differences(Path folder, int faults, String profile)
      throws IOException {
    try (ChaosRun run = new ChaosRun(folder, Long.getLong("elysia.chaos.seed", System.nanoTime()),
        size(faults), profile + " -Dit.test=FaultsChaosIT")) {
      return run.run();
    }
  }
}
