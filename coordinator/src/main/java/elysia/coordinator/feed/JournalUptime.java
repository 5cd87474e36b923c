package elysia.coordinator.feed;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/// A clock that is kept in the journal's database and measures for how long nodes have been up. No
/// wall clock moves it, and time without a node does not count. Thread-safe; blocks its thread.
///
/// A node adds the time in which, by its own monotonic clock, the value did not change. Such times
/// of several nodes do not overlap, so it never runs faster than real time.
final class JournalUptime {
  /// What is not yet added is at most this, for each node that goes down.
  private static final Duration STEP = Duration.ofMinutes(1);

  private final String schema;
  private final InstantSource monotonic;
  private long value = -1;
  private Instant seen = Instant.MIN;

  /// @param schema as a prefix of the table's name
  JournalUptime(String schema, InstantSource monotonic) {
    this.schema = schema;
    this.monotonic = monotonic;
  }

  /// Milliseconds, up to a minute late.
  synchronized long millis(Connection connection) throws SQLException {
    Instant now = monotonic.instant();
    if (value >= 0 && now.isBefore(seen.plus(STEP)))
      return value;
    if (value >= 0 && add(connection, Duration.between(seen, now).toMillis())) {
      seen = now;
      return value;
    }
    value = read(connection);
    seen = monotonic.instant(); // after the read: another node may have added the time before it
    return value;
  }

  private boolean add(Connection connection, long elapsed) throws SQLException {
    try (PreparedStatement update = connection.prepareStatement(
        "UPDATE " + schema + "journal_uptime SET millis = ? WHERE millis = ?")) {
      update.setLong(1, value + elapsed);
      update.setLong(2, value);
      if (update.executeUpdate() == 0)
        return false;
      value += elapsed;
      return true;
    }
  }

  private long read(Connection connection) throws SQLException {
    try (
        PreparedStatement select = connection
            .prepareStatement("SELECT millis FROM " + schema + "journal_uptime");
        ResultSet row = select.executeQuery()) {
      row.next();
      return row.getLong(1);
    }
  }
}
