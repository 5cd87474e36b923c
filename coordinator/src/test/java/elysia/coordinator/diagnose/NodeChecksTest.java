package elysia.coordinator.diagnose;

import static org.assertj.core.api.Assertions.assertThat;

import elysia.core.diagnose.Check;
import elysia.core.diagnose.Check.Area;
import elysia.core.diagnose.Check.Status;
import elysia.core.embed.Embedder;
import elysia.core.embed.EmbeddingModel;
import elysia.core.identity.CollectionName;
import elysia.core.identity.FilePath;
import elysia.core.identity.RepositoryName;
import elysia.core.outcome.Outcome;
import elysia.core.outcome.Unit;
import elysia.core.repository.IndexingRules;
import elysia.core.repository.RepositorySettings;
import elysia.core.source.Changes;
import elysia.core.source.Pulled;
import elysia.core.source.Source;
import elysia.core.source.SourceChange;
import elysia.core.source.SourceSpec;
import elysia.core.store.StoreHealth;
import elysia.testkit.embed.FakeEmbedder;
import elysia.testkit.store.FakeVectorStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeChecksTest {
  private static final CollectionName COLLECTION = new CollectionName("demo");
  private static final DiagnoseSettings PATIENT = new DiagnoseSettings(Duration.ofMinutes(1), 0, 0);

  @TempDir
  Path home = Path.of("");
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final FakeVectorStore store = new FakeVectorStore();
  private final FakeEmbedder embedder = new FakeEmbedder();
  private final CountDownLatch released = new CountDownLatch(1);
  private StoreHealth journal = new StoreHealth(true, "answers");
  private boolean hanging;

  @AfterEach
  void end() {
    released.countDown();
    threads.close();
  }

  private static RepositorySettings settings(EmbeddingModel model) {
    return new RepositorySettings(new SourceSpec(new RepositoryName("demo"), "/r",
        Optional.empty(), Optional.empty()), COLLECTION,
        new IndexingRules(List.of(), List.of(), 1_000), Optional.empty(), model);
  }

  private List<Check> look(DiagnoseSettings settings, EmbeddingModel model) {
    return new NodeChecks(new Remote(), store, embedder, Map.of("clones", home), () -> journal,
        settings, threads).look(Optional.of(settings(model)), false);
  }

  private List<Check> look() {
    return look(PATIENT, embedder.model());
  }

  private static Check one(List<Check> checks, Area area, String name) {
    return checks.stream().filter(c -> c.area() == area && c.name().equals(name)).findFirst()
        .orElseThrow();
  }

  @Test
  void whereAllIsWellEveryCheckIsOk() {
    store.create(COLLECTION, embedder.model());
    assertThat(look()).extracting(Check::status).containsOnly(Status.OK);
    assertThat(look()).extracting(Check::area).containsExactly(Area.CONNECTIVITY, Area.STORE,
        Area.STORE, Area.STORE, Area.EMBEDDER, Area.DISK, Area.JOURNAL);
  }

  @Test
  void storeThatIsDownHidesNothingElse() {
    store.failing(_ -> Optional.of(new FakeVectorStore.Fault("connection refused", false)));
    List<Check> checks = look();
    assertThat(one(checks, Area.STORE, "reachable"))
        .returns(Status.FAILED, Check::status)
        .satisfies(c -> assertThat(c.message()).contains("connection refused"))
        .satisfies(c -> assertThat(c.consequence()).isNotEmpty())
        .satisfies(c -> assertThat(c.advice()).isNotEmpty());
    assertThat(one(checks, Area.EMBEDDER, "embedder").status()).isEqualTo(Status.OK);
  }

  @Test
  void storeThatOnlyRefusesWritesIsTold() {
    store.create(COLLECTION, embedder.model());
    store.failing(call -> call == FakeVectorStore.Call.REMOVE
        ? Optional.of(new FakeVectorStore.Fault("store is read-only", false))
        : Optional.empty());
    List<Check> checks = look();
    assertThat(one(checks, Area.STORE, "reachable").status()).isEqualTo(Status.OK);
    assertThat(one(checks, Area.STORE, "writable"))
        .returns(Status.FAILED, Check::status)
        .satisfies(c -> assertThat(c.message()).contains("read-only"));
  }

  @Test
  void missingCollectionIsMadeByAFullSync() {
    assertThat(one(look(), Area.STORE, "collection"))
        .returns(Status.FAILED, Check::status)
        .returns(List.of("elysiactl repo sync demo --full"), Check::commands);
  }

  @Test
  void rateLimitIsAWarningWithItsWait() {
    embedder.failNext(new Outcome.Busy<List<Embedder.Embedded>>("embedder_unavailable",
        "rate limit of the service",
        Duration.ofSeconds(42)));
    assertThat(one(look(), Area.EMBEDDER, "embedder"))
        .returns(Status.WARNING, Check::status)
        .satisfies(c -> assertThat(c.message()).contains("waiting 42 s: rate limit"));
  }

  @Test
  void nodeWithAnotherModelIsTold() {
    EmbeddingModel other = new EmbeddingModel("openai", "other", 3, 256);
    store.create(COLLECTION, other);
    List<Check> checks = look(PATIENT, other);
    assertThat(one(checks, Area.EMBEDDER, "embedder").status()).isEqualTo(Status.FAILED);
    assertThat(one(checks, Area.STORE, "collection").status()).isEqualTo(Status.OK);
  }

  @Test
  void fullDiskAndFolderThatIsNoneAreTold() throws Exception {
    DiagnoseSettings nothingIsEnough = new DiagnoseSettings(Duration.ofMinutes(1), Long.MAX_VALUE,
        Long.MAX_VALUE);
    assertThat(one(look(nothingIsEnough, embedder.model()), Area.DISK, "clones").status())
        .isEqualTo(Status.FAILED);
    DiagnoseSettings low = new DiagnoseSettings(Duration.ofMinutes(1), Long.MAX_VALUE, 0);
    assertThat(one(look(low, embedder.model()), Area.DISK, "clones").status())
        .isEqualTo(Status.WARNING);
    try (var left = Files.list(home)) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void journalThatIsDownIsTold() {
    journal = new StoreHealth(false, "does not answer since noon");
    assertThat(one(look(), Area.JOURNAL, "journal"))
        .returns(Status.FAILED, Check::status)
        .satisfies(c -> assertThat(c.message()).contains("since noon"));
  }

  @Test
  void whatHangsIsToldAndTheRestIsThere() {
    hanging = true;
    store.create(COLLECTION, embedder.model());
    List<Check> checks = look(new DiagnoseSettings(Duration.ofMillis(300), 0, 0),
        embedder.model());
    assertThat(one(checks, Area.CONNECTIVITY, "remote"))
        .returns(Status.FAILED, Check::status)
        .satisfies(c -> assertThat(c.message()).startsWith("No answer within"));
    assertThat(checks).extracting(Check::area).contains(Area.STORE, Area.JOURNAL);
  }

  /// A source that is only inspected.
  private final class Remote implements Source {
    @Override
    public List<Check> inspect(SourceSpec spec, boolean withClone) {
      try {
        if (hanging)
          released.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      return List.of(Check.ok(Area.CONNECTIVITY, "remote", "It answers."));
    }

    @Override
    public Outcome<Pulled> check(SourceSpec spec) {
      throw new AssertionError("it is only inspected");
    }

    @Override
    public Outcome<Pulled> pull(SourceSpec spec) {
      throw new AssertionError("it is only inspected");
    }

    @Override
    public Outcome<Changes> changes(SourceSpec spec, Optional<String> from, String to) {
      throw new AssertionError("it is only inspected");
    }

    @Override
    public boolean reachable(SourceSpec spec, String commit) {
      throw new AssertionError("it is only inspected");
    }

    @Override
    public Outcome<List<SourceChange>> lookup(SourceSpec spec, String commit,
        Collection<FilePath> paths) {
      throw new AssertionError("it is only inspected");
    }

    @Override
    public Outcome<Unit> forget(SourceSpec spec) {
      throw new AssertionError("it is only inspected");
    }
  }
}
