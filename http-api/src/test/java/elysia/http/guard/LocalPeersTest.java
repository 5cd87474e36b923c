package elysia.http.guard;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalPeersTest {
  private static final InetSocketAddress SERVER = at("127.0.0.1", 0x0BD6);
  private static final InetSocketAddress CLIENT = at("127.0.0.1", 0xC350);
  private static final String HEADER = "  sl  local_address rem_address   st tx_queue rx_queue"
      + " tr tm->when retrnsmt   uid  timeout inode\n";

  @TempDir
  Path proc;

  @BeforeEach
  void accountIs1000() throws IOException {
    Assumptions.assumeTrue(ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN);
    Files.createDirectories(proc.resolve("self"));
    Files.createDirectories(proc.resolve("net"));
    Files.writeString(proc.resolve("self/status"), "Name:\tjava\nUid:\t1000\t1000\t1000\t1000\n");
  }

  private static InetSocketAddress at(String address, int port) {
    return new InetSocketAddress(InetAddress.ofLiteral(address), port);
  }

  private boolean trusted(String list, String... entries) throws IOException {
    Files.writeString(proc.resolve("net").resolve(list),
        HEADER + String.join("\n", entries) + "\n");
    return new LocalPeers(proc).trusted(CLIENT, SERVER);
  }

  private static String entry(String local, String remote, int uid, int inode) {
    return "  12: " + local + " " + remote + " 01 00000000:00000000 00:00000000 00000000 "
        + uid + "        0 " + inode + " 1 0000000000000000 20 4 30 10 -1";
  }

  @Test
  void ownAccountIsTrusted() throws IOException {
    assertThat(trusted("tcp", entry("0100007F:0BD6", "0100007F:C350", 7, 1),
        entry("0100007F:C350", "0100007F:0BD6", 1000, 2))).isTrue();
  }

  @Test
  void anotherAccountIsNot() throws IOException {
    assertThat(trusted("tcp", entry("0100007F:C350", "0100007F:0BD6", 65534, 2))).isFalse();
  }

  @Test
  void rootIsTrusted() throws IOException {
    assertThat(trusted("tcp", entry("0100007F:C350", "0100007F:0BD6", 0, 2))).isTrue();
  }

  /// The system shows the socket of a process that has ended, or closed it, as root's.
  @Test
  void closedSocketIsNobodys() throws IOException {
    assertThat(trusted("tcp", entry("0100007F:C350", "0100007F:0BD6", 0, 0))).isFalse();
  }

  /// The same port of a client may lead to another server, for another account.
  @Test
  void connectionToAnotherServerProvesNothing() throws IOException {
    assertThat(trusted("tcp", entry("0100007F:C350", "0100007F:1538", 1000, 2))).isFalse();
  }

  @Test
  void addressInsideIpv6IsTheSameAddress() throws IOException {
    assertThat(trusted("tcp6", entry("0000000000000000FFFF00000100007F:C350",
        "0000000000000000FFFF00000100007F:0BD6", 1000, 2))).isTrue();
  }

  @Test
  void ipv6LoopbackIsFound() throws IOException {
    Files.writeString(proc.resolve("net/tcp6"), HEADER + entry(
        "00000000000000000000000001000000:C350", "00000000000000000000000001000000:0BD6", 1000, 2));
    assertThat(new LocalPeers(proc).trusted(at("::1", 0xC350),
        at("::1", 0x0BD6))).isTrue();
  }

  @Test
  void nobodyIsTrustedWhereThereIsNoList(@TempDir Path empty) {
    assertThat(new LocalPeers(empty).trusted(CLIENT, SERVER)).isFalse();
  }
}
