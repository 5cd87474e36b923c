package elysia.http.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import elysia.core.auth.Authenticator;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsIT {
  private static final char[] PASSWORD = "secret-1".toCharArray();
  @TempDir
  private static Path keys;
  private static KeyStore first;
  private static KeyStore second;
  private static KeyStore third;
  @TempDir
  private Path folder;

  @BeforeAll
  static void generate() throws Exception {
    first = generated("first", "EC");
    second = generated("second", "RSA");
    third = generated("third", "RSA");
  }

  private static KeyStore generated(String name, String algorithm) throws Exception {
    Path file = keys.resolve(name + ".p12");
    Process keytool = new ProcessBuilder(
        Path.of(System.getProperty("java.home"), "bin", "keytool").toString(), "-genkeypair",
        "-alias", "a", "-keyalg", algorithm, "-dname", "CN=" + name, "-ext", "san=ip:127.0.0.1",
        "-storetype", "PKCS12", "-storepass", new String(PASSWORD), "-keystore", file.toString())
        .redirectErrorStream(true).redirectOutput(keys.resolve("keytool.log").toFile()).start();
    assertThat(keytool.waitFor(60, TimeUnit.SECONDS)).isTrue();
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
      store.load(in, PASSWORD);
    }
    return store;
  }

  private static String pem(String type, byte[] bytes) {
    return "-----BEGIN " + type + "-----\n" + Base64.getMimeEncoder().encodeToString(bytes)
        + "\n-----END " + type + "-----\n";
  }

  private void writePem(KeyStore store) throws Exception {
    writeCertificate(store);
    writeKey(store);
  }

  private void writeCertificate(KeyStore store) throws Exception {
    Files.writeString(folder.resolve("cert.pem"),
        pem("CERTIFICATE", store.getCertificate("a").getEncoded()));
  }

  private void writeKey(KeyStore store) throws Exception {
    Files.writeString(folder.resolve("key.pem"),
        pem("PRIVATE KEY", store.getKey("a", PASSWORD).getEncoded()));
  }

  /// The name in the certificate that a new connection sees.
  private static String served(TestServer server, KeyStore... trusted) throws Exception {
    KeyStore trust = KeyStore.getInstance("PKCS12");
    trust.load(null, null);
    for (int i = 0; i < trusted.length; i++)
      trust.setCertificateEntry("t" + i, trusted[i].getCertificate("a"));
    TrustManagerFactory managers = TrustManagerFactory
        .getInstance(TrustManagerFactory.getDefaultAlgorithm());
    managers.init(trust);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, managers.getTrustManagers(), null);
    try (HttpClient client = HttpClient.newBuilder().sslContext(context).build()) {
      HttpResponse<String> response = client.send(
          HttpRequest.newBuilder(server.uri("/alive")).build(),
          BodyHandlers.ofString());
      assertThat(response.statusCode()).isEqualTo(200);
      return ((X509Certificate) response.sslSession().orElseThrow().getPeerCertificates()[0])
          .getSubjectX500Principal().getName();
    }
  }

  @Test
  void replacedPemFilesAreServedWithoutARestart() throws Exception {
    writePem(first);
    try (TestServer server = TestServer.with(Authenticator.open(),
        """
            elysia.http.tls { certificate = "%s/cert.pem", key = "%s/key.pem", reload-interval = 1ns }"""
            .formatted(folder, folder))) {
      assertThat(server.address.url().getScheme()).isEqualTo("https");
      assertThat(served(server, first)).isEqualTo("CN=first");
      writePem(second);
      assertThat(served(server, second)).isEqualTo("CN=second");
      Files.writeString(folder.resolve("key.pem"), "half writ");
      assertThat(served(server, second)).isEqualTo("CN=second");
      writeCertificate(third);
      assertThat(served(server, second)).isEqualTo("CN=second");
      writeKey(third);
      assertThat(served(server, third)).isEqualTo("CN=third");
    }
  }

  @Test
  void replacedPkcs12IsServedWithoutARestart() throws Exception {
    Path keystore = folder.resolve("server.p12");
    Files.copy(keys.resolve("first.p12"), keystore);
    try (TestServer server = TestServer.with(Authenticator.open(),
        "elysia.http.tls { keystore = \"%s\", keystore-password = %s, reload-interval = 1ns }"
            .formatted(keystore, new String(PASSWORD)))) {
      assertThat(served(server, first)).isEqualTo("CN=first");
      Files.copy(keys.resolve("second.p12"), keystore, StandardCopyOption.REPLACE_EXISTING);
      assertThat(served(server, second)).isEqualTo("CN=second");
    }
  }

  @Test
  void unusableFilesStopTheStart() {
    assertThatThrownBy(() -> TestServer.with(Authenticator.open(),
        "elysia.http.tls { certificate = \"%s/none.pem\", key = \"%s/none.pem\" }".formatted(folder,
            folder)))
        .hasRootCauseInstanceOf(NoSuchFileException.class)
        .hasMessageContaining("expected: a readable key and certificate");
  }
}
