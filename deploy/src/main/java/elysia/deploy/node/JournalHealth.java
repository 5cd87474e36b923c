package elysia.deploy.node;

import elysia.coordinator.journal.JournalAvailability;
import elysia.core.store.StoreHealth;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.sql.SQLTransientConnectionException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Asks the journal's database every few seconds whether it answers; runs until it is interrupted.
/// Commands are refused while it cannot be reached, and after it was late twice: once may be a
/// moment's load.
final class JournalHealth implements Runnable, JournalAvailability {
  private static final Logger LOG = LoggerFactory.getLogger(JournalHealth.class);
  private static final Duration EVERY = Duration.ofSeconds(2);
  /// While it does not answer.
  private static final Duration SOON = Duration.ofMillis(500);
  private static final int CERTAIN = 2;
  /// SQLSTATE of a query that took too long.
  private static final String CANCELLED = "57014";
  private static final int VALID_SECONDS = 2;
  private static final long LEAST_SPACE = 1_000_000;

  private final DataSource database;
  private final Optional<Path> folder;
  private final InstantSource clock;
  private volatile StoreHealth health = new StoreHealth(true, "starting");
  private volatile CompletableFuture<String> outage = new CompletableFuture<>();
  private Instant since;
  private int failures;

  private enum Answer {
    GOOD, LATE, NONE
  }

  /// @param folder of an embedded journal
  JournalHealth(DataSource database, Optional<Path> folder, InstantSource clock) {
    this.database = database;
    this.folder = folder;
    this.clock = clock;
    this.since = clock.instant();
  }

  StoreHealth health() {
    return health;
  }

  @Override
  public CompletableFuture<String> known() {
    return outage;
  }

  @Override
  public void run() {
    try {
      while (true)
        Thread.sleep(look() ? EVERY : SOON);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// Asks once.
  boolean look() {
    String fullDisk = fullDisk(); // what can be read cannot be written then
    Answer answer = fullDisk.isEmpty() ? answer() : Answer.NONE;
    boolean ok = answer == Answer.GOOD;
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
    judge(answer, health.text());
    return ok;
  }

  private void judge(Answer answer, String text) {
    failures = switch (answer) {
      case GOOD -> 0;
      case LATE -> failures + 1;
      case NONE -> CERTAIN;
    };
    if (failures >= CERTAIN)
      outage.complete(text);
    else if (failures == 0 && outage.isDone())
      outage = new CompletableFuture<>();
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

  private Answer answer() {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      statement.setQueryTimeout(VALID_SECONDS);
      statement.execute("SELECT 1"); // a database that closed itself still has valid connections
      return Answer.GOOD;
    } catch (SQLException e) {
      return late(e) ? Answer.LATE : Answer.NONE;
    }
  }

  /// The query took too long, or the pool had no connection free although one can be made.
  private static boolean late(SQLException e) {
    return e instanceof SQLTimeoutException || CANCELLED.equals(e.getSQLState())
        || (e instanceof SQLTransientConnectionException && e.getCause() == null);
  }
}
