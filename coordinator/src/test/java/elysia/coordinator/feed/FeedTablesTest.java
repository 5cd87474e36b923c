package elysia.coordinator.feed;

import static org.assertj.core.api.Assertions.assertThat;

import elysia.core.feed.Upload;
import elysia.testkit.clock.ManualClock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FeedTablesTest {
  private static final Path MIGRATIONS = Path.of("../deploy/src/main/resources/db/h2");
  private static final Duration DAY = Duration.ofDays(1);
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final String BODY = "f".repeat(64);

  private final JdbcDataSource database = new JdbcDataSource();

  @BeforeEach
  void create() throws Exception {
    database.setURL("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      for (String name : List.of("V1__journal_and_view", "V2__feed", "V5__change_queue",
          "V6__upload_fingerprint"))
        statement.execute(Files.readString(MIGRATIONS.resolve(name + ".sql")));
    }
  }

  @AfterEach
  void drop() throws Exception {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("SHUTDOWN");
    }
  }

  private FeedTables node(ManualClock clock) {
    return new FeedTables(database, "", clock, DAY);
  }

  private static void acknowledged(FeedTables tables, long lines) throws Exception {
    assertThat(tables.acknowledge("code", tables.begin("code", "k"), lines, BODY)).isTrue();
  }

  private long known(FeedTables tables) throws Exception {
    return tables.begin("code", "k").acknowledged();
  }

  @Test
  void uploadIsForgottenADayAfterItWasLastHeardOf() throws Exception {
    ManualClock clock = new ManualClock();
    FeedTables tables = node(clock);
    acknowledged(tables, 7);
    clock.advance(DAY.minus(MINUTE));
    assertThat(known(tables)).as("heard of again").isEqualTo(7);
    clock.advance(DAY.plus(MINUTE));
    assertThat(known(tables)).isZero();
  }

  @Test
  void wallClockThatJumpsForgetsNothing() throws Exception {
    acknowledged(node(new ManualClock()), 7);
    ManualClock other = new ManualClock();
    other.advance(DAY.multipliedBy(400)); // as of a machine whose clock is wrong
    FeedTables restarted = node(other);
    assertThat(known(restarted)).isEqualTo(7);
    other.advance(DAY.minus(MINUTE));
    assertThat(known(restarted)).isEqualTo(7);
  }

  @Test
  void uptimeOfSeveralNodesIsNotAddedUp() throws Exception {
    ManualClock clock = new ManualClock();
    List<FeedTables> nodes = List.of(node(clock), node(clock), node(clock));
    acknowledged(nodes.getFirst(), 7);
    nodes.get(1).begin("code", "other");
    nodes.get(2).begin("code", "other");
    for (int hour = 0; hour < 23; hour++) {
      clock.advance(Duration.ofHours(1));
      for (FeedTables node : nodes)
        node.begin("code", "other");
    }
    assertThat(known(nodes.getFirst())).isEqualTo(7);
    for (int hour = 0; hour < 50; hour++) {
      clock.advance(Duration.ofHours(1));
      for (FeedTables node : nodes)
        node.begin("code", "other");
    }
    assertThat(known(nodes.getFirst())).isZero();
  }

  @Test
  void fingerprintIsThatOfTheLastAcknowledgedLine() throws Exception {
    FeedTables tables = node(new ManualClock());
    Upload first = tables.begin("code", "k");
    assertThat(first.fingerprint()).isEmpty();
    tables.acknowledge("code", first, 7, BODY);
    tables.acknowledge("code", first, 3, "0".repeat(64)); // an earlier line, done once more
    Upload second = tables.begin("code", "k");
    assertThat(second.acknowledged()).isEqualTo(7);
    assertThat(second.fingerprint()).contains(BODY);
    assertThat(tables.acknowledge("code", first, 9, BODY)).as("of the attempt before").isFalse();
  }
}
