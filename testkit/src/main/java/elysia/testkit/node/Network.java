package elysia.testkit.node;

import elysia.testkit.process.Ports;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;

/// The network between the nodes of a cluster on one machine, without any rights on it: every node
/// has a loopback address of its own, is reached through a relay, and is known there by the address
/// that it calls from. A link can be cut in one direction or both, slowed down, or made to lose its
/// connections; store and database stay within reach of all.
public final class Network implements AutoCloseable {
  private static final String PREFIX = "127.77.0.";
  private static final int FIRST = 11;
  private static final int PIECE = 16 * 1024;

  /// From one node to another.
  private record Link(int from, int to) {}

  /// @param delay of each piece
  /// @param loss chance that a piece ends its connection instead
  private record Quality(Duration delay, double loss) {}

  private final List<Integer> outer;
  private final List<Integer> inner;
  private final List<ServerSocket> listeners = new ArrayList<>();
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final Set<Link> cut = ConcurrentHashMap.newKeySet();
  private final Map<Link, Quality> bad = new ConcurrentHashMap<>();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  private Network(int nodes) throws IOException {
    List<Integer> ports = Ports.free(2 * nodes);
    outer = ports.subList(0, nodes);
    inner = ports.subList(nodes, 2 * nodes);
    for (int i = 0; i < nodes; i++) {
      int to = i;
      ServerSocket listener = new ServerSocket();
      listener.bind(new InetSocketAddress(address(i), outer.get(i)));
      listeners.add(listener);
      threads.execute(() -> accept(listener, to));
    }
  }

  /// Empty where the machine has but one loopback address.
  public static Optional<Network> of(int nodes) throws IOException {
    try (ServerSocket probe = new ServerSocket()) {
      probe.bind(new InetSocketAddress(address(0), 0));
    } catch (IOException e) {
      return Optional.empty();
    }
    return Optional.of(new Network(nodes));
  }

  private static String address(int node) {
    return PREFIX + (FIRST + node);
  }

  /// The node's environment.
  public Map<String, String> environment(int node) {
    return Map.of("ELYSIACTL_HOST", address(node), "ELYSIACTL_CLUSTER_PORT",
        String.valueOf(outer.get(node)), "ELYSIACTL_CLUSTER_BIND_HOST", address(node));
  }

  /// The node's settings.
  public String settings(int node) {
    return """
        pekko.remote.artery.bind.port = %d
        pekko.remote.artery.advanced.tcp.outbound-client-hostname = "%s"
        """.formatted(inner.get(node), address(node));
  }

  public String seed(int node) {
    return address(node) + ":" + outer.get(node);
  }

  /// Nothing gets from one to the other any more, though connections stay open.
  public void cut(int from, int to) {
    cut.add(new Link(from, to));
  }

  /// Cuts a node off from all others, both ways.
  public void isolate(int node) {
    for (int other = 0; other < outer.size(); other++)
      if (other != node) {
        cut(node, other);
        cut(other, node);
      }
  }

  /// Every piece between two nodes comes later, and some end their connection instead.
  public void spoil(int a, int b, Duration delay, double loss) {
    bad.put(new Link(a, b), new Quality(delay, loss));
    bad.put(new Link(b, a), new Quality(delay, loss));
  }

  /// All links are good again. What was held back arrives.
  public void heal() {
    bad.clear();
    cut.clear();
    synchronized (cut) {
      cut.notifyAll();
    }
  }

  private void accept(ServerSocket listener, int to) {
    while (!listener.isClosed()) {
      try {
        Socket caller = listener.accept();
        open.add(caller);
        threads.execute(() -> relay(caller, to));
      } catch (IOException e) {
        return; // closed
      }
    }
  }

  private void relay(Socket caller, int to) {
    int from = Integer.parseInt(
        caller.getInetAddress().getHostAddress().substring(PREFIX.length())) - FIRST;
    try (caller; Socket called = new Socket()) {
      open.add(called);
      called.connect(new InetSocketAddress(InetAddress.getByName(address(to)), inner.get(to)));
      threads.execute(() -> pump(called, caller, new Link(to, from)));
      pump(caller, called, new Link(from, to));
    } catch (IOException e) {
      return; // nobody is there
    } finally {
      open.remove(caller);
    }
  }

  private void pump(Socket in, Socket out, Link link) {
    byte[] piece = new byte[PIECE];
    try (in; out) {
      InputStream read = in.getInputStream();
      OutputStream write = out.getOutputStream();
      for (int n = read.read(piece); n >= 0; n = read.read(piece)) {
        Quality quality = bad.get(link);
        if (quality != null) {
          if (ThreadLocalRandom.current().nextDouble() < quality.loss())
            return;
          Thread.sleep(quality.delay());
        }
        awaitLink(link);
        write.write(piece, 0, n);
      }
    } catch (IOException e) {
      return; // one side is gone
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      open.remove(in);
      open.remove(out);
    }
  }

  private void awaitLink(Link link) throws InterruptedException {
    synchronized (cut) {
      while (cut.contains(link))
        cut.wait();
    }
  }

  @Override
  public void close() throws IOException {
    for (ServerSocket listener : listeners)
      listener.close();
    for (Socket socket : open)
      socket.close();
    threads.shutdownNow();
  }
}
