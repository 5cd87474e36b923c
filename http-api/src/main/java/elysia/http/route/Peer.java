package elysia.http.route;

import org.apache.pekko.http.javadsl.model.AttributeKeys;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.RemoteAddress;

/// The other end of a request's connection: a client, or the proxy before it. What a proxy says of
/// its client is not believed.
public final class Peer {
  private Peer() {}

  public static String of(HttpRequest request) {
    return request.getAttribute(AttributeKeys.remoteAddress).flatMap(RemoteAddress::getAddress)
        .map(address -> String.valueOf(address.getHostAddress())).orElse("unknown");
  }
}
