package elysia.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A node that serves HTTPS with a certificate that only the user knows.
class CaFileTest {
  private static final char[] PASSWORD = "only-for-a-test".toCharArray();

  @TempDir
  private static Path folder;
  private static HttpsServer server;
  private final Cli cli = new Cli();

  CaFileTest() {
    cli.workingDirectory = folder;
    cli.variables.put("ELYSIACTL_SERVER", "https://127.0.0.1:" + server.getAddress().getPort());
  }

  @BeforeAll
  static void serve() throws Exception {
    KeyStore served = generated("node");
    KeyManagerFactory keys = KeyManagerFactory
        .getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(served, PASSWORD);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), null, null);
    Files.writeString(folder.resolve("ca.pem"), pem(generated("other")) + pem(served));
    Files.writeString(folder.resolve("other.pem"), pem(generated("third")));
    Files.writeString(folder.resolve("empty.pem"), "");
    server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(context));
    server.createContext("/v1/collections", exchange -> {
      byte[] none = "[]".getBytes(StandardCharsets.US_ASCII);
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.sendResponseHeaders(200, none.length);
      exchange.getResponseBody().write(none);
      exchange.close();
    });
    server.start();
  }

  @AfterAll
  static void stop() {
    server.stop(0);
  }

  private static KeyStore generated(String name) throws Exception {
    Path file = folder.resolve(name + ".p12");
    Process keytool = new ProcessBuilder(
        Path.of(System.getProperty("java.home"), "bin", "keytool").toString(), "-genkeypair",
        "-alias", "a", "-keyalg", "EC", "-dname", "CN=" + name, "-ext", "san=ip:127.0.0.1",
        "-storetype", "PKCS12", "-storepass", new String(PASSWORD), "-keystore", file.toString())
        .redirectErrorStream(true).redirectOutput(folder.resolve("keytool.log").toFile()).start();
    assertThat(keytool.waitFor(60, TimeUnit.SECONDS)).isTrue();
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
      store.load(in, PASSWORD);
    }
    return store;
  }

  private static String pem(KeyStore store) throws Exception {
    return "-----BEGIN CERTIFICATE-----\n"
        + Base64.getMimeEncoder().encodeToString(store.getCertificate("a").getEncoded())
        + "\n-----END CERTIFICATE-----\n";
  }

  @Test
  void nodeOfAnUnknownAuthorityIsNotSpokenToAndTheWayOutIsTold() {
    Cli.Result result = cli.run("col", "list");
    assertThat(result.exitCode()).isEqualTo(3);
    assertThat(result.err()).contains("no secure connection to https://", "--ca-file",
        "ELYSIACTL_CA_FILE").doesNotContain("\tat ");
    assertThat(cli.run("col", "list", "--ca-file", "other.pem").exitCode()).isEqualTo(3);
  }

  @Test
  void oneAuthorityOfTheFileIsEnough() {
    assertThat(cli.run("col", "list", "--ca-file", "ca.pem").exitCode()).isZero();
  }

  @Test
  void fileMayBeNamedByTheEnvironmentAndTheOptionGoesBefore() {
    cli.variables.put("ELYSIACTL_CA_FILE", folder.resolve("ca.pem").toString());
    assertThat(cli.run("col", "list").exitCode()).isZero();
    assertThat(cli.run("col", "list", "--ca-file", "other.pem").exitCode()).isEqualTo(3);
  }

  @Test
  void fileThatCannotBeUsedIsWrongUsage() {
    for (String file : new String[]{"empty.pem", "none.pem"}) {
      Cli.Result result = cli.run("col", "list", "--ca-file", file);
      assertThat(result.exitCode()).isEqualTo(2);
      assertThat(result.err()).contains("--ca-file: ", file, "expected: a file with PEM");
    }
  }
}
