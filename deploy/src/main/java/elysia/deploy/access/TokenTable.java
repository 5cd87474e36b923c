package elysia.deploy.access;

import elysia.core.auth.Access;
import elysia.core.auth.TokenInfo;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;

/// Tokens in the journal's database, as hashes, by plain SQL that H2 and PostgreSQL share. Blocks
/// its thread.
public final class TokenTable {
  /// A token as it is kept.
  ///
  /// @param hash hexadecimal
  record Stored(TokenInfo info, String hash) {}

  private final DataSource database;
  private final String table;

  /// @param schema that holds the table; empty for the connection's own
  public TokenTable(DataSource database, String schema) {
    this.database = database;
    this.table = (schema.isEmpty() ? "" : schema + ".") + "api_token";
  }

  List<Stored> all() throws SQLException {
    try (Connection connection = database.getConnection();
        PreparedStatement select = connection.prepareStatement(
            "SELECT name, hash, scope, created, expires, created_by FROM " + table
                + " ORDER BY name");
        ResultSet rows = select.executeQuery()) {
      List<Stored> all = new ArrayList<>();
      while (rows.next()) {
        long expires = rows.getLong("expires");
        Optional<Instant> end = rows.wasNull()
            ? Optional.empty()
            : Optional.of(Instant.ofEpochMilli(expires));
        all.add(new Stored(new TokenInfo(rows.getString("name"), Access.of(rows.getString("scope")),
            Instant.ofEpochMilli(rows.getLong("created")), end, rows.getString("created_by")),
            rows.getString("hash")));
      }
      return List.copyOf(all);
    }
  }

  /// @return false when the name is taken
  boolean insert(TokenInfo token, String hash) throws SQLException {
    try (Connection connection = database.getConnection();
        PreparedStatement insert = connection.prepareStatement("INSERT INTO " + table
            + " (name, hash, scope, created, expires, created_by) VALUES (?, ?, ?, ?, ?, ?)")) {
      insert.setString(1, token.name());
      insert.setString(2, hash);
      insert.setString(3, token.scope().label());
      insert.setLong(4, token.createdAt().toEpochMilli());
      if (token.expiresAt().isPresent())
        insert.setLong(5, token.expiresAt().get().toEpochMilli());
      else
        insert.setNull(5, Types.BIGINT);
      insert.setString(6, token.createdBy());
      insert.executeUpdate();
      return true;
    } catch (SQLException e) {
      if (e.getSQLState() != null && e.getSQLState().startsWith("23")) // integrity: it is there
        return false;
      throw e;
    }
  }

  /// @return false when there is none
  boolean delete(String name) throws SQLException {
    try (Connection connection = database.getConnection();
        PreparedStatement delete = connection
            .prepareStatement("DELETE FROM " + table + " WHERE name = ?")) {
      delete.setString(1, name);
      return delete.executeUpdate() > 0;
    }
  }
}
