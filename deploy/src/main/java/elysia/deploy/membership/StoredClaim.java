package elysia.deploy.membership;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import javax.sql.DataSource;

/// The claim as a row of the journal's PostgreSQL, by that database's clock.
public final class StoredClaim implements Claim {
  /// A cluster whose leader did not renew for so long is gone. Longer than it takes to lose a
  /// leader and have the next one renew would be safer still, and make a start after a crash of all
  /// as late.
  private static final Duration GONE = Duration.ofSeconds(20);

  private final DataSource database;
  private final String table;
  private final String home;

  /// @param schema that holds the table; empty for the connection's own
  /// @param home id of this node's home: what held the right from there has ended, since a home has
  ///          one node at a time
  public StoredClaim(DataSource database, String schema, String home) {
    this.database = database;
    this.table = (schema.isEmpty() ? "" : schema + ".") + "cluster_claim";
    this.home = home;
  }

  @Override
  public Optional<Held> take(String self) throws SQLException {
    try (Connection connection = database.getConnection();
        PreparedStatement take = connection.prepareStatement("UPDATE " + table
            + " SET holder = ?, home = ?, renewed = clock_timestamp() WHERE home = ?"
            + " OR renewed < clock_timestamp() - ? * INTERVAL '1 second'");
        PreparedStatement read = connection.prepareStatement(
            "SELECT holder, EXTRACT(EPOCH FROM clock_timestamp() - renewed)::bigint FROM "
                + table)) {
      take.setString(1, self);
      take.setString(2, home);
      take.setString(3, home);
      take.setLong(4, GONE.toSeconds());
      if (take.executeUpdate() > 0)
        return Optional.empty();
      try (ResultSet row = read.executeQuery()) {
        return row.next()
            ? Optional.of(new Held(row.getString(1), Duration.ofSeconds(row.getLong(2))))
            : Optional.of(new Held("unknown", Duration.ZERO));
      }
    }
  }

  @Override
  public void renew(String self) throws SQLException {
    try (Connection connection = database.getConnection();
        PreparedStatement renew = connection.prepareStatement(
            "UPDATE " + table + " SET holder = ?, home = ?, renewed = clock_timestamp()")) {
      renew.setString(1, self);
      renew.setString(2, home);
      renew.executeUpdate();
    }
  }

  @Override
  public void release() throws SQLException {
    try (Connection connection = database.getConnection();
        PreparedStatement release = connection.prepareStatement(
            "UPDATE " + table + " SET renewed = to_timestamp(0) WHERE home = ?")) {
      release.setString(1, home);
      release.executeUpdate();
    }
  }
}
