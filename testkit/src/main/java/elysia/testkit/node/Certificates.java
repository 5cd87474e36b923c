package elysia.testkit.node;

import elysia.testkit.process.Finished;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/// An authority and certificates signed by it, made by the JDK's keytool for one test.
public final class Certificates {
  private static final String PASSWORD = "only-for-a-test";
  private static final Duration LIMIT = Duration.ofMinutes(2);
  private final Path folder;
  private final Path store;

  /// @param folder an empty one
  public Certificates(Path folder) throws IOException {
    Files.createDirectories(folder);
    this.folder = folder;
    store = folder.resolve("keys.p12");
    keytool("-genkeypair", "-alias", "authority", "-keyalg", "EC", "-groupname", "secp256r1",
        "-dname", "CN=authority", "-ext", "bc:c", "-validity", "2");
  }

  /// Makes a key and a certificate.
  public Certificates make(String alias, String algorithm, String name) {
    keytool("-genkeypair", "-alias", alias, "-signer", "authority", "-keyalg", algorithm, "-dname",
        "CN=" + name, "-ext", "san=dns:" + name, "-validity", "2");
    return this;
  }

  private void keytool(String... arguments) {
    List<String> command = new ArrayList<>(
        List.of(Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
    command.addAll(List.of(arguments));
    command.addAll(List.of("-storetype", "PKCS12", "-keystore", store.toString(), "-storepass",
        PASSWORD));
    Finished made = Finished.run(folder, Map.of(), LIMIT, new byte[0], command);
    if (made.exit() != 0)
      throw new AssertionError(made.toString());
  }

  /// All keys, for a client of the test's own.
  public KeyStore keys() throws IOException, GeneralSecurityException {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD.toCharArray());
    }
    return keys;
  }

  /// Of [#keys()].
  public static char[] password() {
    return PASSWORD.toCharArray();
  }

  /// Writes `tls.crt`, `tls.key` and `ca.crt` as nodes read them, each in one step.
  public void write(String alias, Path into) throws IOException, GeneralSecurityException {
    Files.createDirectories(into);
    KeyStore keys = keys();
    trust(into, this);
    replace(into.resolve("tls.crt"),
        pem("CERTIFICATE", keys.getCertificate(alias).getEncoded()));
    replace(into.resolve("tls.key"),
        pem("PRIVATE KEY", keys.getKey(alias, PASSWORD.toCharArray()).getEncoded()));
  }

  /// Writes a `ca.crt` with the certificates of several authorities, in one step.
  public static void trust(Path into, Certificates... authorities)
      throws IOException, GeneralSecurityException {
    StringBuilder all = new StringBuilder();
    for (Certificates authority : authorities)
      all.append(pem("CERTIFICATE", authority.keys().getCertificate("authority").getEncoded()));
    replace(into.resolve("ca.crt"), all.toString());
  }

  private static String pem(String type, byte[] bytes) {
    return "-----BEGIN " + type + "-----\n" + Base64.getMimeEncoder().encodeToString(bytes)
        + "\n-----END " + type + "-----\n";
  }

  private static void replace(Path file, String text) throws IOException {
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    Files.writeString(fresh, text);
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
