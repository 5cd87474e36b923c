package elysia.deploy.node;

import static org.assertj.core.api.Assertions.assertThat;

import elysia.coordinator.repository.Outage;
import elysia.core.outcome.Outcome;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;

class JournalHealthTest {
  private static final String HERE = "jdbc:h2:mem:health;DB_CLOSE_DELAY=-1";
  private static final String NOWHERE = "jdbc:h2:mem:nowhere;IFEXISTS=TRUE";

  private boolean busy;
  private final JdbcDataSource database = new JdbcDataSource() {
    private static final long serialVersionUID = 1;

    @Override
    public Connection getConnection() throws SQLException {
      if (busy)
        throw new SQLTransientConnectionException("no connection is free");
      return super.getConnection();
    }
  };
  private final InstantSource clock = () -> Instant.EPOCH;
  private final JournalHealth health = new JournalHealth(database, Optional.empty(), clock);

  JournalHealthTest() {
    database.setURL(HERE);
  }

  @Test
  void oneLateAnswerIsShownAndRefusesNothing() {
    assertThat(health.look()).isTrue();
    busy = true;
    assertThat(health.look()).isFalse();
    assertThat(health.health().ok()).isFalse();
    assertThat(health.reason()).isEmpty();
    busy = false;
    assertThat(health.look()).isTrue();
    busy = true;
    health.look();
    assertThat(health.known()).isNotDone();
    health.look();
    assertThat(health.known()).isDone();
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
        .isCompletedWithValue(new Outcome.Busy<>(why, Outage.AGAIN));
    health.look();
    database.setURL(HERE);
    health.look();
    assertThat(health.reason()).isEmpty();
    assertThat(health.health().ok()).isTrue();
  }
}
