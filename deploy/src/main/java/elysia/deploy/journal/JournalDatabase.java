package elysia.deploy.journal;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool.PoolInitializationException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The journal's database: a PostgreSQL that nodes share, or H2 in the home of a single node.
///
/// @param embedded H2
/// @param url JDBC, with what the journal needs appended
/// @param schema empty for the user's own
public record JournalDatabase(boolean embedded, String url, String user, String password,
    String schema) {
  private static final Logger LOG = LoggerFactory.getLogger(JournalDatabase.class);

  public JournalDatabase {
    if (!schema.isEmpty() && !schema.matches("[a-z_][a-z0-9_]{0,62}"))
      throw new IllegalArgumentException("elysia.journal.schema: \"" + schema
          + "\" (expected: a lower-case name of letters, digits and _)");
  }

  /// H2 closes its database when the disk is full, and its connections still say that they are
  /// valid: only a query finds out, and a new connection opens the database again.
  private static final String TEST = "SELECT 1";
  /// Of PostgreSQL's advisory locks: the letters of `elysia`.
  private static final long LOCK = 0x656c79736961L;
  private static final Duration TURN = Duration.ofMillis(200);

  /// Reads `elysia.journal`.
  ///
  /// @param home of the node, for H2
  public static JournalDatabase from(Config root, Path home) {
    Config c = root.getConfig("elysia.journal");
    String url = c.getString("url");
    if (url.isEmpty()) {
      // WRITE_DELAY: H2 otherwise loses acknowledged events of the last half second on kill -9.
      return new JournalDatabase(true,
          "jdbc:h2:file:" + home.resolve("journal").resolve("journal").toAbsolutePath()
              + ";DB_CLOSE_ON_EXIT=FALSE;WRITE_DELAY=0",
          "sa", "", "");
    }
    if (!url.startsWith("jdbc:postgresql:"))
      throw new IllegalArgumentException("elysia.journal.url (ELYSIACTL_DB_URL): it begins with "
          + url.substring(0, Math.min(12, url.length())).replaceAll("[^a-z:0-9]", "?")
          + " (expected: jdbc:postgresql://HOST:PORT/DATABASE)");
    if (url.replaceFirst("\\?.*", "").contains("@"))
      throw new IllegalArgumentException("elysia.journal.url (ELYSIACTL_DB_URL): a user or a "
          + "password in front of the host (expected: jdbc:postgresql://HOST:PORT/DATABASE, and "
          + "ELYSIACTL_DB_USER, ELYSIACTL_DB_PASSWORD)");
    String separator = url.contains("?") ? "&" : "?";
    String tuned = url + separator
        + "reWriteBatchedInserts=true&socketTimeout=10&connectTimeout=3&ApplicationName=elysiactl";
    return new JournalDatabase(false, tuned, optional(c, "user"), optional(c, "password"),
        c.getString("schema"));
  }

  private static String optional(Config c, String key) {
    return c.hasPath(key) ? c.getString(key) : "";
  }

  /// Brings the tables to this version's: any node may be first. Flyway's own lock is on its table;
  /// of nodes that find none, one fails at what another has begun.
  ///
  /// @throws IllegalStateException when the database cannot be reached or migrated, saying what
  ///           to do
  public void migrate(DataSource connections) {
    if (embedded) {
      migrateAlone(connections);
      return;
    }
    try (Connection holder = connections.getConnection();
        Statement lock = holder.createStatement()) {
      while (!asked(lock, "pg_try_advisory_lock"))
        Thread.sleep(TURN);
      try {
        migrateAlone(connections);
      } finally {
        asked(lock, "pg_advisory_unlock");
      }
    } catch (SQLException e) {
      throw new IllegalStateException(
          "the journal's tables cannot be brought up to date: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while another node migrates the journal", e);
    }
  }

  private static boolean asked(Statement lock, String function) throws SQLException {
    try (ResultSet answer = lock.executeQuery("SELECT " + function + "(" + LOCK + ")")) {
      return answer.next() && answer.getBoolean(1);
    }
  }

  private void migrateAlone(DataSource connections) {
    try {
      var flyway = Flyway.configure().dataSource(connections)
          .locations(embedded ? "classpath:db/h2" : "classpath:db/postgresql")
          .table("elysiactl_schema_history")
          .baselineOnMigrate(true).baselineVersion("0").connectRetries(3);
      if (!schema.isEmpty())
        flyway.schemas(schema).createSchemas(true);
      flyway.load().migrate();
      if (!embedded)
        warnOfLateCommits(connections);
    } catch (FlywayException e) {
      throw new IllegalStateException(
          "the journal's tables cannot be brought up to date: " + e.getMessage(), e);
    }
  }

  /// A database that answers before it has written loses, when it is killed, what was acknowledged.
  private static void warnOfLateCommits(DataSource connections) {
    try (Connection connection = connections.getConnection();
        ResultSet setting = connection.createStatement()
            .executeQuery("SHOW synchronous_commit")) {
      if (setting.next() && setting.getString(1).equals("off"))
        LOG.warn("the journal's PostgreSQL has synchronous_commit = off: when it crashes it loses "
            + "commands that were acknowledged (expected: on; ALTER DATABASE … SET synchronous_commit = on)");
    } catch (SQLException e) {
      LOG.debug("synchronous_commit unknown", e);
    }
  }

  /// A pool of its own for migrations and the read side.
  ///
  /// @throws IllegalStateException when the database does not answer, saying what is expected of it
  public HikariDataSource connections() {
    HikariConfig config = new HikariConfig();
    config.setPoolName("read-side");
    config.setJdbcUrl(url);
    if (!user.isEmpty())
      config.setUsername(user);
    if (!password.isEmpty())
      config.setPassword(password);
    if (!schema.isEmpty())
      config.setSchema(schema);
    config.setMaximumPoolSize(4);
    config.setMinimumIdle(1);
    config.setConnectionTimeout(3_000);
    if (embedded)
      config.setConnectionTestQuery(TEST);
    config.setInitializationFailTimeout(embedded ? 1 : 10_000); // a file is there at once or not
    try {
      return new HikariDataSource(config);
    } catch (PoolInitializationException e) {
      String why = e.getCause() == null ? e.getMessage() : e.getCause().getMessage();
      throw new IllegalStateException("the journal cannot be opened: " + why
          + (embedded
              ? " (expected: a folder that this user can write, on a disk with space)"
              : " (expected: a PostgreSQL that answers at ELYSIACTL_DB_URL and lets this user in)"),
          e);
    }
  }

  /// Settings of pekko-persistence-jdbc.
  public Config pekko() {
    Map<String, Object> db = new LinkedHashMap<>();
    String slick = "pekko-persistence-jdbc.shared-databases.slick.";
    // Slick never gives a connection back whose rollback failed, as all do of a database that
    // closed
    // itself: a pool would be empty soon. Opening another one to an open database costs next to
    // nothing.
    if (embedded)
      db.put(slick + "db.connectionPool", "disabled");
    db.put(slick + "profile", embedded ? "slick.jdbc.H2Profile$" : "slick.jdbc.PostgresProfile$");
    db.put(slick + "db.url", url);
    db.put(slick + "db.driver", embedded ? "org.h2.Driver" : "org.postgresql.Driver");
    if (!user.isEmpty())
      db.put(slick + "db.user", user);
    db.put(slick + "db.password", password);
    int connections = embedded ? 5 : 10; // numThreads must equal maxConnections
    db.put(slick + "db.numThreads", connections);
    db.put(slick + "db.maxConnections", connections);
    db.put(slick + "db.minConnections", 1);
    db.put(slick + "db.connectionTimeout", 3_000);
    if (!schema.isEmpty()) {
      db.put("jdbc-journal.tables.event_journal.schemaName", schema);
      db.put("jdbc-journal.tables.event_tag.schemaName", schema);
      db.put("jdbc-snapshot-store.tables.snapshot.schemaName", schema);
      db.put("jdbc-read-journal.tables.event_journal.schemaName", schema);
      db.put("jdbc-read-journal.tables.event_tag.schemaName", schema);
    }
    return ConfigFactory.parseMap(db);
  }
}
