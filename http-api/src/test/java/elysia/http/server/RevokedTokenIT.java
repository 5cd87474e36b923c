package elysia.http.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import elysia.core.auth.Authenticator;
import elysia.core.auth.Principal;
import elysia.core.auth.Scope;
import elysia.core.json.Json;
import elysia.core.outcome.Outcome;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.SubmissionPublisher;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// What is under way when its token is revoked.
class RevokedTokenIT {
  private static final int WAIT = 20;

  private final Map<String, Set<Scope>> tokens = new ConcurrentHashMap<>(
      Map.of("t", Set.of(Scope.READ, Scope.WRITE)));

  private volatile boolean readable = true;

  private TestServer server() throws Exception {
    Authenticator known = FakePorts.tokens(tokens);
    return TestServer.with(new Authenticator() {
      @Override
      public boolean required() {
        return true;
      }

      @Override
      public Outcome<Principal> authenticate(Optional<String> bearer) {
        return readable
            ? known.authenticate(bearer)
            : new Outcome.Busy<>("tokens cannot be read");
      }
    }, "elysia.http.websocket.keep-alive = 100ms");
  }

  @Test
  void webSocketIsClosed() throws Exception {
    socketClosesAfter(() -> tokens.remove("t"));
  }

  @Test
  void webSocketIsClosedWhileNobodyIsLetIn() throws Exception {
    socketClosesAfter(() -> readable = false);
  }

  private void socketClosesAfter(Runnable loss) throws Exception {
    CompletableFuture<Integer> closed = new CompletableFuture<>();
    try (TestServer server = server()) {
      var _ = server.client.newWebSocketBuilder().header("Authorization", "Bearer t")
          .buildAsync(URI.create("ws://127.0.0.1:" + server.binding.port() + "/ws"),
              new WebSocket.Listener() {
                @Override
                public @Nullable CompletionStage<?> onClose(WebSocket socket, int status,
                    String reason) {
                  closed.complete(status);
                  return null;
                }
              })
          .get(WAIT, TimeUnit.SECONDS);
      assertThat(closed).isNotDone();
      loss.run();
      assertThat(closed.get(WAIT, TimeUnit.SECONDS)).isEqualTo(WebSocket.NORMAL_CLOSURE);
    }
  }

  @Test
  void uploadChangesNothingMore() throws Exception {
    assertThat(uploadStopsAfter(() -> tokens.remove("t"))).isEqualTo("unauthenticated");
  }

  @Test
  void uploadIsToBeTriedAgainWhileNobodyIsLetIn() throws Exception {
    assertThat(uploadStopsAfter(() -> readable = false)).isEqualTo("busy");
  }

  /// @return why the upload stopped
  private String uploadStopsAfter(Runnable loss) throws Exception {
    SubmissionPublisher<ByteBuffer> lines = new SubmissionPublisher<>();
    try (TestServer server = server()) {
      HttpRequest request = HttpRequest.newBuilder(server.uri("/v1/collections/code/changes"))
          .header("Authorization", "Bearer t").header("Content-Type", "application/x-ndjson")
          .POST(BodyPublishers.fromPublisher(lines)).build();
      CompletableFuture<HttpResponse<String>> answer = server.client.sendAsync(request,
          BodyHandlers.ofString());
      await(lines::hasSubscribers);
      lines.submit(change("a"));
      await(() -> !server.fake.changes.applied.isEmpty());
      loss.run();
      lines.submit(change("b"));
      lines.close();
      JsonNode last = Json.mapper()
          .readTree(answer.get(WAIT, TimeUnit.SECONDS).body().lines().toList().getLast());
      assertThat(server.fake.changes.applied).containsExactly("MODIFY a");
      assertThat(last.path("acknowledged").asInt()).isEqualTo(1);
      return last.at("/stopped/code").asText();
    }
  }

  private static void await(BooleanSupplier reached) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(WAIT);
    while (!reached.getAsBoolean() && System.nanoTime() < end)
      Thread.sleep(10);
  }

  private static ByteBuffer change(String path) {
    return UTF_8.encode("{\"repo\":\"r\",\"op\":\"modify\",\"path\":\"" + path
        + "\",\"content\":\"x\"}\n");
  }
}
