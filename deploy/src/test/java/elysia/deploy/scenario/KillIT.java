package elysia.deploy.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The short form of [KillChaosIT], for every build.
class KillIT {
  private static final int KILLS = 4;

  @Test
  void killedNodeLosesNothingThatItAnswered(@TempDir Path folder) throws IOException {
    try (KillRun run = new KillRun(folder, Long.getLong("elysia.kill.seed", System.nanoTime()))) {
      assertThat(run.kill(KILLS)).as("texts embedded again")
          .isLessThanOrEqualTo(KillRun.onTheirWay(KILLS));
    }
  }
}
