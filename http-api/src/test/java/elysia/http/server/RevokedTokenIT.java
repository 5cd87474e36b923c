package elysia.http.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import elysia.core.auth.Authenticator;
import elysia.core.auth.Principal;
import elysia.core.auth.Scope;
import elysia.core.json.Json;
import elysia.core.outcome.Outcome;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.WebSocket;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
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
            : new Outcome.Busy<>("database_unavailable", "tokens cannot be read");
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
          .buildAsync(URI.create("ws://127.0.0.1:" + server.address.port() + "/ws"),
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
    assertThat(uploadStopsAfter(() -> tokens.remove("t"), true, true))
        .isEqualTo("unauthenticated");
  }

  @Test
  void uploadIsEndedThoughItsClientGoesOn() throws Exception {
    assertThat(uploadStopsAfter(() -> tokens.remove("t"), true, false))
        .isEqualTo("unauthenticated");
  }

  @Test
  void uploadIsEndedThoughItsClientIsSilent() throws Exception {
    assertThat(uploadStopsAfter(() -> tokens.remove("t"), false, false))
        .isEqualTo("unauthenticated");
  }

  @Test
  void uploadIsToBeTriedAgainWhileNobodyIsLetIn() throws Exception {
    assertThat(uploadStopsAfter(() -> readable = false, true, true)).isEqualTo("busy");
  }

  /// @param more whether the client sends another change
  /// @param ends whether it ends the upload itself
  /// @return why the upload stopped
  private String uploadStopsAfter(Runnable loss, boolean more, boolean ends) throws Exception {
    try (TestServer server = server();
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.address.port())) {
      socket.setSoTimeout((int) TimeUnit.SECONDS.toMillis(WAIT));
      OutputStream out = socket.getOutputStream();
      out.write(String.join("\r\n", "POST /v1/collections/code/changes HTTP/1.1", "Host: localhost",
          "Authorization: Bearer t", "Content-Type: application/x-ndjson",
          "Transfer-Encoding: chunked", "", "").getBytes(UTF_8));
      out.write(chunk(change("a")));
      await(() -> !server.fake.changes.applied.isEmpty());
      loss.run();
      if (more)
        out.write(chunk(change("b")));
      if (ends)
        out.write("0\r\nConnection: close\r\n\r\n".getBytes(UTF_8));
      String last = "";
      BufferedReader in = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
      for (String line = in.readLine(); line != null
          && !line.equals("0"); line = in.readLine()) // the last chunk
        last = line.startsWith("{") ? line : last;
      assertThat(server.fake.changes.applied).containsExactly("MODIFY a");
      JsonNode end = Json.mapper().readTree(last);
      assertThat(end.path("acknowledged").asInt()).isEqualTo(1);
      if (!ends)
        assertThat(in.lines().filter(line -> !line.isEmpty())).as("and the connection").isEmpty();
      return end.at("/stopped/code").asText();
    }
  }

  private static byte[] chunk(String text) {
    return (Integer.toHexString(text.length()) + "\r\n" + text + "\r\n").getBytes(UTF_8);
  }

  private static void await(BooleanSupplier reached) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(WAIT);
    while (!reached.getAsBoolean() && System.nanoTime() < end)
      Thread.sleep(10);
  }

  private static String change(String path) {
    return "{\"repo\":\"r\",\"op\":\"modify\",\"path\":\"" + path + "\",\"content\":\"x\"}\n";
  }
}
