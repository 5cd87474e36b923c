package elysia.deploy.node;

import elysia.core.store.StoreHealth;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import javax.sql.DataSource;

/// Asks the journal's database every few seconds whether it answers; runs until it is interrupted.
final class JournalHealth implements Runnable {
  private static final Duration EVERY = Duration.ofSeconds(2);
  private static final int VALID_SECONDS = 2;

  private final DataSource database;
  private final InstantSource clock;
  private volatile StoreHealth health = new StoreHealth(true, "starting");

  JournalHealth(DataSource database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
  }

  StoreHealth health() {
    return health;
  }

  @Override
  public void run() {
    Instant since = clock.instant();
    try {
      while (true) {
        boolean ok = answers();
        if (ok != health.ok())
          since = clock.instant();
        health = new StoreHealth(ok,
            ok
                ? "answers"
                : "the journal's database does not answer since " + since
                    + "; commands are refused until it does");
        Thread.sleep(EVERY);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean answers() {
    try (Connection connection = database.getConnection()) {
      return connection.isValid(VALID_SECONDS);
    } catch (SQLException e) {
      return false;
    }
  }
}
