package elysia.coordinator.verify;

import static org.assertj.core.api.Assertions.assertThat;

import elysia.coordinator.repository.LineChunker;
import elysia.coordinator.sync.FakeSource;
import elysia.core.identity.CollectionName;
import elysia.core.identity.FilePath;
import elysia.core.outcome.Backoff;
import elysia.core.outcome.Outcome;
import elysia.core.repository.IndexingRules;
import elysia.core.repository.RepositorySettings;
import elysia.core.repository.VerifyReport;
import elysia.core.source.SourceSpec;
import elysia.core.store.StoredChunk;
import elysia.core.store.WriteMode;
import elysia.testkit.clock.ManualClock;
import elysia.testkit.store.FakeVectorStore;
import elysia.testkit.store.TestChunks;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class VerifierTest {
  private static final CollectionName COLLECTION = new CollectionName("c");

  private final FakeSource source = new FakeSource();
  private final FakeVectorStore store = new FakeVectorStore();

  VerifierTest() {
    store.create(COLLECTION, TestChunks.MODEL).orElseThrow();
  }

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private final ManualClock clock = new ManualClock();

  private Verification verify(boolean deep, Optional<String> commit) {
    RepositorySettings settings = new RepositorySettings(
        new SourceSpec(TestChunks.REPO, "/repo", Optional.empty(), Optional.empty()), COLLECTION,
        new IndexingRules(List.of(), List.of("*.log"), 100), Optional.empty(), TestChunks.MODEL);
    Duration wait = Duration.ofSeconds(7);
    RetryPolicy retry = new RetryPolicy(new Backoff(wait, wait, wait), PATIENCE, () -> 0L, clock);
    return new Verifier(source, store, new LineChunker(), clock, retry).verify(settings, commit,
        deep, false);
  }

  private static List<StoredChunk> chunks(String path, String text) {
    return LineChunker.stored(COLLECTION, TestChunks.REPO, path,
        text.getBytes(StandardCharsets.UTF_8));
  }

  private void write(List<StoredChunk> chunks) {
    store.write(COLLECTION, chunks, WriteMode.UPSERT).orElseThrow();
  }

  private void changed(String path, String text, UnaryOperator<StoredChunk> change) {
    write(chunks(path, text).stream().map(change).toList());
  }

  private static StoredChunk with(StoredChunk c, int start, int end, String contentHash,
      String vectorHash, String fileHash) {
    return new StoredChunk(c.id(), c.repo(), c.path(), c.language(), c.commit(), c.chunk(), start,
        end, c.content(), contentHash, vectorHash, fileHash, c.sizeBytes(), c.lastIndexed(),
        c.symbols(), c.metadata(), c.vector());
  }

  private static List<String> shown(VerifyReport report) {
    return report.differences().stream().map(d -> d.kind() + " " + d.path() + "#" + d.chunk())
        .toList();
  }

  @Test
  void indexInStepHasNoDifferences() {
    source.commit("1", Map.of("a", "1\n2", "b", "3"));
    write(chunks("a", "1\n2"));
    write(chunks("b", "3"));
    VerifyReport report = verify(true, Optional.of("1")).report();
    assertThat(report.state()).isEqualTo("done");
    assertThat(report.total()).isZero();
    assertThat(report.files()).isEqualTo(2);
    assertThat(report.chunks()).isEqualTo(3);
  }

  @Test
  void repositoryThatCameFromAnotherNodeIsClonedFirst() {
    source.commit("1", Map.of("a", "1\n2")).elsewhere("1");
    write(chunks("a", "1\n2"));
    source.nextPull(new Outcome.Busy<>("source_unavailable", "the remote is away"));
    assertThat(verify(false, Optional.of("1")).report().error()).contains("the remote is away");
    assertThat(verify(false, Optional.of("1")).report().state()).isEqualTo("done");
    assertThat(verify(false, Optional.of("1")).report().files()).isEqualTo(1);
    assertThat(source.pulled()).isEqualTo(2);
  }

  @Test
  void eachKindOfDifferenceIsTold() {
    source.commit("1", Map.of("missing", "1\n2", "content", "1", "vector", "1", "file", "1",
        "lines", "1", "longer", "1"));
    write(List.of(chunks("missing", "1\n2").getFirst()));
    changed("content", "1", c -> with(c, 1, 1, "other", c.vectorHash(), c.fileHash()));
    changed("vector", "1", c -> with(c, 1, 1, c.contentHash(), "other", c.fileHash()));
    changed("file", "1", c -> with(c, 1, 1, c.contentHash(), c.vectorHash(), "other"));
    changed("lines", "1",
        c -> with(c, 2, 2, c.contentHash(), c.vectorHash(), c.fileHash()));
    write(List.of(chunks("longer", "1\n2").get(1)));
    write(chunks("longer", "1"));
    write(chunks("stray", "9"));
    Verification found = verify(false, Optional.of("1"));
    assertThat(shown(found.report())).containsExactlyInAnyOrder("missing missing#1",
        "stale content#0", "stale vector#0", "stale file#0", "wrong_lines lines#0",
        "extra longer#1", "extra stray#0");
    assertThat(found.report().missing()).isEqualTo(1);
    assertThat(found.report().stale()).isEqualTo(3);
    assertThat(found.report().wrongLines()).isEqualTo(1);
    assertThat(found.report().extra()).isEqualTo(2);
    assertThat(found.differing()).hasSize(7);
    assertThat(found.more()).isFalse();
  }

  @Test
  void chunkThatIsNotFoundByItsOwnVectorIsToldWhenLookedFor() {
    source.commit("1", Map.of("a", "1", "b", "2"));
    write(chunks("a", "1"));
    write(chunks("b", "2"));
    store.hiding(chunk -> chunk.path().equals(new FilePath("b")));
    assertThat(verify(false, Optional.of("1")).report().total()).isZero();
    assertThat(shown(verify(true, Optional.of("1")).report()))
        .containsExactly("unsearchable b#0");
  }

  private void busy(Map<FakeVectorStore.Call, Integer> times) {
    Map<FakeVectorStore.Call, Integer> left = new HashMap<>(times);
    store.failing(call -> left.merge(call, -1, Integer::sum) >= 0
        ? Optional.of(new FakeVectorStore.Fault("out of breath", true))
        : Optional.empty());
  }

  @Test
  void storeThatIsBusyForAWhileIsWaitedFor() {
    source.commit("1", Map.of("a", "1", "b", "2"));
    write(chunks("a", "1"));
    write(chunks("stray", "9"));
    busy(Map.of(FakeVectorStore.Call.HEADERS, 3, FakeVectorStore.Call.UNSEARCHABLE, 2,
        FakeVectorStore.Call.LIST, 4));
    Verification found = verify(true, Optional.of("1"));
    assertThat(found.report().state()).isEqualTo("done");
    assertThat(shown(found.report())).containsExactlyInAnyOrder("missing b#0", "extra stray#0");
    assertThat(found.report().extra()).isEqualTo(1);
    assertThat(clock.slept()).isEqualTo(Duration.ofSeconds(9 * 7));
  }

  @Test
  void storeThatStaysBusyEndsTheVerifyAfterAMinute() {
    source.commit("1", Map.of("a", "1"));
    busy(Map.of(FakeVectorStore.Call.HEADERS, 1_000));
    VerifyReport report = verify(false, Optional.of("1")).report();
    assertThat(report.state()).isEqualTo("failed");
    assertThat(report.error().orElseThrow())
        .isEqualTo("out of breath (tried 9 times within 56 s; verify again when it is well)");
    assertThat(clock.slept()).isLessThanOrEqualTo(PATIENCE);
  }

  @Test
  void whatIsLeftOutIsCountedByReasonAndMustNotBeStored() {
    source.commit("1",
        Map.of("a.log", "1", "big", "x".repeat(101), "bin", "\0", "blank", "\n", "ok", "1"))
        .odd("1", "link");
    write(chunks("ok", "1"));
    VerifyReport clean = verify(false, Optional.of("1")).report();
    assertThat(clean.total()).isZero();
    assertThat(clean.skipped()).containsOnly(Map.entry("pattern", 1L), Map.entry("too_large", 1L),
        Map.entry("binary", 1L), Map.entry("blank", 1L), Map.entry("not_a_file", 1L));
    for (String path : List.of("a.log", "big", "bin", "blank", "link"))
      write(chunks(path, "x"));
    assertThat(shown(verify(false, Optional.of("1")).report())).containsExactlyInAnyOrder(
        "extra a.log#0", "extra big#0", "extra bin#0", "extra blank#0", "extra link#0");
  }

  @Test
  void repositoryWithoutCommitsHasNothingInTheIndex() {
    assertThat(verify(true, Optional.empty()).report().total()).isZero();
    write(chunks("a", "1"));
    assertThat(shown(verify(true, Optional.empty()).report())).containsExactly("extra a#0");
  }

  @Test
  void listOfDifferencesIsBoundedAndTheCountsAreNot() {
    Map<String, String> files = new HashMap<>();
    for (int i = 0; i < 1_500; i++)
      files.put("f" + i, "1\n2");
    source.commit("1", files);
    for (int i = 0; i < 1_200; i++)
      write(chunks("stray" + i, "1"));
    Verification found = verify(false, Optional.of("1"));
    assertThat(found.report().missing()).isEqualTo(3_000);
    assertThat(found.report().extra()).isEqualTo(1_200);
    assertThat(found.report().differences()).hasSize(VerifyReport.MAX_DIFFERENCES);
    assertThat(found.differing()).hasSize(Verification.MAX_FILES);
    assertThat(found.more()).isTrue();
  }

  @Test
  void storeOrSourceThatDoesNotAnswerEndsTheVerifyWithItsReason() {
    source.commit("1", Map.of("a", "1"));
    VerifyReport gone = verify(false, Optional.of("2")).report();
    assertThat(gone.state()).isEqualTo("failed");
    assertThat(gone.error()).contains("no commit 2");
    store.failing(_ -> Optional.of(new FakeVectorStore.Fault("down", false)));
    assertThat(verify(false, Optional.of("1")).report().error().orElseThrow())
        .startsWith("down");
    assertThat(source.open()).isZero();
  }
}
