package elysia.deploy.node;

import static org.assertj.core.api.Assertions.assertThat;

import elysia.coordinator.repository.Outage;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;

class JournalHealthTest {
  private static final String HERE = "jdbc:h2:mem:health;DB_CLOSE_DELAY=-1";
  private static final String NOWHERE = "jdbc:h2:mem:nowhere;IFEXISTS=TRUE";

  private final JdbcDataSource database = new JdbcDataSource();
  private final InstantSource clock = () -> Instant.EPOCH;
  private final JournalHealth health = new JournalHealth(database, Optional.empty(), clock);

  JournalHealthTest() {
    database.setURL(HERE);
  }

  @Test
  void oneMissedAnswerIsShownAndRefusesNothing() {
    assertThat(health.look()).isTrue();
    database.setURL(NOWHERE);
    assertThat(health.look()).isFalse();
    assertThat(health.health().ok()).isFalse();
    assertThat(health.reason()).isEmpty();
    database.setURL(HERE);
    assertThat(health.look()).isTrue();
    assertThat(health.known()).isNotDone();
  }

  @Test
  void commandsAreRefusedAfterTheSecondAndTakenAgainAtTheFirstAnswer() {
    CompletableFuture<String> waited = health.known();
    database.setURL(NOWHERE);
    health.look();
    health.look();
    health.look();
    assertThat(waited).isCompleted();
    assertThat(health.reason().orElseThrow()).contains("does not answer since 1970-01-01");
    assertThat(health.<String>command(CompletableFuture::new)).isCompletedWithValueMatching(
        refused -> refused instanceof elysia.core.outcome.Outcome.Busy<String>(_, var after)
            && after.equals(Optional.of(Outage.AGAIN)));
    database.setURL(HERE);
    health.look();
    assertThat(health.reason()).isEmpty();
    assertThat(health.health().ok()).isTrue();
  }
}
