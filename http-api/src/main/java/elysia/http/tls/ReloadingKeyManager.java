package elysia.http.tls;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.function.LongSupplier;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Hands out the certificate that is in the files now. They are looked at when a client connects;
/// while what is in them cannot be used, the last good one stays.
final class ReloadingKeyManager extends X509ExtendedKeyManager {
  private static final Logger LOG = LoggerFactory.getLogger(ReloadingKeyManager.class);

  /// A handshake asks for alias, chain and key one by one: the alias ties them together, and the
  /// one before stays known for handshakes that began with it.
  private record Loaded(String alias, CertificateFiles.Identity identity) {}

  private final TlsSettings settings;
  private final LongSupplier nanoTime;
  private Loaded current;
  private Loaded previous;
  private String stamp;
  private long lookedAt;
  private int generation;

  ReloadingKeyManager(TlsSettings settings, LongSupplier nanoTime)
      throws IOException, GeneralSecurityException {
    this.settings = settings;
    this.nanoTime = nanoTime;
    this.stamp = CertificateFiles.stamp(settings.files());
    this.current = new Loaded("0", CertificateFiles.read(settings.files()));
    this.previous = current;
    this.lookedAt = nanoTime.getAsLong();
  }

  private synchronized Loaded fresh() {
    long now = nanoTime.getAsLong();
    if (now - lookedAt < settings.reloadInterval().toNanos())
      return current;
    lookedAt = now;
    String seen = stamp;
    try {
      seen = CertificateFiles.stamp(settings.files());
      if (!seen.equals(stamp)) {
        CertificateFiles.Identity identity = CertificateFiles.read(settings.files());
        previous = current;
        current = new Loaded(Integer.toString(++generation), identity);
        LOG.info("TLS certificate read again, valid until {}",
            identity.chain().getFirst().getNotAfter().toInstant());
      }
    } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
      LOG.warn("TLS certificate not read again, the one before stays: {}", e.toString());
    }
    stamp = seen;
    return current;
  }

  private synchronized CertificateFiles.@Nullable Identity identity(String alias) {
    if (current.alias().equals(alias))
      return current.identity();
    return previous.alias().equals(alias) ? previous.identity() : null;
  }

  private @Nullable String alias(@Nullable String keyType) {
    Loaded loaded = fresh();
    return loaded.identity().key().getAlgorithm().equals(keyType) ? loaded.alias() : null;
  }

  @Override
  public @Nullable String chooseEngineServerAlias(@Nullable String keyType,
      Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
    return alias(keyType);
  }

  @Override
  public @Nullable String chooseServerAlias(@Nullable String keyType,
      Principal @Nullable [] issuers, @Nullable Socket socket) {
    return alias(keyType);
  }

  @Override
  public String @Nullable [] getServerAliases(@Nullable String keyType,
      Principal @Nullable [] issuers) {
    String alias = alias(keyType);
    return alias == null ? null : new String[]{alias};
  }

  @Override
  public X509Certificate @Nullable [] getCertificateChain(String alias) {
    CertificateFiles.Identity identity = identity(alias);
    return identity == null ? null : identity.chain().toArray(X509Certificate[]::new);
  }

  @Override
  public @Nullable PrivateKey getPrivateKey(String alias) {
    CertificateFiles.Identity identity = identity(alias);
    return identity == null ? null : identity.key();
  }

  @Override
  public String @Nullable [] getClientAliases(@Nullable String keyType,
      Principal @Nullable [] issuers) {
    return null;
  }

  @Override
  public @Nullable String chooseClientAlias(String @Nullable [] keyTypes,
      Principal @Nullable [] issuers, @Nullable Socket socket) {
    return null;
  }
}
