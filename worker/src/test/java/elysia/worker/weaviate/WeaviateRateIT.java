package elysia.worker.weaviate;

import static elysia.testkit.store.TestChunks.MODEL;
import static elysia.testkit.store.TestChunks.REPO;
import static elysia.testkit.store.TestChunks.chunk;
import static org.assertj.core.api.Assertions.assertThat;

import elysia.core.identity.CollectionName;
import elysia.core.identity.FilePath;
import elysia.core.outcome.Outcome;
import elysia.core.rate.LocalRateBudget;
import elysia.core.store.SearchMode;
import elysia.core.store.StoreHit;
import elysia.core.store.StoreQuery;
import elysia.core.store.StoredChunk;
import elysia.core.store.WriteMode;
import elysia.core.store.WriteReport;
import elysia.testkit.clock.ManualClock;
import elysia.testkit.weaviate.Fault;
import elysia.testkit.weaviate.Fault.Kind;
import elysia.testkit.weaviate.Fault.On;
import elysia.testkit.weaviate.FaultyWeaviate;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Two stores, as of two nodes, that share what may be asked of a server. Their budget's clock
/// stands until somebody waits by it.
class WeaviateRateIT {
  private static final CollectionName NAME = new CollectionName("Docs");
  private static final List<FilePath> PATHS = List.of(new FilePath("src/f0.java"));

  private final ManualClock clock = new ManualClock();
  private FaultyWeaviate server;
  private List<WeaviateStore> stores = List.of();

  @BeforeEach
  void start() throws IOException {
    server = FaultyWeaviate.start();
  }

  @AfterEach
  void close() throws IOException {
    stores.forEach(WeaviateStore::close);
    server.close();
  }

  private void two(Map<String, ?> changed) {
    Map<String, Object> all = new HashMap<>(changed);
    all.put("class-cache", "1h");
    WeaviateSettings settings = TestStores.settings(server.url(), "", all);
    LocalRateBudget budget = new LocalRateBudget(settings.service(), settings.rate(), clock,
        clock);
    stores = List.of(TestStores.at(settings, budget), TestStores.at(settings, budget));
    stores.getFirst().create(NAME, MODEL).orElseThrow();
    stores.getLast().collection(NAME).orElseThrow();
    clock.advance(Duration.ofMinutes(1));
  }

  private static List<StoredChunk> chunks(int n) {
    List<StoredChunk> chunks = new ArrayList<>();
    for (int i = 0; i < n; i++)
      chunks.add(chunk(NAME, "src/f" + i + ".java", "text number" + i));
    return chunks;
  }

  private static Outcome<List<StoreHit>> search(WeaviateStore store) {
    return store.search(new StoreQuery(NAME, "number0", Optional.empty(), SearchMode.KEYWORD,
        List.of(), Optional.empty(), Optional.empty(), 5));
  }

  private static Outcome.Busy<?> busy(Outcome<?> outcome) {
    if (outcome instanceof Outcome.Busy<?> busy)
      return busy;
    throw new AssertionError("not busy: " + outcome);
  }

  @Test
  void whatOneIsToldHoldsTheOtherBackAndNotItsSearches() {
    two(Map.of());
    WeaviateStore one = stores.getFirst();
    WeaviateStore other = stores.getLast();
    one.write(NAME, chunks(1), WriteMode.UPSERT).orElseThrow();
    server.faults().add(Fault.next(Kind.RATE_LIMIT, On.BATCH, 1).withNumber(42));
    Outcome<WriteReport> told = one.write(NAME, chunks(1), WriteMode.UPSERT);
    assertThat(told).isInstanceOf(Outcome.Busy.class);
    assertThat(server.faults().met(Kind.RATE_LIMIT)).isEqualTo(1);
    assertThat(other.headers(NAME, REPO, PATHS)).isEqualTo(new Outcome.Busy<>("store_unavailable",
        "rate limit of " + TestStores.settings(server.url(), "", Map.of()).service(),
        Duration.ofSeconds(42)));
    assertThat(search(other).orElseThrow()).hasSize(1);
    assertThat(other.awaitPermit()).isInstanceOf(Outcome.Busy.class);
    clock.advance(Duration.ofSeconds(41));
    other.awaitPermit().orElseThrow();
    assertThat(clock.slept()).isEqualTo(Duration.ofSeconds(1));
  }

  @Test
  void serverThatIsOverloadedAndSaysForHowLongIsLeftAloneByAll() {
    two(Map.of("breaker", Map.of("failures", 100)));
    server.faults().add(Fault.next(Kind.UNAVAILABLE, On.QUERY, 1).withNumber(30));
    assertThat(stores.getFirst().headers(NAME, REPO, PATHS)).isInstanceOf(Outcome.Busy.class);
    assertThat(busy(stores.getLast().headers(NAME, REPO, PATHS)).retryAfter())
        .contains(Duration.ofSeconds(30));
    assertThat(server.faults().met(Kind.UNAVAILABLE)).isEqualTo(1);
  }

  @Test
  void twoTogetherKeepToTheConfiguredRateAndSearchesGoAtOnce() {
    two(Map.of("rate", Map.of("requests-per-minute", 60, "burst", "5s")));
    Duration begun = clock.elapsed();
    for (int i = 0; i < 10; i++)
      stores.get(i % 2).headers(NAME, REPO, PATHS).orElseThrow();
    Duration waited = clock.slept();
    assertThat(waited).isCloseTo(Duration.ofSeconds(5), Duration.ofMillis(5));
    for (int i = 0; i < 3; i++)
      search(stores.getFirst()).orElseThrow();
    assertThat(clock.slept()).isEqualTo(waited);
    assertThat(busy(stores.getFirst().headers(NAME, REPO, PATHS)).reason())
        .contains("own limit of 60 requests a minute");
    assertThat(clock.elapsed()).isEqualTo(begun.plus(waited));
  }

  @Test
  void writesGoAtOnceAndAreWaitedForByTheNextTurn() {
    two(Map.of("batch-size", 10, "rate", Map.of("requests-per-minute", 60, "burst", "5s")));
    WeaviateStore store = stores.getFirst();
    store.awaitPermit().orElseThrow();
    store.write(NAME, chunks(40), WriteMode.UPSERT).orElseThrow();
    assertThat(clock.slept()).isZero();
    stores.getLast().awaitPermit().orElseThrow();
    assertThat(clock.slept()).isCloseTo(Duration.ofSeconds(1), Duration.ofMillis(5));
  }
}
