package elysia.deploy.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import elysia.coordinator.journal.JournalAvailability;
import elysia.core.outcome.Outcome;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;

class JournalHealthTest {
  private static final String HERE = "jdbc:h2:mem:health;DB_CLOSE_DELAY=-1";
  private static final long SHORT_MILLIS = 250;
  private static final String NOWHERE = "jdbc:h2:mem:nowhere;IFEXISTS=TRUE";

  private final JdbcDataSource database = new JdbcDataSource();
  private final InstantSource clock = () -> Instant.EPOCH;
  private final JournalHealth health = new JournalHealth(database, Optional.empty(), clock);

  JournalHealthTest() {
    database.setURL(HERE);
  }

  @Test
  void oneLateAnswerIsShownAndRefusesNothing() throws SQLException {
    HikariConfig config = new HikariConfig();
    config.setDataSource(database);
    config.setMaximumPoolSize(1);
    config.setConnectionTimeout(SHORT_MILLIS);
    try (HikariDataSource pool = new HikariDataSource(config)) {
      JournalHealth pooled = new JournalHealth(pool, Optional.empty(), clock);
      assertThat(pooled.look()).isTrue();
      try (Connection all = pool.getConnection()) {
        assertThat(all.isClosed()).isFalse();
        assertThat(pooled.look()).isFalse();
        assertThat(pooled.health().ok()).isFalse();
        assertThat(pooled.reason()).isEmpty();
      }
      assertThat(pooled.look()).isTrue();
      try (Connection all = pool.getConnection()) {
        assertThat(all.isClosed()).isFalse();
        pooled.look();
        assertThat(pooled.known()).isNotDone();
        pooled.look();
        assertThat(pooled.known()).isDone();
      }
    }
  }

  @Test
  void commandsAreRefusedWhenItCannotBeReachedAndTakenAgainAtTheFirstAnswer() {
    CompletableFuture<String> waited = health.known();
    database.setURL(NOWHERE);
    health.look();
    assertThat(waited).isCompleted();
    assertThat(health.reason().orElseThrow()).contains("does not answer since 1970-01-01");
    String why = health.reason().orElseThrow();
    assertThat(health.<String>command(CompletableFuture::new))
        .isCompletedWithValue(
            new Outcome.Busy<>("journal_unavailable", why, JournalAvailability.RETRY_AFTER));
    health.look();
    database.setURL(HERE);
    health.look();
    assertThat(health.reason()).isEmpty();
    assertThat(health.health().ok()).isTrue();
  }
}
