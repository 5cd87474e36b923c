package elysia.coordinator.view;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import elysia.core.json.Json;
import elysia.core.repository.LogEntry;
import elysia.core.repository.RepositoryStatus;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.sql.DataSource;

/// The read side's tables, by plain SQL that H2 and PostgreSQL share. Blocks its thread.
public final class ViewStore {
  private static final int BATCH = 200;

  /// @param seq of the event that the status follows from
  public record Row(String name, long seq, RepositoryStatus status) {}

  private final DataSource database;
  private final String schema;
  private final JsonMapper json = Json.mapper().rebuild()
      .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

  /// @param schema that holds the tables; empty for the connection's own
  public ViewStore(DataSource database, String schema) {
    this.database = database;
    this.schema = schema.isEmpty() ? "" : schema + ".";
  }

  /// Writes rows and history in one transaction. A row older than the stored one is passed over; a
  /// history line is written once.
  public void write(Collection<Row> rows, Collection<String> removed, List<Entry> history)
      throws SQLException {
    try (Connection connection = database.getConnection()) {
      connection.setAutoCommit(false);
      try {
        upsert(connection, rows);
        remove(connection, removed);
        append(connection, history);
        connection.commit();
      } catch (SQLException e) {
        connection.rollback();
        throw e;
      }
    }
  }

  /// A line of a repository's history.
  public record Entry(String name, LogEntry line) {}

  private void upsert(Connection connection, Collection<Row> rows) throws SQLException {
    if (rows.isEmpty())
      return;
    try (PreparedStatement update = connection.prepareStatement("UPDATE " + schema
        + "repository_view SET seq = ?, collection = ?, status = ? WHERE name = ? AND seq <= ?");
        PreparedStatement exists = connection
            .prepareStatement("SELECT 1 FROM " + schema + "repository_view WHERE name = ?");
        PreparedStatement insert = connection.prepareStatement("INSERT INTO " + schema
            + "repository_view (name, seq, collection, status) VALUES (?, ?, ?, ?)")) {
      for (Row row : rows) {
        String status = text(row.status());
        update.setLong(1, row.seq());
        update.setString(2, row.status().collection());
        update.setString(3, status);
        update.setString(4, row.name());
        update.setLong(5, row.seq());
        if (update.executeUpdate() > 0 || there(exists, row.name()))
          continue;
        insert.setString(1, row.name());
        insert.setLong(2, row.seq());
        insert.setString(3, row.status().collection());
        insert.setString(4, status);
        insert.executeUpdate();
      }
    }
  }

  private static boolean there(PreparedStatement exists, String name) throws SQLException {
    exists.setString(1, name);
    try (ResultSet found = exists.executeQuery()) {
      return found.next();
    }
  }

  private void remove(Connection connection, Collection<String> removed) throws SQLException {
    if (removed.isEmpty())
      return;
    for (String table : List.of("repository_view", "repository_log")) {
      try (PreparedStatement delete = connection
          .prepareStatement("DELETE FROM " + schema + table + " WHERE name = ?")) {
        for (String name : removed) {
          delete.setString(1, name);
          delete.addBatch();
        }
        delete.executeBatch();
      }
    }
  }

  private void append(Connection connection, List<Entry> history) throws SQLException {
    if (history.isEmpty())
      return;
    try (
        PreparedStatement exists = connection.prepareStatement(
            "SELECT 1 FROM " + schema + "repository_log WHERE name = ? AND seq = ?");
        PreparedStatement insert = connection.prepareStatement("INSERT INTO " + schema
            + "repository_log (name, seq, at, type, message, data) VALUES (?, ?, ?, ?, ?, ?)");
        PreparedStatement trim = connection.prepareStatement(
            "DELETE FROM " + schema + "repository_log WHERE name = ? AND seq < ?")) {
      for (Entry entry : history) {
        exists.setString(1, entry.name());
        exists.setLong(2, entry.line().seq());
        try (ResultSet found = exists.executeQuery()) {
          if (found.next())
            continue;
        }
        insert.setString(1, entry.name());
        insert.setLong(2, entry.line().seq());
        insert.setTimestamp(3, Timestamp.from(entry.line().at()));
        insert.setString(4, entry.line().type());
        insert.setString(5, entry.line().message());
        insert.setString(6, entry.line().data().toString());
        insert.executeUpdate(); // at once: the next line may be the same one
        trim.setString(1, entry.name());
        trim.setLong(2, entry.line().seq() - KEPT);
        trim.addBatch();
      }
      trim.executeBatch();
    }
  }

  /// How many events back a repository's history is kept.
  private static final long KEPT = 10_000;

  /// Rows by name, after a name.
  public List<RepositoryStatus> list(Optional<String> after, int limit) throws SQLException {
    try (Connection connection = database.getConnection();
        PreparedStatement select = connection.prepareStatement("SELECT status FROM " + schema
            + "repository_view WHERE name > ? ORDER BY name LIMIT ?")) {
      select.setString(1, after.orElse(""));
      select.setInt(2, limit);
      select.setFetchSize(BATCH);
      return statuses(select);
    }
  }

  /// Those that are kept in a collection.
  public List<RepositoryStatus> inCollection(String collection) throws SQLException {
    try (Connection connection = database.getConnection();
        PreparedStatement select = connection.prepareStatement("SELECT status FROM " + schema
            + "repository_view WHERE collection = ? ORDER BY name")) {
      select.setString(1, collection);
      return statuses(select);
    }
  }

  /// The names of the collections that repositories are kept in.
  public Set<String> collections() throws SQLException {
    try (Connection connection = database.getConnection();
        PreparedStatement select = connection
            .prepareStatement("SELECT DISTINCT collection FROM " + schema + "repository_view");
        ResultSet found = select.executeQuery()) {
      Set<String> names = new HashSet<>();
      while (found.next())
        names.add(found.getString(1));
      return names;
    }
  }

  private List<RepositoryStatus> statuses(PreparedStatement select) throws SQLException {
    List<RepositoryStatus> statuses = new ArrayList<>();
    try (ResultSet found = select.executeQuery()) {
      while (found.next())
        statuses.add(json.readValue(found.getString(1), RepositoryStatus.class));
    } catch (JsonProcessingException e) {
      throw new SQLException("a row of repository_view cannot be read", e);
    }
    return statuses;
  }

  /// One row, when there is one.
  public Optional<RepositoryStatus> one(String name) throws SQLException {
    try (Connection connection = database.getConnection();
        PreparedStatement select = connection
            .prepareStatement("SELECT status FROM " + schema + "repository_view WHERE name = ?")) {
      select.setString(1, name);
      return statuses(select).stream().findFirst();
    }
  }

  /// The newest lines, or those after a number; oldest first.
  public List<LogEntry> history(String name, Optional<Long> after, int limit) throws SQLException {
    String where = after.isPresent()
        ? " AND seq > ? ORDER BY seq LIMIT ?"
        : " ORDER BY seq DESC LIMIT ?";
    try (Connection connection = database.getConnection();
        PreparedStatement select = connection
            .prepareStatement("SELECT seq, at, type, message, data FROM " + schema
                + "repository_log WHERE name = ?" + where)) {
      select.setString(1, name);
      if (after.isPresent())
        select.setLong(2, after.get());
      select.setInt(after.isPresent() ? 3 : 2, limit);
      List<LogEntry> lines = new ArrayList<>();
      try (ResultSet found = select.executeQuery()) {
        while (found.next())
          lines.add(new LogEntry(found.getLong(1), found.getTimestamp(2).toInstant(),
              found.getString(3), found.getString(4), json.readTree(found.getString(5))));
      } catch (JsonProcessingException e) {
        throw new SQLException("a row of repository_log cannot be read", e);
      }
      return after.isPresent() ? lines : lines.reversed();
    }
  }

  private String text(RepositoryStatus status) {
    try {
      return json.writeValueAsString(status);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a status that is no JSON", e);
    }
  }
}
