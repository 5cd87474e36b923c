package elysia.coordinator.view;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;
import org.h2.jdbcx.JdbcDataSource;

/// The node's tables in memory.
public final class ViewDatabase {
  /// The very migration that the node runs.
  private static final Path TABLES = Path
      .of("../deploy/src/main/resources/db/h2/V1__journal_and_view.sql");

  private ViewDatabase() {}

  public static JdbcDataSource create() {
    JdbcDataSource database = new JdbcDataSource();
    database.setURL("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
    try {
      execute(database, Files.readString(TABLES));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return database;
  }

  public static void drop(JdbcDataSource database) {
    execute(database, "SHUTDOWN");
  }

  private static void execute(JdbcDataSource database, String sql) {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
