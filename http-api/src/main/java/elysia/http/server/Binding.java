package elysia.http.server;

import java.net.InetSocketAddress;
import java.net.URI;

/// Where the server listens.
///
/// @param url
///          for a client on this machine
public record Binding(InetSocketAddress address, URI url) {
  public int port() {
    return address.getPort();
  }
}
