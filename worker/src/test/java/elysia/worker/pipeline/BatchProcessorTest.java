package elysia.worker.pipeline;

import static elysia.worker.pipeline.Rig.COLLECTION;
import static elysia.worker.pipeline.Rig.index;
import static elysia.worker.pipeline.Rig.path;
import static elysia.worker.pipeline.Rig.remove;
import static elysia.worker.pipeline.Rig.text;
import static org.assertj.core.api.Assertions.assertThat;

import elysia.core.batch.Batch;
import elysia.core.batch.BatchId;
import elysia.core.batch.BatchResult;
import elysia.core.batch.FileContent;
import elysia.core.batch.FileTask;
import elysia.core.embed.Embedding;
import elysia.core.embed.EmbeddingModel;
import elysia.core.identity.CollectionName;
import elysia.core.outcome.Outcome;
import elysia.core.outcome.Problem;
import elysia.core.repository.SyncCounts;
import elysia.testkit.store.FakeVectorStore.Call;
import elysia.testkit.store.FakeVectorStore.Fault;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BatchProcessorTest {
  private final Rig rig = new Rig();

  @Test
  void theIndexHoldsExactlyWhatTheTasksSay() {
    rig.done(index("a", text("one")), index("b", text("two")), index("c", text("three")));
    rig.holds(Map.of("a", text("one"), "b", text("two"), "c", text("three")));
    rig.done(remove("a"), index("b", text("two") + "\nint more = 1;"), index("c", "short"),
        index("d", " \n"));
    rig.holds(Map.of("b", text("two") + "\nint more = 1;", "c", "short"));
  }

  @Test
  void filesThatAreLeftOutOrTakenInWithARemarkAreNamed() {
    byte[] damaged = text("one").getBytes(StandardCharsets.UTF_8);
    damaged[damaged.length / 2] = (byte) 0x81;
    BatchResult result = rig.done(index("good", text("two")), index("blank", " \n"),
        index("binary", "a\0b"),
        new FileTask.Index(Rig.path("damaged"), FileContent.of(damaged)));
    assertThat(result.notes()).extracting(note -> note.path().value() + " " + note.reason())
        .containsExactlyInAnyOrder("blank blank", "binary binary", "damaged replaced_bytes");
    assertThat(result.counts().filesIndexed()).isEqualTo(2);
    assertThat(result.counts().filesSkipped()).isEqualTo(Map.of("blank", 1L, "binary", 1L));
  }

  @Test
  void ofSeveralTasksForOnePathTheLastCounts() {
    rig.done(index("a", text("one")), remove("a"), index("b", text("x")), index("b", text("two")));
    rig.holds(Map.of("b", text("two")));
  }

  @Test
  void theSameBatchTwiceWritesOnce() {
    FileTask[] tasks = {index("a", text("one")), index("b", text("two"))};
    rig.done(tasks);
    long embedded = rig.embedder.embedded();
    BatchResult again = rig.done(tasks);
    assertThat(again.counts().chunksWritten()).isZero();
    assertThat(again.counts().chunksUnchanged()).isPositive();
    assertThat(rig.embedder.embedded()).isEqualTo(embedded);
    BatchResult redelivered = Rig.result(rig.process(rig.batch(tasks).asRedelivered()));
    assertThat(redelivered.counts().chunksWritten()).isPositive();
    assertThat(rig.embedder.embedded()).isEqualTo(embedded);
    rig.holds(Map.of("a", text("one"), "b", text("two")));
  }

  @Test
  void storeThatEmbedsIsSentTheVectorsThatAreKnownAndMakesTheRest() {
    CollectionName modules = new CollectionName("modules");
    EmbeddingModel model = new EmbeddingModel("text2vec-some", "m", 0, 256);
    rig.store.create(modules, model).orElseThrow();
    SyncCounts first = Rig.result(rig.process(new Batch(new BatchId("r", 1), modules, model,
        Rig.REPO, "c1", List.of(index("a", text("one"))), false))).counts();
    assertThat(first.chunksEmbedded()).isPositive().isEqualTo(first.chunksWritten());
    assertThat(rig.embedder.embedded()).isZero();
    rig.store.content(modules)
        .forEach(chunk -> rig.memory.put(chunk.vectorHash(), Embedding.of(new float[]{1, 0})));
    SyncCounts copy = Rig.result(rig.process(new Batch(new BatchId("r", 2), modules, model,
        Rig.REPO, "c2", List.of(index("b", text("one"))), false))).counts();
    assertThat(copy.chunksReused()).isEqualTo(first.chunksWritten());
    assertThat(copy.chunksEmbedded()).isZero();
    assertThat(rig.store.content(modules)).filteredOn(chunk -> chunk.path().equals(Rig.path("b")))
        .isNotEmpty().allMatch(chunk -> chunk.vector().isPresent());
  }

  @Test
  void otherMetadataOfTheSameContentIsWritten() {
    FileTask.Index plain = (FileTask.Index) index("a", text("one"));
    rig.done(new FileTask.Index(plain.path(), plain.content(), "{\"team\":1}"));
    long embedded = rig.embedder.embedded();
    BatchResult result = rig.done(new FileTask.Index(plain.path(), plain.content(),
        "{\"team\":2}"));
    assertThat(result.counts().chunksWritten()).isPositive();
    assertThat(rig.embedder.embedded()).isEqualTo(embedded);
    assertThat(rig.store.content(COLLECTION)).extracting(chunk -> chunk.metadata())
        .containsOnly("{\"team\":2}");
    rig.done(plain);
    assertThat(rig.store.content(COLLECTION)).extracting(chunk -> chunk.metadata())
        .containsOnly("");
  }

  @Test
  void halfAndThenWholeEndsTheSame() {
    for (int first = 1; first <= 8; first++)
      for (int second = 1; second <= 4; second++)
        for (boolean done : new boolean[]{false, true}) {
          Rig each = new Rig();
          each.done(index("a", text("one")), index("b", text("two")), index("c", text("three")));
          Faults faults = new Faults(first, first + second, done);
          each.store.failing(faults::at);
          BatchResult result = each.deliver(each.batch(index("a", text("four") + text("five")),
              remove("b"), index("c", "int c;"), index("d", text("two"))));
          assertThat(result.failures()).isEmpty();
          each.holds(Map.of("a", text("four") + text("five"), "c", "int c;", "d", text("two")));
        }
  }

  @Test
  void leftoversGoOnlyAfterTheNewChunksAreIn() {
    rig.done(index("a", text("one") + text("two")), index("b", text("three")));
    List<Call> calls = new ArrayList<>();
    rig.store.failing(call -> {
      if (call == Call.WRITE || call == Call.REMOVE)
        calls.add(call);
      if (call == Call.REMOVE)
        assertThat(rig.store.content(COLLECTION)).anyMatch(c -> c.content().contains("four1 "));
      return Optional.empty();
    });
    rig.done(index("a", text("four")), remove("b"));
    assertThat(calls).containsExactly(Call.WRITE, Call.REMOVE);
    rig.holds(Map.of("a", text("four")));
  }

  @Test
  void nothingIsEmbeddedThatTheIndexHas() {
    rig.done(index("a", text("one")));
    long embedded = rig.embedder.embedded();
    rig.done(remove("a"), index("b", text("one")), index("c", text("one")));
    assertThat(rig.embedder.embedded()).isEqualTo(embedded);
    rig.holds(Map.of("b", text("one"), "c", text("one")));
  }

  @Test
  void aVectorThatLeavesTheIndexIsRemembered() {
    rig.done(index("a", text("one")));
    rig.done(index("a", text("two")));
    rig.done(remove("a"));
    long embedded = rig.embedder.embedded();
    rig.done(index("a", text("one")), index("b", text("two")));
    assertThat(rig.embedder.embedded()).isEqualTo(embedded);
  }

  @Test
  void oneTextIsEmbeddedOnceInABatch() {
    rig.done(index("a", text("one")), index("b", text("one")));
    assertThat(rig.embedder.embedded()).isEqualTo(rig.store.content(COLLECTION).size() / 2);
  }

  @Test
  void aRejectedTextFailsItsFileAlone() {
    rig.done(index("a", text("one")), index("b", text("two")));
    rig.embedder.reject(text -> text.contains("bad") ? Optional.of("poison") : Optional.empty());
    BatchResult result = Rig.result(rig.process(rig.batch(index("a", text("bad")),
        index("b", text("three")))));
    assertThat(result.failures()).singleElement().satisfies(failure -> {
      assertThat(failure.path()).isEqualTo(path("a"));
      assertThat(failure.reason()).isEqualTo("embedding_rejected");
      assertThat(failure.message()).contains("lines 1-").contains("poison");
    });
    assertThat(result.counts().filesFailed()).isEqualTo(1);
    rig.holds(Map.of("b", text("three")));
    rig.embedder.heal();
    rig.done(index("a", text("bad")));
    rig.holds(Map.of("a", text("bad"), "b", text("three")));
  }

  @Test
  void whatTheStoreRejectsFailsItsFileAndLeavesNothingStale() {
    rig.done(index("a", text("one")), index("b", text("two")));
    rig.store.rejecting(chunk -> chunk.content().contains("bad0 ")
        ? Optional.of("no")
        : Optional.empty());
    BatchResult result = Rig.result(rig.process(rig.batch(index("a", text("bad")),
        index("b", text("three")))));
    assertThat(result.failures()).singleElement()
        .satisfies(failure -> assertThat(failure.reason()).isEqualTo("store_rejected"));
    assertThat(rig.store.content(COLLECTION)).noneMatch(c -> c.content().contains("one"))
        .anyMatch(c -> c.content().contains("bad20")).anyMatch(c -> c.content().contains("three0"));
  }

  @Test
  void aBusyEmbedderDefersAndWhatItGaveIsRemembered() {
    rig.embedder.failNextAfter(2,
        new Outcome.Busy<>("embedder_unavailable", "rate limit", Duration.ofSeconds(7)));
    Processed processed = rig.process(rig.batch(index("a", text("one"))));
    assertThat(processed).isEqualTo(new Processed.Deferred("rate limit",
        Optional.of(Duration.ofSeconds(7)), false, List.of()));
    assertThat(rig.memory).hasSize(2);
    rig.done(index("a", text("one")));
    assertThat(rig.embedder.embedded()).isEqualTo(rig.store.content(COLLECTION).size());
  }

  @Test
  void aWriteWithoutAnswerIsAnUnknownOutcomeAndALookUpIsNot() {
    for (Call call : List.of(Call.HEADERS, Call.VECTORS, Call.TURN, Call.WRITE)) {
      rig.store.failing(c -> c == call ? Optional.of(new Fault("down", false)) : Optional.empty());
      Processed processed = rig.process(rig.batch(index("a", text("one"))));
      assertThat(processed).isEqualTo(
          new Processed.Deferred("down", Optional.empty(), call == Call.WRITE, List.of()));
    }
    long embedded = rig.embedder.embedded();
    rig.store.failing(_ -> Optional.empty());
    rig.done(index("a", text("one")));
    assertThat(rig.embedder.embedded()).isEqualTo(embedded);
  }

  @Test
  void aRefusalFailsTheBatch() {
    rig.embedder.failNext(Outcome.refused("wrong_key", "key: refused"));
    assertThat(rig.process(rig.batch(index("a", text("one")))))
        .isEqualTo(new Processed.Failed(Problem.of("wrong_key", "key: refused")));
  }

  @Test
  void nothingIsWrittenAfterTheLeaseEnded() {
    rig.done(index("a", text("one")));
    rig.embedder.beforeEach(_ -> rig.clock.advance(Duration.ofHours(2)));
    assertThat(rig.process(rig.batch(index("a", text("two")))))
        .isEqualTo(new Processed.Expired(List.of()));
    rig.holds(Map.of("a", text("one")));
    long embedded = rig.embedder.embedded();
    rig.done(index("a", text("two")));
    assertThat(rig.embedder.embedded()).isEqualTo(embedded);
  }

  @Test
  void aCancelledBatchWritesNothing() {
    Lease lease = rig.lease();
    rig.embedder.beforeEach(_ -> lease.cancel());
    assertThat(rig.processor().process(rig.batch(index("a", text("one"))), lease))
        .isInstanceOf(Processed.Expired.class);
    rig.holds(Map.of());
  }

  @Test
  void aWriteThatEndsAfterTheLeaseIsNoted() {
    rig.slowWrites(Duration.ofHours(2));
    assertThat(rig.process(rig.batch(index("a", text("one")))))
        .isInstanceOfSatisfying(Processed.Done.class,
            done -> assertThat(done.late()).containsExactly(path("a")));
    assertThat(rig.process(rig.batch(index("a", "short"))))
        .isEqualTo(new Processed.Expired(List.of(path("a"))));
  }

  @Test
  void anotherModelIsRefused() {
    EmbeddingModel other = new EmbeddingModel("openai", "other", 64, 256);
    assertThat(rig.process(rig.batch(other, index("a", text("one")))))
        .isInstanceOfSatisfying(Processed.Failed.class,
            failed -> assertThat(failed.problem().code()).isEqualTo("model_mismatch"));
    assertThat(rig.embedder.calls()).isZero();
  }

  /// Two calls of the store that fail once each.
  static final class Faults {
    private final int first;
    private final int second;
    private final boolean done;
    private int calls;

    Faults(int first, int second, boolean done) {
      this.first = first;
      this.second = second;
      this.done = done;
    }

    Optional<Fault> at(@SuppressWarnings("unused") Call call) {
      calls++;
      return calls == first || calls == second
          ? Optional.of(new Fault("down", done))
          : Optional.empty();
    }
  }
}
