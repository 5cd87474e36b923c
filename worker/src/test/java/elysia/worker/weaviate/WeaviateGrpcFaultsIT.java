package elysia.worker.weaviate;

import static elysia.testkit.store.TestChunks.MODEL;
import static elysia.testkit.store.TestChunks.REPO;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import elysia.core.identity.FilePath;
import elysia.core.outcome.Outcome;
import elysia.core.outcome.Problem;
import elysia.core.store.ChunkHeader;
import elysia.core.store.StoredChunk;
import elysia.core.store.WriteMode;
import elysia.core.store.WriteReport;
import elysia.testkit.weaviate.Fault;
import elysia.testkit.weaviate.Fault.Kind;
import elysia.testkit.weaviate.Fault.On;
import elysia.testkit.weaviate.FaultyWeaviate;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCalls;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The faults where batches go over gRPC, and those that only gRPC has.
class WeaviateGrpcFaultsIT extends WeaviateFaults {
  private static final Map<String, Object> ONCE = Map.of("tries", 1, "request-timeout", "2s");

  WeaviateGrpcFaultsIT() throws IOException {
    super(true);
  }

  private Outcome<WriteReport> writeTo(String grpcUrl, String apiKey) {
    Map<String, Object> settings = new HashMap<>(ONCE);
    settings.put("grpc-url", grpcUrl);
    store.create(NAME, MODEL).orElseThrow();
    try (WeaviateStore other = TestStores.at(server.url(), apiKey, settings)) {
      return other.write(NAME, chunks(3), WriteMode.UPSERT);
    }
  }

  private static String reason(Outcome<?> outcome) {
    return outcome instanceof Outcome.Busy<?>(_, var reason, _) ? reason : "not busy: " + outcome;
  }

  private static Problem problem(Outcome<?> outcome) {
    return outcome instanceof Outcome.Refused<?>(var problem)
        ? problem
        : Problem.of("none", "not refused: " + outcome);
  }

  @Test
  void serverThatTakesNoMoreForNowIsLeftToTheCaller() {
    store.create(NAME, MODEL).orElseThrow();
    server.faults().add(Fault.next(Kind.RATE_LIMIT, On.BATCH, 100));
    assertThat(reason(store.write(NAME, chunks(1), WriteMode.UPSERT))).contains("rate limit of");
    assertThat(server.faults().met(Kind.RATE_LIMIT)).isBetween(3, 9);
  }

  @Test
  void portWhereNobodyListensIsNamed() throws IOException {
    String gone;
    try (FaultyWeaviate other = FaultyWeaviate.start()) {
      gone = other.grpcUrl();
    }
    store.create(NAME, MODEL).orElseThrow();
    writeUntilOk(chunks(3));
    try (WeaviateStore other = TestStores.at(server.url(), "",
        Map.of("tries", 2, "grpc-url", gone, "retry",
            Map.of("first", "2ms", "max", "10ms", "floor", "1ms")))) {
      for (WriteMode mode : WriteMode.values())
        assertThat(reason(other.write(NAME, chunks(3), mode))).contains(
            "gRPC at " + gone.substring(7), "UNAVAILABLE", "Connection refused");
      assertThat(other.count(NAME, Optional.empty()).orElseThrow().chunks())
          .as("what cannot be written again is not deleted").isEqualTo(3);
      assertThat(other.health().text()).contains("gRPC at");
      assertThat(reason(other.writable(NAME))).contains("gRPC at");
    }
  }

  /// A server that answers every batch with the same words about each of the objects.
  private static Server sayingOfEveryObject(String words, int objects) throws IOException {
    ByteArrayOutputStream reply = new ByteArrayOutputStream();
    for (int i = 0; i < objects; i++) {
      byte[] text = words.getBytes(StandardCharsets.UTF_8);
      ByteBuffer error = ByteBuffer.allocate(text.length + 6).put((byte) 0x12)
          .put((byte) (text.length + 4)).put((byte) 0x08).put((byte) i).put((byte) 0x12)
          .put((byte) text.length).put(text);
      reply.write(error.array());
    }
    return NettyServerBuilder
        .forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
        .addService(ServerServiceDefinition.builder("weaviate.v1.Weaviate")
            .addMethod(GrpcBatches.METHOD, ServerCalls.asyncUnaryCall((_, client) -> {
              client.onNext(reply.toByteArray());
              client.onCompleted();
            })).build())
        .build().start();
  }

  @Test
  void keyThatMayNotWriteRejectsNoFile() throws IOException {
    store.create(NAME, MODEL).orElseThrow();
    Server strict = sayingOfEveryObject(
        "authorization, forbidden action: user 'x' has insufficient permissions to update_data", 1);
    try {
      Problem problem = problem(writeTo("http://127.0.0.1:" + strict.getPort(), ""));
      assertThat(problem.code()).isEqualTo("store_unauthorized");
      assertThat(problem.text()).contains("forbidden action", "WEAVIATE_API_KEY");
    } finally {
      strict.shutdownNow();
    }
  }

  @Test
  void wordsThatNobodyKnowsAboutEveryObjectRejectNoFile() throws IOException {
    Server strange = sayingOfEveryObject("the shard has gone fishing", 3);
    try {
      assertThat(reason(writeTo("http://127.0.0.1:" + strange.getPort(), "")))
          .contains("the shard has gone fishing");
    } finally {
      strange.shutdownNow();
    }
  }

  @Test
  void knownWordsAboutEveryObjectRejectEach() throws IOException {
    Server strict = sayingOfEveryObject("no such prop with name 'nope' found", 3);
    try {
      assertThat(writeTo("http://127.0.0.1:" + strict.getPort(), "").orElseThrow().rejected())
          .hasSize(3);
    } finally {
      strict.shutdownNow();
    }
  }

  @ParameterizedTest
  @CsvSource({"'forbidden action: user x has insufficient permissions to read_data', "
      + "store_unauthorized",
      "query maximum results exceeded, store_refused",
      "'shard is shutting down', busy",
      "'explorer: list class: search: object search at index x: no read replica found', busy",
      "'missing GRPC status in response', busy", "'words that nobody knows', busy",
      "could not find class Docs in schema, busy"})
  void wordsOfAQueryThatFailedAreUnderstood(String words, String code) throws IOException {
    store.create(NAME, MODEL).orElseThrow();
    Server failing = NettyServerBuilder
        .forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
        .addService(ServerServiceDefinition.builder("weaviate.v1.Weaviate")
            .addMethod(GrpcQueries.METHOD, ServerCalls.asyncUnaryCall((_, client) -> client
                .onError(Status.UNKNOWN.withDescription(words).asRuntimeException())))
            .build())
        .build().start();
    try (WeaviateStore other = TestStores.at(server.url(), "", Map.of("tries", 1, "grpc-url",
        "http://127.0.0.1:" + failing.getPort()))) {
      Outcome<List<ChunkHeader>> headers = other.headers(NAME, REPO,
          List.of(new FilePath("src/f0.java")));
      assertThat(headers instanceof Outcome.Busy ? "busy" : problem(headers).code())
          .isEqualTo(code);
      assertThat(headers.toString()).contains(
          words.startsWith("could not") ? "is being created again" : words);
      assertThat(other.collection(NAME).orElseThrow()).as("the rest does not go over gRPC")
          .isPresent();
    } finally {
      failing.shutdownNow();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"grpc: trying to send message larger than max (104858001 vs. 104858000)",
      "gRPC message exceeds maximum size 134217728: 134217729"})
  void answerThatIsTooLargeForGrpcComesOverRest(String words) throws IOException {
    store.create(NAME, MODEL).orElseThrow();
    List<StoredChunk> chunks = chunks(3);
    writeUntilOk(chunks);
    Server small = NettyServerBuilder
        .forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
        .addService(ServerServiceDefinition.builder("weaviate.v1.Weaviate")
            .addMethod(GrpcQueries.METHOD, ServerCalls.asyncUnaryCall((_, client) -> client
                .onError(Status.RESOURCE_EXHAUSTED.withDescription(words).asRuntimeException())))
            .build())
        .build().start();
    try (WeaviateStore other = TestStores.at(server.url(), "", Map.of("tries", 1, "grpc-url",
        "http://127.0.0.1:" + small.getPort()))) {
      StoredChunk first = chunks.getFirst();
      assertThat(other.chunks(NAME, REPO, first.path()).orElseThrow()).containsExactly(first);
    } finally {
      small.shutdownNow();
    }
  }

  @Test
  void whatIsReadByItsIdentityGoesOverGrpc() {
    store.create(NAME, MODEL).orElseThrow();
    List<StoredChunk> chunks = chunks(3);
    writeUntilOk(chunks);
    try (WeaviateStore other = TestStores.at(server.url(), "",
        Map.of("tries", 1, "request-timeout", "2s", "grpc-url", "http://127.0.0.1:1"))) {
      StoredChunk first = chunks.getFirst();
      assertThat(reason(other.headers(NAME, REPO, List.of(first.path()))))
          .contains("gRPC at 127.0.0.1:1 (WEAVIATE_GRPC_URL)");
      assertThat(reason(other.vectors(NAME, MODEL, Set.of(first.vectorHash()))))
          .contains("gRPC at");
      assertThat(reason(other.chunks(NAME, REPO, first.path()))).contains("gRPC at");
      assertThat(other.count(NAME, Optional.empty()).orElseThrow().chunks()).isEqualTo(3);
    }
  }

  @Test
  void portThatSpeaksNoGrpcIsNamed() throws IOException {
    HttpServer web = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
        0);
    web.start();
    try {
      assertThat(reason(writeTo("http://127.0.0.1:" + web.getAddress().getPort(), "")))
          .contains("gRPC at 127.0.0.1:" + web.getAddress().getPort());
    } finally {
      web.stop(0);
    }
  }

  @Test
  void serverThatTakesNoBatchesIsRefusedWithWhatToDo() throws IOException {
    Server empty = NettyServerBuilder
        .forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)).build().start();
    try {
      Problem problem = problem(writeTo("http://127.0.0.1:" + empty.getPort(), ""));
      assertThat(problem.code()).isEqualTo("store_address");
      assertThat(problem.text()).contains("UNIMPLEMENTED", "WEAVIATE_GRPC_URL");
    } finally {
      empty.shutdownNow();
    }
  }

  @Test
  void plainPortIsNotSpokenToWithTls() {
    assertThat(reason(writeTo(server.grpcUrl().replace("http:", "https:"), "")))
        .contains("gRPC at");
    assertThat(store.count(NAME, Optional.empty()).orElseThrow().chunks()).isZero();
  }

  @Test
  void keyIsSentAndNeverShown(@TempDir Path folder) throws IOException {
    try (FaultyWeaviate locked = FaultyWeaviate.start(0, "s3cret", Optional.of(folder))) {
      Problem problem = problem(writeTo(locked.grpcUrl(), "gue55ed"));
      assertThat(problem.code()).isEqualTo("store_unauthorized");
      assertThat(problem.text()).contains("WEAVIATE_API_KEY").doesNotContain("gue55ed");
      assertThat(problem(writeTo(locked.grpcUrl(), "")).text()).contains("it wants a key");
      try (WeaviateStore right = TestStores.at(locked.url(), "s3cret",
          Map.of("grpc-url", locked.grpcUrl()))) {
        right.create(NAME, MODEL).orElseThrow();
        assertThat(right.write(NAME, chunks(3), WriteMode.UPSERT).orElseThrow().rejected())
            .isEmpty();
      }
    }
  }

  @Test
  void serverThatComesBackUnderItsAddressIsFoundAgain(@TempDir Path folder) throws IOException {
    List<StoredChunk> chunks = chunks(3);
    String url;
    WeaviateStore other;
    try (FaultyWeaviate first = FaultyWeaviate.start(0, "", Optional.of(folder))) {
      url = first.url();
      other = TestStores.at(url, "", Map.of("grpc-url", first.grpcUrl(), "tries", 1));
      other.create(NAME, MODEL).orElseThrow();
      other.write(NAME, chunks, WriteMode.UPSERT).orElseThrow();
    }
    try (other) {
      assertThat(reason(other.write(NAME, chunks, WriteMode.UPSERT))).contains("gRPC at");
      try (FaultyWeaviate _ = FaultyWeaviate.start(URI.create(url).getPort(), "",
          Optional.of(folder))) {
        assertThat(other.write(NAME, chunks, WriteMode.REPLACE).orElseThrow().rejected())
            .isEmpty();
        assertThat(other.count(NAME, Optional.empty()).orElseThrow().chunks()).isEqualTo(3);
      }
    }
  }
}
