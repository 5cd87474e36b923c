package elysia.testkit.git;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/// Repositories of a folder over smart HTTPS on loopback: `git http-backend` behind a certificate
/// that was made for the test, with or without a password.
public final class GitHttps implements AutoCloseable {
  private static final String STORE_PASSWORD = "changeit";

  private final HttpsServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Path root;
  private final Path authority;
  private final Optional<String> authorization;
  private final Queue<String> commandLines = new ConcurrentLinkedQueue<>();

  private GitHttps(HttpsServer server, Path root, Path authority, Optional<String> authorization) {
    this.server = server;
    this.root = root;
    this.authority = authority;
    this.authorization = authorization;
  }

  /// @param root folder of the repositories
  /// @param work folder for its key
  /// @param credentials `user:password` that it wants
  public static GitHttps start(Path root, Path work, Optional<String> credentials) {
    try {
      KeyStore keys = keys(Files.createDirectories(work).resolve("keys.p12"));
      HttpsServer server = HttpsServer
          .create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      KeyManagerFactory managers = KeyManagerFactory
          .getInstance(KeyManagerFactory.getDefaultAlgorithm());
      managers.init(keys, STORE_PASSWORD.toCharArray());
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(managers.getKeyManagers(), null, null);
      server.setHttpsConfigurator(new HttpsConfigurator(context));
      Path authority = Files.writeString(work.resolve("authority.pem"),
          "-----BEGIN CERTIFICATE-----\n"
              + Base64.getMimeEncoder().encodeToString(keys.getCertificate("git").getEncoded())
              + "\n-----END CERTIFICATE-----\n");
      GitHttps started = new GitHttps(server, root, authority,
          credentials.map(GitHttps::basic));
      server.createContext("/", started::answer);
      server.setExecutor(started.threads);
      server.start();
      return started;
    } catch (IOException | GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private static KeyStore keys(Path file) throws IOException, GeneralSecurityException {
    try {
      Process keytool = new ProcessBuilder(
          Path.of(System.getProperty("java.home"), "bin", "keytool").toString(), "-genkeypair",
          "-alias", "git", "-keyalg", "EC", "-dname", "CN=127.0.0.1", "-ext", "san=ip:127.0.0.1",
          "-ext", "bc=ca:true", "-validity", "2", "-storetype", "PKCS12", "-keystore",
          file.toString(), "-storepass", STORE_PASSWORD).redirectErrorStream(true).start();
      String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (keytool.waitFor() != 0)
        throw new AssertionError(said);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
      keys.load(in, STORE_PASSWORD.toCharArray());
    }
    return keys;
  }

  /// The value of an Authorization header.
  public static String basic(String credentials) {
    return "Basic "
        + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8));
  }

  public String url(String repository) {
    return "https://127.0.0.1:" + server.getAddress().getPort() + "/" + repository;
  }

  /// PEM file of the certificate that a client must trust.
  public Path authority() {
    return authority;
  }

  /// Of all processes that this one had started, seen at each request that was let in.
  public List<String> commandLines() {
    return List.copyOf(commandLines);
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] request = exchange.getRequestBody().readAllBytes();
      if (authorization.isPresent() && !authorization.get()
          .equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
        exchange.getResponseHeaders().set("WWW-Authenticate", "Basic realm=\"git\"");
        exchange.sendResponseHeaders(401, -1);
        return;
      }
      ProcessHandle.current().descendants()
          .forEach(process -> process.info().commandLine().ifPresent(commandLines::add));
      send(exchange, backend(exchange, request));
    }
  }

  private byte[] backend(HttpExchange exchange, byte[] request) throws IOException {
    URI uri = exchange.getRequestURI();
    ProcessBuilder builder = new ProcessBuilder("git", "http-backend")
        .redirectError(ProcessBuilder.Redirect.DISCARD);
    Map<String, String> cgi = builder.environment();
    cgi.putAll(Map.of("GIT_PROJECT_ROOT", root.toString(), "GIT_HTTP_EXPORT_ALL", "1", "PATH_INFO",
        uri.getPath(), "QUERY_STRING", Optional.ofNullable(uri.getQuery()).orElse(""),
        "REQUEST_METHOD", exchange.getRequestMethod(), "CONTENT_LENGTH", "" + request.length,
        "REMOTE_ADDR", "127.0.0.1"));
    for (Map.Entry<String, String> header : Map.of("Content-Type", "CONTENT_TYPE", "Git-Protocol",
        "GIT_PROTOCOL", "Content-Encoding", "HTTP_CONTENT_ENCODING").entrySet())
      Optional.ofNullable(exchange.getRequestHeaders().getFirst(header.getKey()))
          .ifPresent(value -> cgi.put(header.getValue(), value));
    Process backend = builder.start();
    try (var in = backend.getOutputStream()) {
      in.write(request);
    }
    return backend.getInputStream().readAllBytes();
  }

  private static void send(HttpExchange exchange, byte[] answer) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    int status = 200;
    int at = 0;
    for (; at < answer.length; at++) {
      if (answer[at] != '\n') {
        line.write(answer[at]);
        continue;
      }
      String header = line.toString(StandardCharsets.UTF_8).strip();
      line.reset();
      if (header.isEmpty())
        break;
      String[] parts = header.split(": ", 2);
      if (parts[0].equals("Status"))
        status = Integer.parseInt(parts[1].substring(0, 3));
      else
        exchange.getResponseHeaders().add(parts[0], parts[1]);
    }
    int body = Math.max(0, answer.length - at - 1);
    exchange.sendResponseHeaders(status, body == 0 ? -1 : body);
    if (body > 0)
      exchange.getResponseBody().write(answer, at + 1, body);
  }

  /// Answers nobody any more.
  public void stop() {
    server.stop(0);
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
