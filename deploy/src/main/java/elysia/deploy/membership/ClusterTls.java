package elysia.deploy.membership;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import elysia.core.tls.Pem;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.X509TrustManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The certificates by which nodes know each other. Each shows its own; one that no authority
/// signed, or that has no name in common with the other's, is refused.
///
/// @param certificate PEM, this node's, then those between it and the authority, if any
/// @param key PEM, its key
/// @param authorities PEM, the certificates of which one signed those of all nodes; several while it
///          changes
/// @param reload how long what the files held is used for new connections
public record ClusterTls(Path certificate, Path key, Path authorities, Duration reload) {
  private static final Logger LOG = LoggerFactory.getLogger(ClusterTls.class);

  public ClusterTls {
    if (!reload.isPositive())
      throw new IllegalArgumentException(
          "elysia.cluster.tls.reload-interval: " + reload + " (expected: > 0)");
  }

  /// The contents of the files.
  record Held(PrivateKey key, List<X509Certificate> chain, X509TrustManager trust) {
    X509Certificate own() {
      return chain.getFirst();
    }
  }

  /// Reads `elysia.cluster.tls`; absent when it names no file.
  static Optional<ClusterTls> from(Config root) {
    Config c = root.getConfig("elysia.cluster.tls");
    String certificate = c.getString("certificate");
    String key = c.getString("key");
    String authorities = c.getString("ca");
    if (certificate.isEmpty() && key.isEmpty() && authorities.isEmpty())
      return Optional.empty();
    if (certificate.isEmpty() || key.isEmpty() || authorities.isEmpty())
      throw new IllegalArgumentException("elysia.cluster.tls: certificate, key and ca (expected:"
          + " all or none: ELYSIACTL_CLUSTER_TLS_CERT, ELYSIACTL_CLUSTER_TLS_KEY, ELYSIACTL_CLUSTER_TLS_CA)");
    return Optional.of(new ClusterTls(Path.of(certificate), Path.of(key), Path.of(authorities),
        c.getDuration("reload-interval")));
  }

  /// The same, after the files were looked at.
  ClusterTls checked() {
    LOG.debug("the certificate for other nodes is valid until {}", read().own().getNotAfter());
    return this;
  }

  /// Reads the files. Wrong ones would otherwise be told by connections that fail, again and again.
  ///
  /// @throws IllegalArgumentException when they cannot be used, saying why
  Held read() {
    try {
      List<X509Certificate> chain = Pem.certificates(certificate);
      Held held = new Held(Pem.key(key), chain, Pem.trusting(Pem.certificates(authorities)));
      held.own().checkValidity();
      if (!Pem.belongTogether(held.key(), held.own()))
        throw new IllegalArgumentException(
            "elysia.cluster.tls.key: " + key + " (expected: the key of " + certificate + ")");
      X509Certificate[] shown = chain.toArray(X509Certificate[]::new);
      held.trust().checkClientTrusted(shown, held.key().getAlgorithm());
      held.trust().checkServerTrusted(shown, "UNKNOWN");
      return held;
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalArgumentException("elysia.cluster.tls: " + certificate + ", " + authorities
          + " (expected: a readable certificate that is valid now and signed by a ca): " + e, e);
    }
  }

  /// Settings of Pekko.
  static Config pekko() {
    return ConfigFactory.parseMap(Map.of("pekko.remote.artery.transport", "tls-tcp",
        "pekko.remote.artery.ssl.ssl-engine-provider", NodeTls.class.getName()));
  }
}
