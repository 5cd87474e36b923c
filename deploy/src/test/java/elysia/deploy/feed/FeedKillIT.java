package elysia.deploy.feed;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The short form of [FeedKillChaosIT], for every build.
class FeedKillIT {
  private static final int KILLS = 6;

  @Test
  void killedFeedLosesNothing(@TempDir Path folder) throws Exception {
    try (FeedKillRun run = new FeedKillRun(folder,
        Long.getLong("elysia.kill.seed", 7))) {
      assertThat(run.kill(KILLS)).as("texts embedded again")
          .isLessThanOrEqualTo(FeedKillRun.onTheirWay(KILLS));
    }
  }
}
