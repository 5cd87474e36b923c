package elysia.http.tls;

import java.io.IOException;
import java.security.GeneralSecurityException;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import org.apache.pekko.http.javadsl.ConnectionContext;
import org.apache.pekko.http.javadsl.HttpsConnectionContext;

/// TLS 1.2 and 1.3 for the server.
public final class Tls {
  private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};

  private Tls() {}

  /// @throws IllegalArgumentException when the files cannot be used, saying why
  public static HttpsConnectionContext context(TlsSettings settings) {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(new KeyManager[]{new ReloadingKeyManager(settings, System::nanoTime)}, null,
          null);
      return ConnectionContext.httpsServer(() -> {
        SSLEngine engine = context.createSSLEngine();
        engine.setUseClientMode(false);
        engine.setEnabledProtocols(PROTOCOLS.clone());
        return engine;
      });
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalArgumentException(
          "tls: " + settings.files()
              + " cannot be used (expected: a readable key and certificate): "
              + e,
          e);
    }
  }
}
