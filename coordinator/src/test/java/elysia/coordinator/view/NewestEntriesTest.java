package elysia.coordinator.view;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.NullNode;
import elysia.core.repository.LogEntry;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class NewestEntriesTest {
  private final NewestEntries newest = new NewestEntries(3);

  @Test
  void oldestMakeRoom() {
    for (int i = 1; i <= 5; i++)
      newest.add(entry("app", i));
    assertThat(sequences()).containsExactly(3L, 4L, 5L);
  }

  @Test
  void linesOfARemovedRepositoryAreForgotten() {
    newest.add(entry("app", 1));
    newest.add(entry("lib", 2));
    newest.remove("app");
    assertThat(sequences()).containsExactly(2L);
    newest.remove("lib");
    assertThat(newest.isEmpty()).isTrue();
  }

  private List<Long> sequences() {
    return newest.list().stream().map(entry -> entry.line().seq()).toList();
  }

  private static ViewStore.Entry entry(String name, long sequence) {
    return new ViewStore.Entry(name, new LogEntry(sequence, Instant.EPOCH, "type",
        "line " + sequence, NullNode.instance));
  }
}
