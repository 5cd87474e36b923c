package elysia.coordinator.feed;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import elysia.core.batch.BatchResult;
import elysia.core.batch.FileTask;
import elysia.core.change.Change;
import elysia.core.change.ChangeReader;
import elysia.core.change.ChangeSettings;
import elysia.core.change.Line;
import elysia.core.feed.Applied;
import elysia.core.identity.FilePath;
import elysia.core.repository.SyncCounts;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ChangeBatchesTest {
  private final FeedSettings settings = FeedSettings.from(ConfigFactory.load());

  private ChangeBatches plan(String... lines) throws IOException {
    ChangeReader reader = new ChangeReader(
        new ByteArrayInputStream(String.join("\n", lines).getBytes(StandardCharsets.UTF_8)),
        ChangeSettings.from(ConfigFactory.load()));
    List<Change> changes = new ArrayList<>();
    for (Optional<Line> line = reader.next(); line.isPresent(); line = reader.next())
      if (line.get() instanceof Line.ChangeLine(var change, _))
        changes.add(change);
    return new ChangeBatches(changes, Set.of("kept"), settings);
  }

  @Test
  void eachOperationBecomesItsTasks() throws IOException {
    ChangeBatches plan = plan("{\"repo\":\"r\",\"op\":\"add\",\"path\":\"a\",\"content\":\"x\"}",
        "{\"repo\":\"r\",\"op\":\"delete\",\"path\":\"b\"}",
        "{\"repo\":\"r\",\"op\":\"rename\",\"path\":\"c\",\"new_path\":\"d\"}",
        "{\"repo\":\"r\",\"op\":\"rename\",\"path\":\"e\",\"new_path\":\"f\",\"content\":\"y\"}",
        "{\"repo\":\"r\",\"op\":\"add\",\"path\":\"g\",\"skip_index\":true}");
    assertThat(plan.batches()).singleElement().satisfies(part -> {
      assertThat(part.tasks()).extracting(task -> task.getClass().getSimpleName() + " "
          + task.path()).containsExactly("Index a", "Remove b", "Move c", "Index f", "Remove e",
              "Remove g");
      Applied applied = part.applied(new BatchResult(SyncCounts.NONE, List.of()));
      assertThat(applied.totals()).extracting("updated", "added", "deleted", "skipped")
          .containsExactly(2L, 1L, 1L, 1L);
    });
  }

  @Test
  void linesThatOnlyAClientCanResolveAreRefusedOneByOne() throws IOException {
    ChangeBatches plan = plan("{\"repo\":\"r\",\"op\":\"add\",\"path\":\"a\"}",
        "{\"repo\":\"r\",\"op\":\"add\",\"path\":\"b\",\"content_ref\":\"/etc/hosts\"}", "c",
        "{\"repo\":\"kept\",\"op\":\"delete\",\"path\":\"d\"}");
    assertThat(plan.batches()).isEmpty();
    assertThat(plan.refused().failures())
        .extracting(failure -> failure.line() + " " + failure.error().code())
        .containsExactly("1 no_content", "2 no_content", "3 no_repository",
            "4 managed_repository");
  }

  @Test
  void failureBelongsToTheLastLineOfItsPath() throws IOException {
    ChangeBatches plan = plan("{\"repo\":\"r\",\"op\":\"add\",\"path\":\"a\",\"content\":\"x\"}",
        "{\"repo\":\"r\",\"op\":\"modify\",\"path\":\"a\",\"content\":\"y\"}");
    Applied applied = plan.batches().getFirst().applied(new BatchResult(SyncCounts.NONE,
        List.of(new BatchResult.Failure(new FilePath("a"), "store_rejected", "no"))));
    assertThat(applied.failures()).singleElement()
        .satisfies(failure -> assertThat(failure.line()).isEqualTo(2));
    assertThat(applied.totals()).extracting("added", "updated", "failed")
        .containsExactly(1L, 0L, 1L);
  }

  @Test
  void batchesAreBoundedAndKeepOneRepositoryAndCommit() throws IOException {
    String[] lines = new String[250];
    for (int i = 0; i < lines.length; i++)
      lines[i] = "{\"repo\":\"r" + (i % 2) + "\",\"op\":\"delete\",\"path\":\"p" + i + "\"}";
    assertThat(plan(lines).batches()).extracting(part -> part.repo() + " " + part.tasks().size())
        .containsExactly("r0 100", "r1 100", "r0 25", "r1 25");
    assertThat(plan("{\"repo\":\"r\",\"op\":\"delete\",\"path\":\"a\",\"commit\":\"1\"}",
        "{\"repo\":\"r\",\"op\":\"delete\",\"path\":\"b\",\"commit\":\"2\"}").batches())
        .hasSize(2);
  }

  @Test
  void batchHasNoOtherChangeOfAMovedFilesPaths() throws IOException {
    ChangeBatches plan = plan(
        "{\"repo\":\"r\",\"op\":\"rename\",\"path\":\"a\",\"new_path\":\"b\"}",
        "{\"repo\":\"r\",\"op\":\"rename\",\"path\":\"x\",\"new_path\":\"y\"}",
        "{\"repo\":\"r\",\"op\":\"rename\",\"path\":\"b\",\"new_path\":\"c\"}",
        "{\"repo\":\"r\",\"op\":\"add\",\"path\":\"a\",\"content\":\"1\"}",
        "{\"repo\":\"r\",\"op\":\"add\",\"path\":\"a\",\"content\":\"2\"}",
        "{\"repo\":\"r\",\"op\":\"rename\",\"path\":\"d\",\"new_path\":\"a\"}");
    assertThat(plan.batches()).extracting(part -> part.tasks().size()).containsExactly(2, 3, 1);
  }

  @Test
  void fileOverTheLimitLeavesTheIndex() throws IOException {
    ChangeBatches plan = plan("{\"repo\":\"r\",\"op\":\"modify\",\"path\":\"a\",\"content\":\""
        + "x".repeat(1_000_001) + "\"}");
    assertThat(plan.batches().getFirst().tasks())
        .containsExactly(new FileTask.Remove(new FilePath("a")));
  }
}
