package elysia.http.server;

import java.net.InetSocketAddress;
import java.net.URI;

/// The address that the server listens on.
///
/// @param url for a client on this machine
public record ServerAddress(InetSocketAddress address, URI url) {
  public int port() {
    return address.getPort();
  }
}
