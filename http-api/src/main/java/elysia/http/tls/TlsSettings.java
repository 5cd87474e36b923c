package elysia.http.tls;

import com.typesafe.config.Config;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/// Files of the server's certificate.
///
/// @param reloadInterval how often the files are looked at, at most
public record TlsSettings(Files files, Duration reloadInterval) {
  /// The certificate's form.
  public sealed interface Files {
    /// @param certificate the chain, the server's own first
    /// @param key PKCS #8, not encrypted
    record Pem(Path certificate, Path key) implements Files {}

    /// A PKCS #12 store.
    record Pkcs12(Path keystore, String password) implements Files {
      @Override
      public String toString() {
        return "Pkcs12[" + keystore + "]";
      }
    }
  }

  public TlsSettings {
    if (!reloadInterval.isPositive())
      throw new IllegalArgumentException("reload-interval: " + reloadInterval + " (expected: > 0)");
  }

  /// Reads `elysia.http.tls`; absent when it names no file.
  public static Optional<TlsSettings> from(Config root) {
    Config c = root.getConfig("elysia.http.tls");
    String certificate = c.getString("certificate");
    String key = c.getString("key");
    String keystore = c.getString("keystore");
    if (certificate.isEmpty() != key.isEmpty())
      throw new IllegalArgumentException(
          "tls: certificate and key (expected: both or neither)");
    if (!certificate.isEmpty() && !keystore.isEmpty())
      throw new IllegalArgumentException(
          "tls: certificate and keystore (expected: one of them)");
    Duration interval = c.getDuration("reload-interval");
    if (!certificate.isEmpty())
      return Optional
          .of(new TlsSettings(new Files.Pem(Path.of(certificate), Path.of(key)), interval));
    if (!keystore.isEmpty())
      return Optional.of(new TlsSettings(
          new Files.Pkcs12(Path.of(keystore), c.getString("keystore-password")), interval));
    return Optional.empty();
  }
}
