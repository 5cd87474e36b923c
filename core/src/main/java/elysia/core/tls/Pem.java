package elysia.core.tls;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/// Reads PEM files (RFC 7468). All methods throw `IllegalArgumentException` when a file holds
/// something else, saying what is expected.
public final class Pem {
  private static final Pattern KEY = Pattern.compile(
      "-----BEGIN (RSA )?PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END (RSA )?PRIVATE KEY-----");
  private static final List<String> ALGORITHMS = List.of("RSA", "EC", "EdDSA");
  /// PKCS #8's version 0 and rsaEncryption (RFC 5208, RFC 8017).
  private static final byte[] RSA_KEY = HexFormat.of()
      .parseHex("020100300d06092a864886f70d0101010500");
  private static final int SEQUENCE = 0x30;
  private static final int OCTET_STRING = 0x04;
  private static final byte[] PROBE = {1, 2, 3};

  private Pem() {}

  /// All certificates of a file, in their order; at least one.
  public static List<X509Certificate> certificates(Path file)
      throws IOException, GeneralSecurityException {
    List<X509Certificate> all = CertificateFactory.getInstance("X.509")
        .generateCertificates(new ByteArrayInputStream(Files.readAllBytes(file))).stream()
        .map(X509Certificate.class::cast).toList();
    if (all.isEmpty())
      throw new IllegalArgumentException(file + " (expected: PEM certificates)");
    return all;
  }

  /// A private key that is not encrypted: PKCS #8 of type RSA, EC or EdDSA, or PKCS #1.
  public static PrivateKey key(Path file) throws IOException, GeneralSecurityException {
    Matcher pem = KEY.matcher(Files.readString(file, StandardCharsets.US_ASCII));
    if (!pem.find())
      throw new IllegalArgumentException(file
          + " (expected: BEGIN PRIVATE KEY, not encrypted; convert others with openssl pkcs8 -topk8 -nocrypt)");
    byte[] der = Base64.getMimeDecoder().decode(pem.group(2));
    PKCS8EncodedKeySpec spec = new PKCS8EncodedKeySpec(pem.group(1) == null ? der : wrapped(der));
    for (String algorithm : ALGORITHMS) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(spec);
      } catch (InvalidKeySpecException e) { // of another type
      }
    }
    throw new IllegalArgumentException(
        file + " (expected: a key of one of the types " + ALGORITHMS + ")");
  }

  /// A PKCS #1 key as PKCS #8.
  private static byte[] wrapped(byte[] rsa) {
    ByteArrayOutputStream inner = new ByteArrayOutputStream();
    inner.writeBytes(RSA_KEY);
    element(inner, OCTET_STRING, rsa);
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    element(whole, SEQUENCE, inner.toByteArray());
    return whole.toByteArray();
  }

  private static void element(ByteArrayOutputStream out, int tag, byte[] content) {
    out.write(tag);
    out.write(0x82); // two bytes of length follow; RSA keys are longer than 127 bytes
    out.write(content.length >> 8);
    out.write(content.length);
    out.writeBytes(content);
  }

  /// Whether the key is the certificate's own, as a signature tells whatever its type. Two files
  /// are rarely replaced in one moment.
  public static boolean belongTogether(PrivateKey key, X509Certificate certificate)
      throws GeneralSecurityException {
    PublicKey of = certificate.getPublicKey();
    if (!of.getAlgorithm().equals(key.getAlgorithm()))
      return false;
    Signature signature = Signature.getInstance(switch (of.getAlgorithm()) {
      case "RSA" -> "SHA256withRSA";
      case "EC" -> "SHA256withECDSA";
      default -> of.getAlgorithm();
    });
    signature.initSign(key);
    signature.update(PROBE);
    byte[] signed = signature.sign();
    signature.initVerify(of);
    signature.update(PROBE);
    return signature.verify(signed);
  }

  /// Trusts what these authorities signed, and nothing else.
  public static X509TrustManager trusting(List<X509Certificate> authorities)
      throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    for (int i = 0; i < authorities.size(); i++)
      store.setCertificateEntry("ca" + i, authorities.get(i));
    TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
    factory.init(store);
    for (TrustManager manager : factory.getTrustManagers())
      if (manager instanceof X509TrustManager x509)
        return x509;
    throw new IllegalStateException("no trust manager for X.509");
  }
}
