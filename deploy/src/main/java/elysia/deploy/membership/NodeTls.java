package elysia.deploy.membership;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.TrustManager;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.remote.artery.tcp.SSLEngineProvider;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Option;

/// TLS 1.3 between nodes, both sides showing their certificate. Pekko's own provider reads RSA keys
/// and one authority only, so that an authority could not be changed while the cluster runs. While
/// what is in the files cannot be used, the last good content stays.
public final class NodeTls implements SSLEngineProvider {
  private static final Logger LOG = LoggerFactory.getLogger(NodeTls.class);
  private static final String[] PROTOCOLS = {"TLSv1.3"};
  private static final int DNS_NAME = 2;
  private static final char[] IN_MEMORY = new char[0];

  private record Loaded(ClusterTls.Held held, SSLContext context, long at) {
    Loaded lookedAt(long now) {
      return new Loaded(held, context, now);
    }
  }

  private final ClusterTls files;
  private final LongSupplier nanoTime;
  private @Nullable Loaded loaded;

  /// Called by Pekko.
  public NodeTls(ActorSystem system) {
    this(ClusterTls.from(system.settings().config()).orElseThrow(), System::nanoTime);
  }

  NodeTls(ClusterTls files, LongSupplier nanoTime) {
    this.files = files;
    this.nanoTime = nanoTime;
  }

  private synchronized Loaded loaded() {
    long now = nanoTime.getAsLong();
    Loaded before = loaded;
    if (before != null && now - before.at() < files.reload().toNanos())
      return before;
    Loaded fresh;
    try {
      ClusterTls.Held held = files.read();
      fresh = new Loaded(held, context(held), now);
      if (before != null && !before.held().own().equals(held.own()))
        LOG.info("the certificate for other nodes was read again, valid until {}",
            held.own().getNotAfter().toInstant());
    } catch (IllegalArgumentException e) {
      if (before == null)
        throw e;
      LOG.warn("the certificates for other nodes cannot be used, those before stay: {}",
          e.getMessage());
      fresh = before.lookedAt(now);
    }
    loaded = fresh;
    return fresh;
  }

  private static SSLContext context(ClusterTls.Held held) {
    try {
      KeyStore own = KeyStore.getInstance("PKCS12");
      own.load(null, null);
      own.setKeyEntry("own", held.key(), IN_MEMORY, held.chain().toArray(X509Certificate[]::new));
      KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
      keys.init(own, IN_MEMORY);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys.getKeyManagers(), new TrustManager[]{held.trust()}, null);
      return context;
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalArgumentException("elysia.cluster.tls: " + e, e);
    }
  }

  @Override
  public SSLEngine createServerSSLEngine(String hostname, int port) {
    SSLEngine engine = engine(hostname, port);
    engine.setUseClientMode(false);
    engine.setNeedClientAuth(true);
    return engine;
  }

  @Override
  public SSLEngine createClientSSLEngine(String hostname, int port) {
    SSLEngine engine = engine(hostname, port);
    engine.setUseClientMode(true);
    return engine;
  }

  private SSLEngine engine(String hostname, int port) {
    SSLEngine engine = loaded().context().createSSLEngine(hostname, port);
    engine.setEnabledProtocols(PROTOCOLS.clone());
    return engine;
  }

  @Override
  public Option<Throwable> verifyClientSession(String hostname, SSLSession session) {
    return stranger(session);
  }

  @Override
  public Option<Throwable> verifyServerSession(String hostname, SSLSession session) {
    return stranger(session);
  }

  /// An authority may have signed more than nodes: these have a name in common.
  private Option<Throwable> stranger(SSLSession session) {
    try {
      X509Certificate own = loaded().held().own();
      if (session.getPeerCertificates()[0] instanceof X509Certificate other) {
        Set<String> common = names(own);
        common.retainAll(names(other));
        return common.isEmpty()
            ? Option.<Throwable>apply(new IllegalArgumentException("a certificate of "
                + other.getSubjectX500Principal() + " has no name in common with that of "
                + own.getSubjectX500Principal()))
            : Option.<Throwable>empty();
      }
      return Option.<Throwable>apply(new IllegalArgumentException("no X.509 certificate"));
    } catch (SSLPeerUnverifiedException | CertificateParsingException | InvalidNameException e) {
      return Option.<Throwable>apply(e);
    }
  }

  private static Set<String> names(X509Certificate certificate)
      throws CertificateParsingException, InvalidNameException {
    Set<String> names = new HashSet<>();
    for (Rdn part : new LdapName(certificate.getSubjectX500Principal().getName()).getRdns())
      if (part.getType().equalsIgnoreCase("CN"))
        names.add(part.getValue().toString());
    Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
    if (alternatives != null)
      for (List<?> name : alternatives)
        if (name.getFirst().equals(DNS_NAME))
          names.add(name.getLast().toString());
    return names;
  }
}
