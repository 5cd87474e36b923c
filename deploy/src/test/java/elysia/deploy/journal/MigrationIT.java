package elysia.deploy.journal;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.zaxxer.hikari.HikariDataSource;
import elysia.deploy.harness.Postgres;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Nodes that are started together on a database that is new to them.
class MigrationIT {
  private static final int NODES = 4;
  private static final int DATABASES = 2;

  @TempDir
  private Path folder;

  private JournalDatabase journal(String url, String schema) {
    Config config = ConfigFactory.parseMap(Map.of("elysia.journal.url", url,
        "elysia.journal.schema", schema));
    return JournalDatabase.from(config, folder);
  }

  /// @return what each says that failed
  private List<String> together(String url, String schema) {
    CyclicBarrier start = new CyclicBarrier(NODES);
    List<CompletableFuture<String>> nodes = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < NODES; i++)
        nodes.add(CompletableFuture.supplyAsync(() -> {
          JournalDatabase journal = journal(url, schema);
          try (HikariDataSource connections = journal.connections()) {
            start.await(1, TimeUnit.MINUTES);
            journal.migrate(connections);
            return "";
          } catch (Exception e) {
            return e.toString();
          }
        }, threads));
      return nodes.stream().map(CompletableFuture::join).filter(text -> !text.isEmpty()).toList();
    }
  }

  @Test
  void anyNodeMayBeFirst() throws IOException, SQLException {
    List<String> failures = new ArrayList<>();
    try (Postgres postgres = Postgres.start(folder.resolve("postgres"))) {
      for (int i = 0; i < DATABASES; i++) {
        try (Connection connection = DriverManager.getConnection(postgres.url());
            Statement statement = connection.createStatement()) {
          statement.execute("CREATE DATABASE fresh" + i);
        }
        String url = postgres.url().replace("/postgres?", "/fresh" + i + "?");
        failures.addAll(together(url, ""));
        failures.addAll(together(url, "elysia_" + i));
      }
    }
    assertThat(failures).isEmpty();
  }
}
