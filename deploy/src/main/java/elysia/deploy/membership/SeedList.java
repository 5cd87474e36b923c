package elysia.deploy.membership;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/// Known addresses of the nodes of the cluster, the same order on every node.
@FunctionalInterface
interface SeedList {
  /// `host:port`; empty when nothing is known. Blocks its thread.
  List<String> find();

  static SeedList of(Membership membership) {
    return membership.name().<SeedList>map(name -> () -> resolved(name))
        .orElse(membership::seeds);
  }

  private static List<String> resolved(Membership.SeedName name) {
    try {
      return Stream.of(InetAddress.getAllByName(name.host())).map(InetAddress::getAddress)
          .sorted((a, b) -> a.length != b.length
              ? Integer.compare(a.length, b.length)
              : Arrays.compareUnsigned(a, b))
          .map(address -> literal(address) + ":" + name.port()).distinct().toList();
    } catch (UnknownHostException e) {
      return List.of();
    }
  }

  private static String literal(byte[] address) {
    try {
      return InetAddress.getByAddress(address).getHostAddress();
    } catch (UnknownHostException e) { // only for another length
      throw new IllegalStateException(e);
    }
  }
}
