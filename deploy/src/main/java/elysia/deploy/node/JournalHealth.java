package elysia.deploy.node;

import elysia.core.store.StoreHealth;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Asks the journal's database every few seconds whether it answers; runs until it is interrupted.
final class JournalHealth implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(JournalHealth.class);
  private static final Duration EVERY = Duration.ofSeconds(2);
  private static final int VALID_SECONDS = 2;
  private static final long LEAST_SPACE = 1_000_000;

  private final DataSource database;
  private final Optional<Path> folder;
  private final InstantSource clock;
  private volatile StoreHealth health = new StoreHealth(true, "starting");

  /// @param folder
  ///          of an embedded journal
  JournalHealth(DataSource database, Optional<Path> folder, InstantSource clock) {
    this.database = database;
    this.folder = folder;
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
        String fullDisk = fullDisk(); // what can be read cannot be written then
        boolean ok = answers() && fullDisk.isEmpty();
        boolean changed = ok != health.ok();
        if (changed)
          since = clock.instant();
        health = new StoreHealth(ok,
            (ok
                ? "answers"
                : "the journal's database does not answer since " + since
                    + "; commands are refused until it does, then all goes on by itself")
                + fullDisk);
        if (changed && ok)
          LOG.info("{}", health.text());
        else if (changed)
          LOG.warn("{}", health.text());
        Thread.sleep(EVERY);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private String fullDisk() {
    try {
      return folder.isPresent() && Files.getFileStore(folder.get()).getUsableSpace() < LEAST_SPACE
          ? " (the disk with " + folder.get() + " is full: make room)"
          : "";
    } catch (IOException e) {
      return " (" + folder.get() + " cannot be reached: " + e.getMessage() + ")";
    }
  }

  private boolean answers() {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      statement.setQueryTimeout(VALID_SECONDS);
      return statement.execute("SELECT 1"); // a database that closed itself still has valid
                                            // connections
    } catch (SQLException e) {
      return false;
    }
  }
}
