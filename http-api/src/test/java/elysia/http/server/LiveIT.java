package elysia.http.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import elysia.core.auth.Authenticator;
import elysia.core.event.Event;
import elysia.core.json.Json;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class LiveIT {
  private static final int WAIT = 20;
  private static TestServer server;

  @BeforeAll
  static void start() throws Exception {
    server = TestServer.with(Authenticator.open(), """
        elysia.http.websocket { keep-alive = 200ms, max-clients = 2 }""");
  }

  @AfterAll
  static void end() {
    server.close();
  }

  private static final class Client implements WebSocket.Listener, AutoCloseable {
    final BlockingQueue<String> texts = new LinkedBlockingQueue<>();
    final CompletableFuture<Void> pinged = new CompletableFuture<>();
    private final StringBuilder text = new StringBuilder();
    private final WebSocket socket;

    Client(String query) throws Exception {
      socket = server.client.newWebSocketBuilder()
          .buildAsync(ws(query), this).get(WAIT, TimeUnit.SECONDS);
      assertThat(server.fake.subscribed.tryAcquire(WAIT, TimeUnit.SECONDS)).isTrue();
    }

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
      text.append(data);
      if (last) {
        texts.add(text.toString());
        text.setLength(0);
      }
      from.request(1);
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> onPing(WebSocket from, ByteBuffer data) {
      pinged.complete(null);
      from.request(1);
      return null;
    }

    JsonNode next() throws Exception {
      String next = texts.poll(WAIT, TimeUnit.SECONDS);
      assertThat(next).isNotNull();
      return Json.mapper().readTree(next);
    }

    @Override
    public void close() {
      socket.abort();
    }
  }

  private static URI ws(String query) {
    return URI.create("ws://127.0.0.1:" + server.address.port() + "/ws" + query);
  }

  private static void publish(String type, String repo, int number, String filling) {
    server.fake.events.submit(new Event(type, repo,
        JsonNodeFactory.instance.objectNode().put("filling", filling).put("n", number),
        FakePorts.NOW));
  }

  private static void awaitNobody() throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(WAIT);
    while (!server.get("/metrics").body().contains("elysiactl_http_websocket_clients 0.0"))
      assertThat(System.nanoTime()).isLessThan(deadline);
  }

  @Test
  void eventsArriveAsTypeDataAndTimestamp() throws Exception {
    awaitNobody();
    try (Client client = new Client("")) {
      client.socket.sendText("whatever", true).get(WAIT, TimeUnit.SECONDS);
      publish("sync:progress", "demo", 1, "");
      assertThat(client.next()).isEqualTo(Json.mapper().readTree("""
          {"type":"sync:progress","data":{"filling":"","n":1,"repo":"demo"},
           "timestamp":"2026-01-02T03:04:05Z"}"""));
    }
  }

  @Test
  void filtersChooseByTypeAndRepositoryWithAStarAtTheEnd() throws Exception {
    awaitNobody();
    try (Client client = new Client("?types=sync:*,repo:added&repo=de*")) {
      publish("repo:removed", "demo", 1, "");
      publish("sync:progress", "other", 2, "");
      publish("repo:added", "demo", 3, "");
      publish("sync:completed", "demonstration", 4, "");
      assertThat(client.next().path("data").path("n").asInt()).isEqualTo(3);
      assertThat(client.next().path("data").path("n").asInt()).isEqualTo(4);
    }
  }

  @Test
  void silentSocketsAreKeptAlive() throws Exception {
    awaitNobody();
    try (Client client = new Client("")) {
      client.pinged.get(WAIT, TimeUnit.SECONDS);
    }
  }

  @Test
  void malformedFilterAndTooManyClientsAreRefused() throws Exception {
    awaitNobody();
    assertThat(handshake("?types=a*b")).isEqualTo(400);
    try (Client first = new Client(""); Client second = new Client("")) {
      assertThat(first.texts).isEmpty();
      assertThat(second.texts).isEmpty();
      assertThat(handshake("")).isEqualTo(503);
    }
    awaitNobody();
  }

  private static int handshake(String query) {
    CompletableFuture<Integer> status = new CompletableFuture<>();
    assertThatThrownBy(() -> server.client.newWebSocketBuilder()
        .buildAsync(ws(query), new WebSocket.Listener() {}).get(WAIT, TimeUnit.SECONDS))
        .isInstanceOf(ExecutionException.class).cause()
        .isInstanceOfSatisfying(WebSocketHandshakeException.class,
            e -> status.complete(e.getResponse().statusCode()));
    return status.join();
  }

  @Test
  void slowClientMissesTheOldestAndHoldsUpNobody() throws Exception {
    awaitNobody();
    int events = 20_000;
    String filling = "x".repeat(1_000);
    try (Socket slow = new Socket(); Client quick = new Client("?types=end")) {
      slow.setReceiveBufferSize(8_192);
      slow.setSoTimeout(WAIT * 1_000);
      slow.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.address.port()));
      slow.getOutputStream().write(String.join("\r\n", "GET /ws HTTP/1.1",
          "Host: localhost:" + server.address.port(), "Upgrade: websocket", "Connection: Upgrade",
          "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Version: 13", "", "")
          .getBytes(StandardCharsets.US_ASCII));
      assertThat(server.fake.subscribed.tryAcquire(WAIT, TimeUnit.SECONDS)).isTrue();
      CompletableFuture.runAsync(() -> {
        for (int n = 0; n < events; n++)
          publish("sync:progress", "demo", n, filling);
        publish("end", "demo", events, "");
      }).get(WAIT, TimeUnit.SECONDS);
      assertThat(quick.next().path("data").path("n").asInt()).isEqualTo(events);
      String read = readUntil(slow.getInputStream(), "\"n\":" + events);
      assertThat(read.split("\"n\":", -1).length - 1).isBetween(200, events - 1_000);
      assertThat(read).contains("\"n\":" + (events - 1) + ",").contains("\"ws:missed\"");
    }
  }

  private static String readUntil(InputStream in, String end) throws Exception {
    ByteArrayOutputStream read = new ByteArrayOutputStream();
    byte[] buffer = new byte[65_536];
    while (!tail(read).contains(end)) {
      int count = in.read(buffer);
      assertThat(count).isPositive();
      read.write(buffer, 0, count);
    }
    return read.toString(StandardCharsets.ISO_8859_1);
  }

  private static String tail(ByteArrayOutputStream read) {
    byte[] all = read.size() < 1 ? new byte[0] : read.toByteArray();
    int from = Math.max(0, all.length - 400);
    return new String(all, from, all.length - from, StandardCharsets.ISO_8859_1);
  }
}
