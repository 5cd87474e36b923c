package elysia.http.server;

import elysia.http.guard.SecurityHeaders;
import elysia.http.route.Connection;
import elysia.http.route.Router;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.stream.javadsl.Flow;

/// Flows of requests, one for each client's connection.
final class Connections {
  private Connections() {}

  /// @param listening the server's address, once it is bound
  /// @param pipelined requests of a connection handled at the same time
  static Flow<HttpRequest, HttpResponse, ?> flow(Router router,
      CompletableFuture<InetSocketAddress> listening, int pipelined) {
    return Flow.fromMaterializer((_, _) -> {
      CompletableFuture<Connection> connection = listening.thenApply(Connection::new);
      return Flow.of(HttpRequest.class)
          .mapAsync(pipelined, request -> connection
              .thenCompose(c -> router.handle(c.on(request))).thenApply(SecurityHeaders::on));
    });
  }
}
