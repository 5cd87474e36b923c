package elysia.deploy.membership;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/// The certificates by which nodes know each other. Each shows its own; one that the authority did
/// not sign, or that has no name in common with the other's, is refused.
///
/// @param certificate
///          PEM, this node's, of an RSA key
/// @param key
///          PEM, its key
/// @param authority
///          PEM, the certificate that signed those of all nodes
/// @param reload
///          how long what the files held is used for new connections
public record ClusterTls(Path certificate, Path key, Path authority, Duration reload) {
  private static final String PROVIDER = "org.apache.pekko.remote.artery.tcp.ssl.RotatingKeysSSLEngineProvider";

  public ClusterTls {
    if (!reload.isPositive())
      throw new IllegalArgumentException(
          "elysia.cluster.tls.reload-interval: " + reload + " (expected: > 0)");
  }

  /// Reads `elysia.cluster.tls`; absent when it names no file.
  ///
  /// @throws IllegalArgumentException
  ///           when the files cannot be used, saying why
  static Optional<ClusterTls> from(Config root) {
    Config c = root.getConfig("elysia.cluster.tls");
    String certificate = c.getString("certificate");
    String key = c.getString("key");
    String authority = c.getString("ca");
    if (certificate.isEmpty() && key.isEmpty() && authority.isEmpty())
      return Optional.empty();
    if (certificate.isEmpty() || key.isEmpty() || authority.isEmpty())
      throw new IllegalArgumentException("elysia.cluster.tls: certificate, key and ca (expected:"
          + " all or none: ELYSIACTL_CLUSTER_TLS_CERT, ELYSIACTL_CLUSTER_TLS_KEY, ELYSIACTL_CLUSTER_TLS_CA)");
    ClusterTls tls = new ClusterTls(Path.of(certificate), Path.of(key), Path.of(authority),
        c.getDuration("reload-interval"));
    tls.check();
    return Optional.of(tls);
  }

  /// Otherwise wrong files would be told by connections that fail, again and again.
  private void check() {
    try {
      X509Certificate own = read(certificate);
      own.checkValidity();
      own.verify(read(authority).getPublicKey());
      if (!own.getPublicKey().getAlgorithm().equals("RSA"))
        throw new IllegalArgumentException("elysia.cluster.tls.certificate: " + certificate + ", "
            + own.getPublicKey().getAlgorithm()
            + " (expected: RSA, the only keys that Pekko's transport reads from PEM files)");
      if (!Files.readString(key, StandardCharsets.US_ASCII).contains("PRIVATE KEY-----"))
        throw new IllegalArgumentException(
            "elysia.cluster.tls.key: " + key + " (expected: a PEM private key, not encrypted)");
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalArgumentException("elysia.cluster.tls: " + certificate + ", " + authority
          + " (expected: a readable certificate that is valid now and signed by the ca): " + e, e);
    }
  }

  private static X509Certificate read(Path file) throws IOException, GeneralSecurityException {
    return (X509Certificate) CertificateFactory.getInstance("X.509")
        .generateCertificate(new ByteArrayInputStream(Files.readAllBytes(file)));
  }

  /// Settings of Pekko.
  Config pekko() {
    String engine = "pekko.remote.artery.ssl.rotating-keys-engine.";
    return ConfigFactory.parseMap(Map.of("pekko.remote.artery.transport", "tls-tcp",
        "pekko.remote.artery.ssl.ssl-engine-provider", PROVIDER,
        engine + "cert-file", certificate.toAbsolutePath().toString(),
        engine + "key-file", key.toAbsolutePath().toString(),
        engine + "ca-cert-file", authority.toAbsolutePath().toString(),
        engine + "ssl-context-cache-ttl", reload.toMillis() + "ms"));
  }
}
