package elysia.deploy.membership;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import elysia.testkit.node.Certificates;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Two nodes' engines speak to each other in memory.
class NodeTlsTest {
  private static final Duration RELOAD = Duration.ofMinutes(1);
  private static final String NAME = "elysiactl";
  private static final int ROUNDS = 100;

  @TempDir
  private static Path authorities;
  private static Certificates old;
  private static Certificates fresh;
  @TempDir
  private Path folder;
  private final AtomicLong nanos = new AtomicLong();

  @BeforeAll
  static void generate() throws IOException {
    old = new Certificates(authorities.resolve("old")).make("rsa", "RSA", NAME)
        .make("ec", "EC", NAME).make("other", "EC", "somebody");
    fresh = new Certificates(authorities.resolve("fresh")).make("ec", "EC", NAME);
  }

  private Path files(String node) {
    return folder.resolve(node);
  }

  private NodeTls node(String name, Certificates authority, String alias, Certificates... trusted)
      throws IOException, GeneralSecurityException {
    write(name, authority, alias, trusted);
    return new NodeTls(settings(name), nanos::get);
  }

  private ClusterTls settings(String name) {
    Path files = files(name);
    return new ClusterTls(files.resolve("tls.crt"), files.resolve("tls.key"),
        files.resolve("ca.crt"), RELOAD);
  }

  private void write(String name, Certificates authority, String alias, Certificates... trusted)
      throws IOException, GeneralSecurityException {
    authority.write(alias, files(name));
    Certificates.trust(files(name), trusted);
  }

  private void later() {
    nanos.addAndGet(RELOAD.toNanos());
  }

  /// Whether a connection from one to the other comes about.
  private static boolean speak(NodeTls from, NodeTls to) {
    SSLEngine client = from.createClientSSLEngine("127.0.0.1", 1);
    SSLEngine server = to.createServerSSLEngine("127.0.0.1", 1);
    try {
      shakeHands(client, server);
    } catch (SSLException e) {
      return false;
    }
    return from.verifyClientSession("127.0.0.1", client.getSession()).isEmpty()
        && to.verifyServerSession("127.0.0.1", server.getSession()).isEmpty();
  }

  private static void shakeHands(SSLEngine client, SSLEngine server) throws SSLException {
    client.beginHandshake();
    server.beginHandshake();
    ByteBuffer toServer = ByteBuffer.allocate(1 << 16);
    ByteBuffer toClient = ByteBuffer.allocate(1 << 16);
    for (int round = 0; round < ROUNDS; round++) {
      step(client, toClient, toServer);
      step(server, toServer, toClient);
      if (idle(client) && idle(server) && toServer.position() == 0 && toClient.position() == 0)
        return;
    }
    throw new SSLException("no end after " + ROUNDS + " rounds");
  }

  private static boolean idle(SSLEngine engine) {
    return engine.getHandshakeStatus() == HandshakeStatus.NOT_HANDSHAKING;
  }

  private static void step(SSLEngine engine, ByteBuffer in, ByteBuffer out) throws SSLException {
    in.flip();
    ByteBuffer plain = ByteBuffer.allocate(1 << 16);
    while (in.hasRemaining() && engine.unwrap(in, plain).bytesConsumed() > 0)
      work(engine);
    in.compact();
    work(engine);
    while (engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
      engine.wrap(ByteBuffer.allocate(0), out);
      work(engine);
    }
  }

  private static void work(SSLEngine engine) {
    for (Runnable task = engine.getDelegatedTask(); task != null; task = engine
        .getDelegatedTask())
      task.run();
  }

  @Test
  void keysOfDifferentTypesGoTogether() throws Exception {
    NodeTls rsa = node("rsa", old, "rsa", old);
    NodeTls ec = node("ec", old, "ec", old);
    assertThat(speak(rsa, ec)).isTrue();
    assertThat(speak(ec, rsa)).isTrue();
    assertThat(speak(ec, ec)).isTrue();
  }

  @Test
  void anotherAuthorityOrNameIsRefused() throws Exception {
    NodeTls node = node("node", old, "ec", old);
    NodeTls stranger = node("stranger", fresh, "ec", fresh);
    NodeTls trustful = node("trustful", fresh, "ec", old, fresh);
    NodeTls other = node("other", old, "other", old);
    for (NodeTls refused : new NodeTls[]{stranger, trustful, other}) {
      assertThat(speak(refused, node)).isFalse();
      assertThat(speak(node, refused)).isFalse();
    }
  }

  @Test
  void authorityIsChangedWhileNodesSpeakToEachOther() throws Exception {
    NodeTls one = node("one", old, "rsa", old);
    NodeTls two = node("two", old, "ec", old);
    write("one", old, "rsa", old, fresh);
    later();
    assertThat(speak(one, two)).isTrue();
    write("two", old, "ec", old, fresh);
    later();
    write("one", fresh, "ec", old, fresh);
    later();
    assertThat(speak(one, two)).isTrue();
    assertThat(speak(two, one)).isTrue();
    write("two", fresh, "ec", old, fresh);
    later();
    write("one", fresh, "ec", fresh);
    write("two", fresh, "ec", fresh);
    later();
    assertThat(speak(one, two)).isTrue();
    assertThat(speak(one, node("late", old, "ec", old, fresh))).isFalse();
  }

  @Test
  void lastGoodFilesStayWhileTheNewOnesCannotBeUsed() throws Exception {
    NodeTls one = node("one", old, "ec", old);
    NodeTls two = node("two", old, "ec", old);
    assertThat(speak(one, two)).isTrue();
    Files.writeString(files("one").resolve("tls.key"), "half a file");
    later();
    assertThat(speak(one, two)).isTrue();
    old.write("rsa", files("one"));
    later();
    assertThat(speak(one, two)).isTrue();
  }

  @Test
  void filesThatDoNotFitAreToldAtTheStart() throws Exception {
    write("node", old, "ec", fresh);
    ClusterTls stranger = settings("node");
    assertThatThrownBy(stranger::checked).isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("signed by a ca");
    write("mixed", old, "ec", old);
    write("from", old, "rsa", old);
    Files.copy(files("from").resolve("tls.key"), files("mixed").resolve("tls.key"),
        java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    ClusterTls mixed = settings("mixed");
    assertThatThrownBy(mixed::checked).isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected: the key of");
  }
}
