package elysia.core.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.util.Arrays;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PemTest {
  /// What stands in PKCS #8 before a PKCS #1 key of 2048 bits.
  private static final int HEADER = 26;

  @TempDir
  private Path folder;

  private Path file(String type, byte[] der) throws Exception {
    return Files.writeString(folder.resolve("key.pem"), "a comment\n-----BEGIN " + type + "-----\n"
        + Base64.getMimeEncoder().encodeToString(der) + "\n-----END " + type + "-----\n");
  }

  private static PrivateKey generated(String algorithm) throws Exception {
    KeyPair pair = KeyPairGenerator.getInstance(algorithm).generateKeyPair();
    return pair.getPrivate();
  }

  @ParameterizedTest
  @ValueSource(strings = {"RSA", "EC", "Ed25519"})
  void keysOfEveryTypeAreRead(String algorithm) throws Exception {
    PrivateKey key = generated(algorithm);
    assertThat(Pem.key(file("PRIVATE KEY", key.getEncoded()))).isEqualTo(key);
  }

  @Test
  void keyOfTheOlderFormIsRead() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2048);
    PrivateKey key = generator.generateKeyPair().getPrivate();
    byte[] whole = key.getEncoded();
    assertThat(Pem.key(
        file("RSA PRIVATE KEY", Arrays.copyOfRange(whole, HEADER, whole.length)))).isEqualTo(key);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ENCRYPTED PRIVATE KEY", "EC PRIVATE KEY", "CERTIFICATE"})
  void whatIsNoUsableKeyIsRefusedWithTheWayOut(String type) throws Exception {
    Path file = file(type, generated("EC").getEncoded());
    assertThatThrownBy(() -> Pem.key(file)).isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("openssl pkcs8");
  }

  @Test
  void fileWithoutCertificatesIsRefused() throws Exception {
    Path file = Files.writeString(folder.resolve("ca.pem"), "");
    assertThatThrownBy(() -> Pem.certificates(file)).isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected: PEM certificates");
  }
}
