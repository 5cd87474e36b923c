package elysia.coordinator.view;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import elysia.core.repository.LogEntry;
import elysia.core.repository.RepositoryStatus;
import elysia.core.repository.RepositoryStatus.State;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

public class ViewStoreTest {
  private static final Instant AT = Instant.parse("2026-03-04T05:06:07.089Z");
  private final JdbcDataSource database = ViewDatabase.create();
  private final ViewStore store = new ViewStore(database, "");

  @AfterEach
  void drop() {
    ViewDatabase.drop(database);
  }

  public static RepositoryStatus status(String name, String collection, State state) {
    return new RepositoryStatus(name, "/repo", collection, Optional.empty(), Optional.empty(),
        List.of("src/**"), List.of(), 1_000, "embedded", "m", state, "in step", false, false,
        Optional.of("c1"), Optional.of(AT), Optional.empty(), Optional.empty(), Optional.of(0.5),
        Optional.of(3L), Optional.of(9L), Optional.empty(), Optional.empty(), Optional.empty(), 0,
        Optional.empty(), List.of("note"), Optional.of("node"));
  }

  private static ViewStore.Row row(String name, long seq, State state) {
    return new ViewStore.Row(name, seq, status(name, "c", state));
  }

  private static ViewStore.Entry line(String name, long seq) {
    return new ViewStore.Entry(name, new LogEntry(seq, AT.plusMillis(seq), "type", "line " + seq,
        JsonNodeFactory.instance.objectNode().put("n", (int) seq)));
  }

  private void rows(ViewStore.Row... rows) throws SQLException {
    store.write(List.of(rows), List.of(), List.of());
  }

  @Test
  void statusComesBackAsItWasWritten() throws SQLException {
    rows(row("app", 1, State.IDLE));
    assertThat(store.one("app")).contains(status("app", "c", State.IDLE));
    assertThat(store.one("other")).isEmpty();
  }

  @Test
  void pagesFollowEachOtherByName() throws SQLException {
    rows(row("b", 1, State.IDLE), row("a", 1, State.IDLE), row("d", 1, State.IDLE),
        row("c", 1, State.IDLE));
    assertThat(names(store.list(Optional.empty(), 3))).containsExactly("a", "b", "c");
    assertThat(names(store.list(Optional.of("c"), 3))).containsExactly("d");
    assertThat(store.list(Optional.of("d"), 3)).isEmpty();
  }

  private static List<String> names(List<RepositoryStatus> rows) {
    return rows.stream().map(RepositoryStatus::name).toList();
  }

  @Test
  void olderStatusIsPassedOver() throws SQLException {
    rows(row("app", 5, State.SYNCING));
    rows(row("app", 4, State.PULLING));
    assertThat(store.one("app").orElseThrow().state()).isEqualTo(State.SYNCING);
    rows(row("app", 5, State.WAITING));
    assertThat(store.one("app").orElseThrow().state()).isEqualTo(State.WAITING);
  }

  @Test
  void repositoriesOfACollectionAreFound() throws SQLException {
    rows(row("a", 1, State.IDLE), new ViewStore.Row("b", 1, status("b", "other", State.IDLE)));
    assertThat(names(store.inCollection("other"))).containsExactly("b");
  }

  @Test
  void removedRepositoryLeavesNothing() throws SQLException {
    store.write(List.of(row("a", 1, State.IDLE), row("b", 1, State.IDLE)), List.of(),
        List.of(line("a", 1), line("b", 1)));
    store.write(List.of(), List.of("a"), List.of());
    assertThat(names(store.list(Optional.empty(), 9))).containsExactly("b");
    assertThat(store.history("a", Optional.empty(), 9)).isEmpty();
    assertThat(store.history("b", Optional.empty(), 9)).hasSize(1);
  }

  @Test
  void historyIsReadFromItsEndOrAfterACursor() throws SQLException {
    store.write(List.of(), List.of(),
        List.of(line("a", 1), line("a", 2), line("a", 4), line("a", 7), line("b", 9)));
    assertThat(numbers(store.history("a", Optional.empty(), 2))).containsExactly(4L, 7L);
    assertThat(numbers(store.history("a", Optional.of(1L), 2))).containsExactly(2L, 4L);
    assertThat(store.history("a", Optional.of(7L), 2)).isEmpty();
    assertThat(store.history("a", Optional.of(4L), 2)).containsExactly(line("a", 7).line());
  }

  private static List<Long> numbers(List<LogEntry> lines) {
    return lines.stream().map(LogEntry::seq).toList();
  }

  @Test
  void lineWrittenTwiceStandsThereOnce() throws SQLException {
    store.write(List.of(), List.of(), List.of(line("a", 1), line("a", 1)));
    store.write(List.of(), List.of(), List.of(line("a", 1), line("a", 2)));
    assertThat(numbers(store.history("a", Optional.empty(), 9))).containsExactly(1L, 2L);
  }

  @Test
  void historyIsTrimmed() throws SQLException {
    List<ViewStore.Entry> lines = new ArrayList<>(List.of(line("a", 1), line("a", 500)));
    lines.add(line("a", 10_400));
    store.write(List.of(), List.of(), lines);
    assertThat(numbers(store.history("a", Optional.empty(), 9))).containsExactly(500L, 10_400L);
  }
}
