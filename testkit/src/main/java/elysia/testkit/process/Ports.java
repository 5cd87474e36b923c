package elysia.testkit.process;

import java.io.IOException;
import java.net.BindException;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/// Ports for servers that must know theirs before they start. They are below those that systems
/// give out by themselves (from 32,768 on Linux), so that no connection and no other server takes
/// one meanwhile; tests in other processes draw others.
public final class Ports {
  private static final int FIRST = 12_000;
  private static final int END = 32_000;
  private static final Set<Integer> GIVEN = new HashSet<>();

  private Ports() {}

  /// Different ones, free a moment ago and not given out before.
  public static synchronized List<Integer> free(int number) throws IOException {
    List<Integer> ports = new ArrayList<>();
    while (ports.size() < number) {
      int port = ThreadLocalRandom.current().nextInt(FIRST, END);
      if (GIVEN.add(port) && available(port))
        ports.add(port);
    }
    return ports;
  }

  private static boolean available(int port) throws IOException {
    try (ServerSocket _ = new ServerSocket(port)) {
      return true;
    } catch (BindException _) {
      return false;
    }
  }
}
