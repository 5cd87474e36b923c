package elysia.http.guard;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Accounts behind local TCP connections, as Linux lists them in `/proc/net/tcp` and `tcp6`. Where
/// there is no such list no account is known, and nobody is trusted. Thread-safe.
public final class LocalPeers {
  private static final long ROOT = 0;
  /// The list is read in pieces, and an entry that moves meanwhile may be missed.
  private static final int READS = 3;
  // Columns of an entry.
  private static final int LOCAL = 1;
  private static final int REMOTE = 2;
  private static final int UID = 7;
  private static final int INODE = 9;

  private final Path proc;

  /// @param proc the folder of process information, `/proc`
  public LocalPeers(Path proc) {
    this.proc = proc;
  }

  /// True when the client's end belongs to the account of this process, or to root, who can read
  /// this account's files anyway. The client's socket must still be open: the system shows one that
  /// its process has closed as root's.
  public boolean trusted(InetSocketAddress client, InetSocketAddress server) {
    try {
      Optional<Long> own = own();
      for (int i = 0; own.isPresent() && i < READS; i++) {
        List<Long> owners = owners(client, server);
        if (!owners.isEmpty())
          return owners.stream().allMatch(uid -> uid == ROOT || uid.equals(own.get()));
      }
      return false;
    } catch (IOException | UncheckedIOException e) {
      return false;
    }
  }

  /// Sockets are owned by the file system uid, the last of the four.
  private Optional<Long> own() throws IOException {
    Path status = proc.resolve("self/status");
    if (!Files.exists(status))
      return Optional.empty();
    try (Stream<String> lines = Files.lines(status)) {
      return lines.filter(line -> line.startsWith("Uid:"))
          .map(line -> Long.valueOf(line.substring(line.lastIndexOf('\t') + 1).strip()))
          .findFirst();
    }
  }

  private List<Long> owners(InetSocketAddress client, InetSocketAddress server) throws IOException {
    return Stream.concat(owners("net/tcp", client, server), owners("net/tcp6", client, server))
        .toList();
  }

  private Stream<Long> owners(String list, InetSocketAddress client, InetSocketAddress server)
      throws IOException {
    Path file = proc.resolve(list);
    if (!Files.exists(file))
      return Stream.empty();
    String port = ":%04X ".formatted(client.getPort());
    try (Stream<String> lines = Files.lines(file)) {
      return lines.filter(line -> line.contains(port)).map(line -> line.strip().split("\\s+"))
          .filter(entry -> entry.length > INODE && !entry[INODE].equals("0")
              && address(entry[LOCAL]).equals(client) && address(entry[REMOTE]).equals(server))
          .map(entry -> Long.valueOf(entry[UID])).toList().stream();
    }
  }

  /// An address as `0100007F:0BD6`: words of four bytes in the processor's order, then the port. An
  /// IPv4 address inside IPv6 is the IPv4 address.
  private static InetSocketAddress address(String text) {
    int colon = text.indexOf(':');
    byte[] bytes = HexFormat.of().parseHex(text, 0, colon);
    if (ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN) {
      ByteBuffer words = ByteBuffer.wrap(bytes);
      for (int i = 0; i < bytes.length; i += Integer.BYTES)
        words.putInt(i, Integer.reverseBytes(words.getInt(i)));
    }
    try {
      return new InetSocketAddress(InetAddress.getByAddress(bytes),
          HexFormat.fromHexDigits(text, colon + 1, text.length()));
    } catch (UnknownHostException e) {
      throw new UncheckedIOException(e);
    }
  }
}
