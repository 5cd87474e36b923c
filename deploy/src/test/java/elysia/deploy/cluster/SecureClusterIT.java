package elysia.deploy.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import elysia.testkit.node.Api;
import elysia.testkit.node.Certificates;
import elysia.testkit.node.NodeProcess;
import elysia.testkit.process.Await;
import elysia.testkit.process.Ports;
import elysia.testkit.weaviate.FaultyWeaviate;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Nodes that find each other by a name that stands for all of them, and know each other by
/// their certificates.
@Tag("chaos")
class SecureClusterIT {
  private static final Duration LIMIT = Duration.ofMinutes(4);
  private static final String NAME = "nodes.test";

  @TempDir
  private Path folder;
  private final List<NodeProcess> nodes = new ArrayList<>();
  private EmbeddedPostgres postgres;
  private FaultyWeaviate store;
  private Path hosts;
  private int port;

  @BeforeEach
  void services() throws IOException {
    postgres = EmbeddedPostgres.builder().start();
    store = FaultyWeaviate.start();
    hosts = folder.resolve("hosts");
    Files.writeString(hosts, "127.0.0.1 localhost\n127.0.0.3 " + NAME + "\n127.0.0.2 " + NAME
        + "\n127.0.0.1 " + NAME + "\n");
    port = Ports.free(1).getFirst();
  }

  @AfterEach
  void end() throws IOException {
    nodes.forEach(NodeProcess::close);
    store.close();
    postgres.close();
  }

  /// @param number 1 to 3, the last of its address
  private Map<String, String> environment(int number, Path certificates) {
    Map<String, String> environment = new HashMap<>(Map.of("ELYSIACTL_STORE", "weaviate",
        "WEAVIATE_URL", store.url(), "ELYSIACTL_DB_URL",
        postgres.getJdbcUrl("postgres", "postgres"), "ELYSIACTL_DB_SCHEMA", "elysia_secure",
        "ELYSIACTL_EMBEDDER", "constant", "ELYSIACTL_HOST", "127.0.0." + number,
        "ELYSIACTL_CLUSTER_PORT", String.valueOf(port), "ELYSIACTL_SEED_DNS", NAME,
        "ELYSIACTL_JAVA_OPTS", "-Djdk.net.hosts.file=" + hosts));
    environment.put("ELYSIACTL_CLUSTER_TLS_CERT", certificates.resolve("tls.crt").toString());
    environment.put("ELYSIACTL_CLUSTER_TLS_KEY", certificates.resolve("tls.key").toString());
    environment.put("ELYSIACTL_CLUSTER_TLS_CA", certificates.resolve("ca.crt").toString());
    return environment;
  }

  private NodeProcess node(int number, Path certificates) throws IOException {
    NodeProcess node = new NodeProcess(folder.resolve("node" + number),
        environment(number, certificates))
        .configured("elysia.cluster.tls.reload-interval = 500ms\n");
    nodes.add(node);
    return node;
  }

  private static Set<String> members(NodeProcess node) {
    Set<String> up = new TreeSet<>();
    for (JsonNode member : node.api().get("/v1/cluster").path("members"))
      if (member.path("status").asText().equals("up") && !member.path("unreachable").asBoolean())
        up.add(member.path("address").asText());
    return up;
  }

  private void awaitMembers(int count, List<NodeProcess> among) {
    Await.so(count + " members", LIMIT, () -> among.stream()
        .allMatch(node -> node.alive() && members(node).size() == count));
  }

  @Test
  void nodesStartedAtOnceFormOneClusterThatStrangersCannotReachAndNewCertificatesDoNotEnd()
      throws Exception {
    Certificates authority = new Certificates(folder.resolve("authority"))
        .make("first", "RSA", "elysiactl").make("second", "EC", "elysiactl");
    Certificates stranger = new Certificates(folder.resolve("stranger"))
        .make("own", "RSA", "elysiactl");
    Path keys = folder.resolve("keys");
    authority.write("first", keys);
    for (int i = 1; i <= 3; i++)
      node(i, keys).launch();
    nodes.forEach(node -> node.awaitReady(LIMIT));
    awaitMembers(3, nodes);
    assertThat(nodes.stream().map(SecureClusterIT::members).distinct()).hasSize(1);
    assertThat(members(nodes.getFirst())).allMatch(address -> address.startsWith("pekko://"));

    plainTcpGetsNothing();
    otherAuthorityGetsNothing(stranger);
    tokensHoldOnEveryNode();
    NodeProcess away = nodes.get(2);
    away.stop();
    strangerNeverTakesTheFreePlace(stranger);
    authority.write("second", keys);
    away.start();
    awaitMembers(3, nodes);
    assertThat(nodes.getFirst().api().get("/v1/cluster").path("warnings")).isEmpty();

    nodes.forEach(NodeProcess::kill);
    nodes.forEach(node -> node.launch());
    nodes.forEach(node -> node.awaitReady(LIMIT));
    awaitMembers(3, nodes);
  }

  private static InetAddress second() throws IOException {
    return InetAddress.getByAddress(new byte[]{127, 0, 0, 2});
  }

  private void plainTcpGetsNothing() throws IOException {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(second(), port), 5_000);
      socket.setSoTimeout(30_000);
      socket.getOutputStream()
          .write("GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      byte[] answer = socket.getInputStream().readAllBytes();
      // At most the alert that says no.
      assertThat(answer.length).isLessThan(16);
    } catch (java.net.SocketException e) {
      assertThat(e).hasMessageContaining("reset");
    }
  }

  private void otherAuthorityGetsNothing(Certificates stranger) throws Exception {
    KeyStore keys = stranger.keys();
    KeyManagerFactory own = KeyManagerFactory
        .getInstance(KeyManagerFactory.getDefaultAlgorithm());
    own.init(keys, Certificates.password());
    for (boolean withCertificate : new boolean[]{true, false}) {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(withCertificate ? own.getKeyManagers() : null, trustsAll(), null);
      assertThatThrownBy(() -> {
        try (SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(second(),
            port)) {
          socket.setSoTimeout(30_000);
          socket.startHandshake();
          socket.getOutputStream().write(new byte[64]);
          socket.getOutputStream().flush();
          if (socket.getInputStream().read() < 0)
            throw new IOException("closed");
        }
      }).isInstanceOf(IOException.class).isNotInstanceOf(java.net.SocketTimeoutException.class);
    }
  }

  private javax.net.ssl.TrustManager[] trustsAll() throws Exception {
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    try (var in = Files.newInputStream(folder.resolve("keys").resolve("ca.crt"))) {
      trusted.setCertificateEntry("a",
          java.security.cert.CertificateFactory.getInstance("X.509").generateCertificate(in));
    }
    TrustManagerFactory managers = TrustManagerFactory
        .getInstance(TrustManagerFactory.getDefaultAlgorithm());
    managers.init(trusted);
    return managers.getTrustManagers();
  }

  /// Not even at the address of a member that is away.
  private void strangerNeverTakesTheFreePlace(Certificates stranger) throws Exception {
    List<NodeProcess> rest = nodes.subList(0, 2);
    awaitMembers(2, rest);
    assertThat(rest.getFirst().api().get("/v1/cluster").path("warnings").toString())
        .contains("two nodes do not survive each other");
    Path keys = folder.resolve("stranger-keys");
    stranger.write("own", keys);
    NodeProcess intruder = new NodeProcess(folder.resolve("intruder"), environment(3, keys));
    try {
      intruder.launch();
      Await.so("it says that it is no member", LIMIT,
          () -> intruder.tail().contains("not a member yet"));
      assertThat(members(rest.getFirst())).hasSize(2);
    } finally {
      intruder.close();
    }
  }

  private void tokensHoldOnEveryNode() throws IOException {
    String admin = nodes.get(0).ok("token", "create", "--name", "root", "--scope", "admin").strip();
    String token = nodes.get(0).ok("token", "create", "--name", "ci", "--scope", "read").strip();
    for (NodeProcess node : nodes)
      awaitStatus(node.api(), token, 200);
    nodes.get(1).ok("token", "revoke", "ci");
    for (NodeProcess node : nodes)
      awaitStatus(node.api(), token, 401);
    assertThat(nodes.get(2).api()
        .send("GET", "/v1/tokens", "", "Authorization", "Bearer " + admin).status()).isEqualTo(200);
    nodes.get(2).ok("token", "revoke", "root", "--last");
    for (NodeProcess node : nodes)
      awaitStatus(node.api(), "", 200);
  }

  private static void awaitStatus(Api api, String token, int status) {
    Await.so("status " + status, Duration.ofSeconds(30), () -> {
      try {
        return api.send("GET", "/v1/cluster", "", "Authorization", "Bearer " + token)
            .status() == status;
      } catch (IOException e) {
        return false;
      }
    });
  }
}
