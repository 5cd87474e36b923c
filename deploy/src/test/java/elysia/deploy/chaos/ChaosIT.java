package elysia.deploy.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The short form of [FaultsChaosIT], for every build: always the same faults, so that a build
/// tells of a change and not of chance.
class ChaosIT {
  private static final ChaosRun.Size SHORT = new ChaosRun.Size(3, 2, 3, 8, 10,
      Duration.ofSeconds(1), Duration.ofSeconds(6), Duration.ofSeconds(12), 0.3, false);

  private static final long SEED = 42;

  @Test
  void clusterUnderFaultsLosesNothing(@TempDir Path folder) throws IOException {
    try (ChaosRun run = new ChaosRun(folder, Long.getLong("elysia.chaos.seed", SEED),
        SHORT, "-Dit.test=ChaosIT")) {
      assertThat(run.run()).isEmpty();
    }
  }
}
