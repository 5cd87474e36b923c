package elysia.deploy.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Fifty kills at random moments; `-Delysia.kill.seed=N` repeats those of another run.
@Tag("chaos")
class KillChaosIT {
  private static final int KILLS = 50;

  @Test
  void nodeKilledFiftyTimesLosesNothingThatItAnswered(@TempDir Path folder) throws IOException {
    try (KillRun run = new KillRun(folder, Long.getLong("elysia.kill.seed", System.nanoTime()))) {
      assertThat(run.kill(KILLS)).as("texts embedded again")
          .isLessThanOrEqualTo(KillRun.onTheirWay(KILLS));
    }
  }
}
