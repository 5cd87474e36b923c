package elysia.deploy.node;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import elysia.http.server.ServerAddress;
import java.nio.file.Path;
import java.security.Security;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Runs a node in the foreground: `server start --foreground [--config FILE] [--idle-exit
/// TIME] [--print-config]`.
public final class Main {
  private static final Logger LOG = LoggerFactory.getLogger(Main.class);
  private static final int USAGE = 2;
  private static final int FAILED = 3;

  private Main() {}

  public static void main(String[] args) {
    long started = System.nanoTime();
    // Java remembers a name's addresses for 30 s, longer than a service takes to move.
    Security.setProperty("networkaddress.cache.ttl", "5");
    Security.setProperty("networkaddress.cache.negative.ttl", "1");
    try {
      Arguments arguments = Arguments.parse(args);
      Config config = NodeConfig.load(arguments.config(), arguments.home(), arguments.idleExit());
      if (arguments.printConfig()) {
        System.out.print(NodeConfig.print(config));
        return;
      }
      ServerAddress address = Node.start(config);
      LOG.info("node {} ready at {} after {} ms", Node.version(), address.url(),
          (System.nanoTime() - started) / 1_000_000);
    } catch (IllegalArgumentException e) {
      fail(USAGE, e);
    } catch (ConfigException e) {
      fail(USAGE, new IllegalArgumentException("configuration: " + e.getMessage(), e));
    } catch (RuntimeException e) {
      fail(FAILED, e);
    }
  }

  /// Halts: half a node must not stay a member of the cluster.
  private static void fail(int status, RuntimeException e) {
    System.err.println("error: " + e.getMessage());
    LOG.debug("start failed", e);
    if (e.getMessage() == null)
      LOG.error("start failed", e);
    Runtime.getRuntime().halt(status);
  }

  private record Arguments(Optional<Path> config, Optional<Path> home, Optional<String> idleExit,
      boolean printConfig) {
    static Arguments parse(String[] args) {
      Optional<Path> config = Optional.empty();
      Optional<Path> home = Optional.empty();
      Optional<String> idleExit = Optional.empty();
      boolean print = false;
      for (int i = 0; i < args.length; i++) {
        String[] option = args[i].split("=", 2);
        switch (option[0]) {
          case "server", "start", "--foreground" -> {
          }
          case "--print-config" -> print = true;
          case "--config", "--home", "--idle-exit" -> {
            if (option.length == 1 && i + 1 == args.length)
              throw new IllegalArgumentException(option[0] + ": missing (expected: a value)");
            String value = option.length == 2 ? option[1] : args[++i];
            if (option[0].equals("--config"))
              config = Optional.of(Path.of(value));
            else if (option[0].equals("--home"))
              home = Optional.of(Path.of(value));
            else
              idleExit = Optional.of(value);
          }
          default -> throw new IllegalArgumentException(args[i]
              + ": unknown (expected: --config FILE, --home DIR, --idle-exit TIME, --print-config)");
        }
      }
      return new Arguments(config, home, idleExit, print);
    }
  }
}
