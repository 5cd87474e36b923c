package elysia.cli.api;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;

/// The HTTP clients of one run. Safe for use by several threads.
///
/// Closing ends their threads, which is worth a third of a second: the JVM waits that long at its
/// end for one that is inside the operating system.
public final class Connections implements AutoCloseable {
  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final Duration END = Duration.ofSeconds(1);

  private final Supplier<Trust> trust;
  private final Map<Boolean, HttpClient> clients = new HashMap<>();

  /// @param trust asked when there is an address to reach by TLS
  public Connections(Supplier<Trust> trust) {
    this.trust = trust;
  }

  /// A client for this address. Redirects are not followed: a token goes to the address that the
  /// user named and nowhere else.
  public synchronized HttpClient to(URI node) {
    return clients.computeIfAbsent("https".equalsIgnoreCase(node.getScheme()), this::client);
  }

  private HttpClient client(boolean tls) {
    HttpClient.Builder builder = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1)
        .followRedirects(Redirect.NEVER).connectTimeout(CONNECT);
    if (tls)
      trust.get().context().ifPresent(builder::sslContext);
    else
      builder.sslContext(trustingNobody());
    return builder.build();
  }

  /// The default would read the certificates of all authorities, which takes longer than
  /// most requests.
  private static SSLContext trustingNobody() {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(new KeyManager[0], new TrustManager[0], null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java has no TLS", e);
    }
  }

  @Override
  public synchronized void close() {
    clients.values().forEach(HttpClient::shutdownNow);
    try {
      for (HttpClient client : clients.values())
        client.awaitTermination(END);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    clients.clear();
  }
}
