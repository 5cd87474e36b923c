package elysia.http.route;

import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.function.BiPredicate;
import org.apache.pekko.http.javadsl.model.AttributeKey;
import org.apache.pekko.http.javadsl.model.AttributeKeys;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.jspecify.annotations.Nullable;

/// A client's connection, the same for all requests on it. Thread-safe.
public final class Connection {
  private static final AttributeKey<Connection> KEY = AttributeKey.create("connection",
      Connection.class);
  private final InetSocketAddress server;
  private @Nullable Boolean trusted;

  /// @param server the server's end
  public Connection(InetSocketAddress server) {
    this.server = server;
  }

  /// The request, known to have come on this connection.
  public HttpRequest on(HttpRequest request) {
    return request.addAttribute(KEY, this);
  }

  /// True when the connection that the request came on is trusted; decided once for each.
  ///
  /// @param judge of the client's end and the server's
  public static boolean trusted(HttpRequest request,
      BiPredicate<InetSocketAddress, InetSocketAddress> judge) {
    Optional<InetSocketAddress> client = request.getAttribute(AttributeKeys.remoteAddress)
        .flatMap(remote -> remote.getAddress()
            .map(address -> new InetSocketAddress(address, remote.getPort())));
    Optional<Connection> connection = request.getAttribute(KEY);
    return client.isPresent() && connection.isPresent()
        && connection.get().trusted(client.get(), judge);
  }

  private synchronized boolean trusted(InetSocketAddress client,
      BiPredicate<InetSocketAddress, InetSocketAddress> judge) {
    if (trusted == null)
      trusted = judge.test(client, server);
    return trusted;
  }
}
