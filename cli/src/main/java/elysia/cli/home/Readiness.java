package elysia.cli.home;

import elysia.cli.api.Connections;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/// Asks a node's `/ready`.
final class Readiness {
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private Readiness() {}

  static boolean ready(Connections connections, URI node) {
    try {
      return connections.to(node)
          .send(HttpRequest.newBuilder(URI.create(node + "/ready")).timeout(PATIENCE).build(),
              HttpResponse.BodyHandlers.discarding())
          .statusCode() == 200;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
