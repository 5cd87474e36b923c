package elysia.worker.weaviate;

import static elysia.testkit.store.TestChunks.MODEL;
import static elysia.testkit.store.TestChunks.REPO;
import static elysia.testkit.store.TestChunks.chunk;
import static elysia.testkit.store.TestChunks.withoutVector;
import static org.assertj.core.api.Assertions.assertThat;

import elysia.core.identity.CollectionName;
import elysia.core.outcome.Outcome;
import elysia.core.outcome.Unit;
import elysia.core.store.ChunkHeader;
import elysia.core.store.SearchMode;
import elysia.core.store.StoreHit;
import elysia.core.store.StoreQuery;
import elysia.core.store.StoredChunk;
import elysia.core.store.WriteMode;
import elysia.core.store.WriteReport;
import elysia.testkit.weaviate.Fault;
import elysia.testkit.weaviate.Fault.Kind;
import elysia.testkit.weaviate.Fault.On;
import elysia.testkit.weaviate.FaultyWeaviate;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What the store makes of each fault of a server.
abstract class WeaviateFaults {
  static final CollectionName NAME = new CollectionName("Docs");
  private static final Map<String, Object> QUICK = Map.of("request-timeout", "400ms", "batch-size",
      10, "retry", Map.of("first", "2ms", "max", "10ms", "floor", "1ms"), "breaker",
      Map.of("failures", 6, "pause", Map.of("first", "5ms", "max", "20ms", "floor", "1ms")));
  private static final int MOST_CALLS = 500;

  final FaultyWeaviate server;
  final WeaviateStore store;

  /// @param grpc whether batches go over gRPC
  WeaviateFaults(boolean grpc) throws IOException {
    server = FaultyWeaviate.start();
    Map<String, Object> settings = new HashMap<>(QUICK);
    settings.put("grpc-url", grpc ? server.grpcUrl() : "");
    store = TestStores.at(server.url(), "", settings);
  }

  @AfterEach
  void close() throws IOException {
    store.close();
    server.close();
  }

  static List<StoredChunk> chunks(int n) {
    List<StoredChunk> chunks = new ArrayList<>();
    for (int i = 0; i < n; i++)
      chunks.add(chunk(NAME, "src/f" + i + ".java", "text number" + i));
    return chunks;
  }

  /// As a worker does: until it worked, and in full after an unknown outcome.
  void writeUntilOk(List<StoredChunk> chunks) {
    WriteMode mode = WriteMode.UPSERT;
    for (int i = 0; i < MOST_CALLS; i++) {
      Outcome<WriteReport> outcome = store.write(NAME, chunks, mode);
      if (!(outcome instanceof Outcome.Busy)) {
        assertThat(outcome.orElseThrow().rejected()).isEmpty();
        return;
      }
      mode = WriteMode.REPLACE;
    }
    throw new AssertionError("still busy after " + MOST_CALLS + " calls: " + store.health());
  }

  private void assertExactly(List<StoredChunk> chunks) {
    List<ChunkHeader> listed = new ArrayList<>();
    store.list(NAME, REPO, listed::add).orElseThrow();
    assertThat(listed).containsExactlyInAnyOrderElementsOf(
        chunks.stream().map(StoredChunk::header).toList());
    List<UUID> ids = chunks.stream().map(StoredChunk::id).toList();
    assertThat(store.unsearchable(NAME, REPO, ids).orElseThrow()).isEmpty();
    for (StoredChunk one : List.of(chunks.getFirst(), chunks.getLast())) {
      assertThat(store.chunks(NAME, REPO, one.path()).orElseThrow()).containsExactly(one);
      StoreQuery query = new StoreQuery(NAME, one.content(), one.vector(), SearchMode.VECTOR,
          List.of(), Optional.empty(), Optional.empty(), 1);
      assertThat(store.search(query).orElseThrow()).extracting(StoreHit::chunk)
          .containsExactly(withoutVector(one));
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatIsWrittenUntilItWorkedIsThereOnceAndFound(Kind kind) {
    store.create(NAME, MODEL).orElseThrow();
    List<StoredChunk> chunks = chunks(45);
    server.faults()
        .add(Fault.next(kind, On.BATCH, 7).withNumber(switch (kind) {
          case RATE_LIMIT -> 0;
          case UNAVAILABLE -> 1;
          default -> 500;
        }));
    writeUntilOk(chunks);
    assertThat(server.faults().met(kind)).isEqualTo(7);
    assertExactly(chunks);
  }

  @Test
  void allFaultsTogetherEndTheSame() {
    List<StoredChunk> chunks = chunks(60);
    long seed = 20_261_121;
    for (Kind kind : Kind.values())
      if (kind != Kind.SLOW && kind != Kind.DONE_BUT_LATE)
        server.faults().add(Fault.sometimes(kind, On.ANY, 0.04, seed++).withNumber(0));
    for (int i = 0; i < MOST_CALLS && store.create(NAME, MODEL) instanceof Outcome.Busy; i++)
      Thread.onSpinWait();
    writeUntilOk(chunks);
    server.faults().clear();
    settle();
    assertExactly(chunks);
  }

  /// Until the circuit breaker lets calls through again.
  private void settle() {
    for (int i = 0; i < MOST_CALLS && store.collections() instanceof Outcome.Busy; i++)
      assertThat(store.health().ok()).isFalse();
    assertThat(store.health().ok()).isTrue();
  }

  @Test
  void vectorsThatTheIndexLostAreNamedAndHealedByReplacing() {
    store.create(NAME, MODEL).orElseThrow();
    List<StoredChunk> chunks = chunks(40);
    writeUntilOk(chunks);
    server.loseNewest("Docs", 5);
    List<UUID> ids = chunks.stream().map(StoredChunk::id).toList();
    assertThat(store.unsearchable(NAME, REPO, ids).orElseThrow()).hasSize(5);
    assertThat(store.write(NAME, chunks, WriteMode.UPSERT).orElseThrow().rejected()).isEmpty();
    assertThat(store.unsearchable(NAME, REPO, ids).orElseThrow()).hasSize(5);
    assertThat(store.write(NAME, chunks, WriteMode.REPLACE).orElseThrow().rejected()).isEmpty();
    assertExactly(chunks);
  }

  @Test
  void aGraphIsSearchedWithoutAFilter() {
    try (WeaviateStore graph = TestStores.at(server.url(), "", Map.of("index-type", "hnsw"))) {
      graph.create(NAME, MODEL).orElseThrow();
      List<StoredChunk> chunks = new ArrayList<>(chunks(40));
      for (int i = 0; i < 60; i++)
        chunks.add(chunk(NAME, "copy" + i, "licence"));
      assertThat(graph.write(NAME, chunks, WriteMode.UPSERT).orElseThrow().rejected()).isEmpty();
      server.loseNewest("Docs", 1);
      List<UUID> ids = chunks.stream().map(StoredChunk::id).toList();
      assertThat(graph.unsearchable(NAME, REPO, ids).orElseThrow())
          .containsExactly(chunks.getLast().id());
    }
  }

  @Test
  void readsOutliveAFewFaults() {
    store.create(NAME, MODEL).orElseThrow();
    List<StoredChunk> chunks = chunks(12);
    writeUntilOk(chunks);
    for (Kind kind : List.of(Kind.UNAVAILABLE, Kind.RESET, Kind.WRONG_JSON, Kind.HALF_ANSWER,
        Kind.OUT_OF_MEMORY)) {
      server.faults().add(Fault.next(kind, On.QUERY, 2));
      assertExactly(chunks);
    }
  }

  @Test
  void removingOutlivesFaultsAndIsHonestAboutReadOnly() {
    store.create(NAME, MODEL).orElseThrow();
    List<StoredChunk> chunks = chunks(12);
    writeUntilOk(chunks);
    server.faults().add(Fault.next(Kind.READ_ONLY, On.DELETE, 1));
    assertThat(store.removeRepository(NAME, REPO)).isInstanceOf(Outcome.Busy.class);
    assertExactly(chunks);
    server.faults().add(Fault.next(Kind.READ_ONLY, On.ANY, 100));
    assertThat(store.write(NAME, chunks, WriteMode.UPSERT)).isEqualTo(new Outcome.Busy<WriteReport>(
        "store_unavailable", "Weaviate: store is read-only due to: resource pressure"));
    assertThat(store.health().text()).contains("takes no writes: store is read-only");
    server.faults().clear();
    assertExactly(chunks);
    assertThat(store.health().ok()).as("reads say nothing of writes").isFalse();
    writeUntilOk(chunks);
    assertThat(store.health().ok()).isTrue();
    server.faults().add(Fault.next(Kind.RESET, On.DELETE, 1));
    store.removeRepository(NAME, REPO).orElseThrow();
    assertThat(store.count(NAME, Optional.empty()).orElseThrow().chunks()).isZero();
  }

  @Test
  void whetherItCanBeWrittenToIsKnownByADeletionOfNothing() {
    store.create(NAME, MODEL).orElseThrow();
    assertThat(store.writable(NAME)).isInstanceOf(Outcome.Ok.class);
    server.faults().add(Fault.next(Kind.READ_ONLY, On.ANY, 1));
    assertThat(store.writable(NAME)).isEqualTo(
        new Outcome.Busy<Unit>("store_unavailable",
            "Weaviate: store is read-only due to: resource pressure"));
    assertThat(store.health().text()).contains("takes no writes: store is read-only");
    server.faults().clear();
    assertThat(store.writable(NAME)).isInstanceOf(Outcome.Ok.class);
    assertThat(store.writable(new CollectionName("Nowhere"))).isInstanceOf(Outcome.Refused.class);
  }

  @Test
  void aServerThatFailsAgainAndAgainIsLeftAlone() {
    store.create(NAME, MODEL).orElseThrow();
    try (WeaviateStore patient = TestStores.at(server.url(), "",
        Map.of("tries", 1, "breaker",
            Map.of("failures", 3, "pause", Map.of("first", "1h", "max", "1h", "floor", "1h"))))) {
      server.faults().add(Fault.next(Kind.UNAVAILABLE, On.ANY, 100));
      for (int i = 0; i < 10; i++)
        assertThat(patient.collections()).isInstanceOf(Outcome.Busy.class);
      assertThat(server.faults().met(Kind.UNAVAILABLE)).isEqualTo(3);
      assertThat(patient.health().ok()).isFalse();
      assertThat(patient.health().text()).contains("503").contains("next try at");
    }
  }
}
