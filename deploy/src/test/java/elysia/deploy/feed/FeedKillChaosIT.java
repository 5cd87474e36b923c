package elysia.deploy.feed;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Forty kills of the node and of the command at random moments; `-Delysia.kill.seed=N` repeats
/// those of another run.
@Tag("chaos")
class FeedKillChaosIT {
  private static final int KILLS = 40;

  @Test
  void feedKilledFortyTimesLosesNothing(@TempDir Path folder) throws Exception {
    try (FeedKillRun run = new FeedKillRun(folder,
        Long.getLong("elysia.kill.seed", System.nanoTime()))) {
      assertThat(run.kill(KILLS)).as("texts embedded again")
          .isLessThanOrEqualTo(FeedKillRun.onTheirWay(KILLS));
    }
  }
}
