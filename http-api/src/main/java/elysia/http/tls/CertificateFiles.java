package elysia.http.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads the server's key and certificate chain.
final class CertificateFiles {
  private static final Pattern PKCS8 = Pattern
      .compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");
  private static final byte[] PROBE = {1, 2, 3};
  private static final List<String> ALGORITHMS = List.of("RSA", "EC", "EdDSA");

  /// A key and its chain, the server's own certificate first.
  record Identity(PrivateKey key, List<X509Certificate> chain) {}

  private CertificateFiles() {}

  /// @throws IllegalArgumentException
  ///           when a file holds something else
  static Identity read(TlsSettings.Files files) throws IOException, GeneralSecurityException {
    Identity identity = switch (files) {
      case TlsSettings.Files.Pem(var certificate, var key) ->
        new Identity(key(key), chain(certificate));
      case TlsSettings.Files.Pkcs12(var keystore, var password) -> fromStore(keystore, password);
    };
    if (!belongTogether(identity))
      throw new IllegalArgumentException(
          "tls: " + files + " (expected: the certificate's own key)");
    return identity;
  }

  /// A signature tells, whatever the type. Two files are rarely replaced in one moment.
  private static boolean belongTogether(Identity identity) throws GeneralSecurityException {
    PublicKey of = identity.chain().getFirst().getPublicKey();
    if (!of.getAlgorithm().equals(identity.key().getAlgorithm()))
      return false;
    Signature signature = Signature.getInstance(switch (of.getAlgorithm()) {
      case "RSA" -> "SHA256withRSA";
      case "EC" -> "SHA256withECDSA";
      default -> of.getAlgorithm();
    });
    signature.initSign(identity.key());
    signature.update(PROBE);
    byte[] signed = signature.sign();
    signature.initVerify(of);
    signature.update(PROBE);
    return signature.verify(signed);
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

  private static List<X509Certificate> chain(Path file)
      throws IOException, GeneralSecurityException {
    List<X509Certificate> chain = CertificateFactory.getInstance("X.509")
        .generateCertificates(new ByteArrayInputStream(Files.readAllBytes(file))).stream()
        .map(X509Certificate.class::cast).toList();
    if (chain.isEmpty())
      throw new IllegalArgumentException("certificate: " + file + " (expected: a PEM certificate)");
    return chain;
  }

  private static PrivateKey key(Path file) throws IOException, GeneralSecurityException {
    Matcher pem = PKCS8.matcher(Files.readString(file, StandardCharsets.US_ASCII));
    if (!pem.find())
      throw new IllegalArgumentException("key: " + file
          + " (expected: BEGIN PRIVATE KEY, not encrypted; convert others with openssl pkcs8 -topk8 -nocrypt)");
    PKCS8EncodedKeySpec spec = new PKCS8EncodedKeySpec(
        Base64.getMimeDecoder().decode(pem.group(1)));
    for (String algorithm : ALGORITHMS) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(spec);
      } catch (InvalidKeySpecException e) { // of another type
      }
    }
    throw new IllegalArgumentException("key: " + file + " (expected: one of " + ALGORITHMS + ")");
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
