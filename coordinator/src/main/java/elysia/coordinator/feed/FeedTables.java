package elysia.coordinator.feed;

import elysia.core.feed.Upload;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.UUID;
import javax.sql.DataSource;

/// Lanes and uploads in the journal's database, by plain SQL that H2 and PostgreSQL share. Blocks
/// its thread.
public final class FeedTables implements LaneMarks {
  private final DataSource database;
  private final String schema;
  private final InstantSource clock;
  private final Duration retention;

  /// @param schema
  ///          that holds the tables; empty for the connection's own
  /// @param retention
  ///          after which an upload that nobody continued is forgotten
  public FeedTables(DataSource database, String schema, InstantSource clock, Duration retention) {
    this.database = database;
    this.schema = schema.isEmpty() ? "" : schema + ".";
    this.clock = clock;
    this.retention = retention;
  }

  @Override
  public boolean open(String lane) throws SQLException {
    try (Connection connection = database.getConnection();
        PreparedStatement there = connection
            .prepareStatement("SELECT 1 FROM " + schema + "feed_lane WHERE lane = ?");
        PreparedStatement insert = connection
            .prepareStatement("INSERT INTO " + schema + "feed_lane (lane) VALUES (?)")) {
      there.setString(1, lane);
      try (ResultSet found = there.executeQuery()) {
        if (found.next())
          return true;
      }
      insert.setString(1, lane);
      insert.executeUpdate();
      return false;
    }
  }

  @Override
  public void close(String lane) throws SQLException {
    try (Connection connection = database.getConnection();
        PreparedStatement delete = connection
            .prepareStatement("DELETE FROM " + schema + "feed_lane WHERE lane = ?")) {
      delete.setString(1, lane);
      delete.executeUpdate();
    }
  }

  /// Takes an upload over, or begins it.
  Upload begin(String collection, String key) throws SQLException {
    String owner = UUID.randomUUID().toString();
    long now = clock.millis();
    try (Connection connection = database.getConnection();
        PreparedStatement old = connection
            .prepareStatement("DELETE FROM " + schema + "feed_upload WHERE touched < ?");
        PreparedStatement take = connection.prepareStatement("UPDATE " + schema
            + "feed_upload SET owner = ?, touched = ? WHERE collection = ? AND upload_key = ?");
        PreparedStatement read = connection.prepareStatement("SELECT acknowledged FROM " + schema
            + "feed_upload WHERE collection = ? AND upload_key = ?");
        PreparedStatement insert = connection.prepareStatement("INSERT INTO " + schema
            + "feed_upload (collection, upload_key, owner, acknowledged, touched)"
            + " VALUES (?, ?, ?, 0, ?)")) {
      old.setLong(1, now - retention.toMillis());
      old.executeUpdate();
      take.setString(1, owner);
      take.setLong(2, now);
      take.setString(3, collection);
      take.setString(4, key);
      if (take.executeUpdate() > 0) {
        read.setString(1, collection);
        read.setString(2, key);
        try (ResultSet row = read.executeQuery()) {
          return new Upload(key, owner, row.next() ? row.getLong(1) : 0, true);
        }
      }
      insert.setString(1, collection);
      insert.setString(2, key);
      insert.setString(3, owner);
      insert.setLong(4, now);
      insert.executeUpdate();
      return new Upload(key, owner, 0, false);
    }
  }

  /// @return false when the upload is another attempt's by now
  boolean acknowledge(String collection, Upload upload, long line) throws SQLException {
    try (Connection connection = database.getConnection();
        PreparedStatement update = connection.prepareStatement("UPDATE " + schema
            + "feed_upload SET acknowledged = ?, touched = ?"
            + " WHERE collection = ? AND upload_key = ? AND owner = ?")) {
      update.setLong(1, line);
      update.setLong(2, clock.millis());
      update.setString(3, collection);
      update.setString(4, upload.key());
      update.setString(5, upload.owner());
      return update.executeUpdate() > 0;
    }
  }
}
