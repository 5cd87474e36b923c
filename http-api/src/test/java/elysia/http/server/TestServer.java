package elysia.http.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import elysia.core.auth.Authenticator;
import elysia.core.json.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;

/// A server with fake ports on a free port, and ways to ask it.
final class TestServer implements AutoCloseable {
  final FakePorts fake = new FakePorts();
  final ActorTestKit kit;
  final ServerAddress address;
  final HttpClient client = HttpClient.newHttpClient();

  private TestServer(Authenticator authenticator, String overrides) throws Exception {
    Config config = ConfigFactory.parseString(overrides + """

        elysia.http.port = 0
        pekko.loglevel = WARNING
        pekko.coordinated-shutdown.exit-jvm = off
        pekko.coordinated-shutdown.run-by-jvm-shutdown-hook = off
        """).withFallback(ConfigFactory.load());
    kit = ActorTestKit.create("http", config);
    address = HttpServer
        .start(kit.system(), HttpSettings.from(config), fake.ports(authenticator))
        .toCompletableFuture().get(20, TimeUnit.SECONDS);
  }

  static TestServer open() throws Exception {
    return with(Authenticator.open(), "");
  }

  static TestServer with(Authenticator authenticator, String overrides) throws Exception {
    return new TestServer(authenticator, overrides);
  }

  URI uri(String path) {
    return address.url().resolve(path);
  }

  /// @param headers name, value, name, value, …
  HttpResponse<String> send(String method, String path, String body, String... headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request = HttpRequest.newBuilder(uri(path)).method(method,
        body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    if (headers.length > 0)
      request.headers(headers);
    return client.send(request.build(), BodyHandlers.ofString());
  }

  HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return send("GET", path, "");
  }

  HttpResponse<String> json(String method, String path, String body)
      throws IOException, InterruptedException {
    return send(method, path, body, "Content-Type", "application/json");
  }

  /// What the server answers to exactly these lines.
  String raw(String... lines) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), address.port())) {
      socket.setSoTimeout(20_000);
      socket.getOutputStream()
          .write((String.join("\r\n", lines) + "\r\n\r\n").getBytes(StandardCharsets.UTF_8));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  static JsonNode tree(HttpResponse<String> response) throws IOException {
    return Json.mapper().readTree(response.body());
  }

  @Override
  public void close() {
    client.close();
    kit.shutdownTestKit();
  }
}
