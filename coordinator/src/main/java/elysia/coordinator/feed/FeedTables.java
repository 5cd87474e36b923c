package elysia.coordinator.feed;

import elysia.core.feed.Upload;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLIntegrityConstraintViolationException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;

/// Queues and uploads in the journal's database, by plain SQL that H2 and PostgreSQL share. Blocks
/// its thread.
public final class FeedTables implements OpenQueues {
  private static final String UNIQUE_VIOLATION = "23505";
  private final DataSource database;
  private final String schema;
  private final JournalUptime uptime;
  private final Duration retention;

  /// @param schema that holds the tables; empty for the connection's own
  /// @param monotonic a clock that nobody sets
  /// @param retention uptime after which an upload that nobody continued is forgotten
  public FeedTables(DataSource database, String schema, InstantSource monotonic,
      Duration retention) {
    this.database = database;
    this.schema = schema.isEmpty() ? "" : schema + ".";
    this.uptime = new JournalUptime(this.schema, monotonic);
    this.retention = retention;
  }

  @Override
  public boolean open(String queue) throws SQLException {
    try (Connection connection = database.getConnection();
        PreparedStatement there = connection
            .prepareStatement("SELECT 1 FROM " + schema + "open_change_queue WHERE queue = ?");
        PreparedStatement insert = connection
            .prepareStatement("INSERT INTO " + schema + "open_change_queue (queue) VALUES (?)")) {
      there.setString(1, queue);
      try (ResultSet found = there.executeQuery()) {
        if (found.next())
          return true;
      }
      insert.setString(1, queue);
      insert.executeUpdate();
      return false;
    }
  }

  @Override
  public void close(String queue) throws SQLException {
    try (Connection connection = database.getConnection();
        PreparedStatement delete = connection
            .prepareStatement("DELETE FROM " + schema + "open_change_queue WHERE queue = ?")) {
      delete.setString(1, queue);
      delete.executeUpdate();
    }
  }

  /// Takes an upload over, or begins it.
  Upload begin(String collection, String key) throws SQLException {
    try (Connection connection = database.getConnection()) {
      forget(connection);
      while (true) { // until no other attempt begins at the same time
        Optional<Upload> begun = begin(connection, collection, key);
        if (begun.isPresent())
          return begun.get();
      }
    }
  }

  private void forget(Connection connection) throws SQLException {
    try (PreparedStatement old = connection
        .prepareStatement("DELETE FROM " + schema + "feed_upload WHERE touched < ?")) {
      old.setLong(1, uptime.millis(connection) - retention.toMillis());
      old.executeUpdate();
    }
  }

  private Optional<Upload> begin(Connection connection, String collection, String key)
      throws SQLException {
    try (PreparedStatement read = connection.prepareStatement("SELECT owner FROM "
        + schema + "feed_upload WHERE collection = ? AND upload_key = ?")) {
      read.setString(1, collection);
      read.setString(2, key);
      try (ResultSet row = read.executeQuery()) {
        return row.next()
            ? takeOver(connection, collection, key, row.getString(1))
            : create(connection, collection, key);
      }
    }
  }

  private Optional<Upload> takeOver(Connection connection, String collection, String key,
      String before) throws SQLException {
    long attempt = attempt(before) + 1;
    String owner = owner(attempt);
    try (
        PreparedStatement take = connection.prepareStatement("UPDATE " + schema
            + "feed_upload SET owner = ?, touched = ?"
            + " WHERE collection = ? AND upload_key = ? AND owner = ?");
        PreparedStatement read = connection
            .prepareStatement("SELECT acknowledged, fingerprint FROM " + schema
                + "feed_upload WHERE collection = ? AND upload_key = ?")) {
      take.setString(1, owner);
      take.setLong(2, uptime.millis(connection));
      take.setString(3, collection);
      take.setString(4, key);
      take.setString(5, before);
      if (take.executeUpdate() == 0)
        return Optional.empty();
      read.setString(1, collection);
      read.setString(2, key);
      try (ResultSet row = read.executeQuery()) { // only now can the attempt before change nothing
        return Optional
            .of(row.next()
                ? new Upload(key, owner, attempt, row.getLong(1),
                    Optional.ofNullable(row.getString(2)), true)
                : new Upload(key, owner, attempt, 0, Optional.empty(), true));
      }
    }
  }

  private Optional<Upload> create(Connection connection, String collection, String key)
      throws SQLException {
    String owner = owner(1);
    try (PreparedStatement insert = connection.prepareStatement("INSERT INTO " + schema
        + "feed_upload (collection, upload_key, owner, acknowledged, touched)"
        + " VALUES (?, ?, ?, 0, ?)")) {
      insert.setString(1, collection);
      insert.setString(2, key);
      insert.setString(3, owner);
      insert.setLong(4, uptime.millis(connection));
      insert.executeUpdate();
      return Optional.of(new Upload(key, owner, 1, 0, Optional.empty(), false));
    } catch (SQLIntegrityConstraintViolationException e) {
      return Optional.empty();
    } catch (SQLException e) {
      if (UNIQUE_VIOLATION.equals(e.getSQLState()))
        return Optional.empty();
      throw e;
    }
  }

  private static String owner(long attempt) {
    return attempt + "-" + UUID.randomUUID().toString().substring(0, 13);
  }

  /// The number at the beginning of an owner.
  private static long attempt(String owner) {
    try {
      return Long.parseLong(owner.substring(0, Math.max(0, owner.indexOf('-'))));
    } catch (NumberFormatException e) { // of a former version
      return 0;
    }
  }

  /// @return false when the upload is another attempt's by now
  boolean acknowledge(String collection, Upload upload, long line, String fingerprint)
      throws SQLException {
    try (Connection connection = database.getConnection();
        PreparedStatement update = connection.prepareStatement("UPDATE " + schema
            + "feed_upload SET acknowledged = GREATEST(acknowledged, ?), touched = ?,"
            + " fingerprint = CASE WHEN acknowledged < ? THEN ? ELSE fingerprint END"
            + " WHERE collection = ? AND upload_key = ? AND owner = ?")) {
      update.setLong(1, line);
      update.setLong(2, uptime.millis(connection));
      update.setLong(3, line);
      update.setString(4, fingerprint);
      update.setString(5, collection);
      update.setString(6, upload.key());
      update.setString(7, upload.owner());
      return update.executeUpdate() > 0;
    }
  }
}
