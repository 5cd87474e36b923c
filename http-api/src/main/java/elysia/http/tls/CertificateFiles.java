package elysia.http.tls;

import elysia.core.tls.Pem;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/// Reads the server's key and certificate chain.
final class CertificateFiles {
  /// A key and its chain, the server's own certificate first.
  record Identity(PrivateKey key, List<X509Certificate> chain) {}

  private CertificateFiles() {}

  /// @throws IllegalArgumentException when a file holds something else
  static Identity read(TlsSettings.Files files) throws IOException, GeneralSecurityException {
    Identity identity = switch (files) {
      case TlsSettings.Files.Pem(var certificate, var key) ->
        new Identity(Pem.key(key), Pem.certificates(certificate));
      case TlsSettings.Files.Pkcs12(var keystore, var password) -> fromStore(keystore, password);
    };
    if (!Pem.belongTogether(identity.key(), identity.chain().getFirst()))
      throw new IllegalArgumentException(
          "tls: " + files + " (expected: the certificate's own key)");
    return identity;
  }

  /// Differs whenever a file may have changed.
  static String stamp(TlsSettings.Files files) throws IOException {
    return switch (files) {
      case TlsSettings.Files.Pem(var certificate, var key) -> stamp(certificate) + stamp(key);
      case TlsSettings.Files.Pkcs12(var keystore, _) -> stamp(keystore);
    };
  }

  private static String stamp(Path file) throws IOException {
    BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
    return attributes.lastModifiedTime() + "/" + attributes.size() + "/" + attributes.fileKey()
        + " ";
  }

  private static Identity fromStore(Path file, String password)
      throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
      store.load(in, password.toCharArray());
    }
    for (String alias : Collections.list(store.aliases())) {
      if (store.getKey(alias, password.toCharArray()) instanceof PrivateKey key) {
        Certificate[] chain = store.getCertificateChain(alias);
        return new Identity(key,
            Arrays.stream(chain).map(X509Certificate.class::cast).toList());
      }
    }
    throw new IllegalArgumentException("keystore: " + file + " (expected: a private key in it)");
  }
}
