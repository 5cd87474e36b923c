package elysia.http.server;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import elysia.core.change.ChangeSettings;
import elysia.http.guard.Guard;
import elysia.http.guard.LocalPeers;
import elysia.http.live.LiveRoutes;
import elysia.http.route.RequestTimers;
import elysia.http.route.Router;
import elysia.http.tls.Tls;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.apache.pekko.Done;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.Http;
import org.apache.pekko.http.javadsl.ServerBinding;
import org.apache.pekko.http.javadsl.ServerBuilder;
import org.apache.pekko.http.javadsl.settings.ServerSettings;
import org.apache.pekko.stream.SystemMaterializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The HTTP API, bound to a port.
public final class HttpServer {
  private static final Logger LOG = LoggerFactory.getLogger(HttpServer.class);

  private static final Path PROC = Path.of("/proc");

  private HttpServer() {}

  /// Binds, and ends gracefully with the system: first `/ready` says no, then the port closes, then
  /// running requests end.
  ///
  /// @return fails with an [IllegalArgumentException] for settings that cannot be used and an
  ///         [IllegalStateException] for an address that cannot be bound
  public static CompletionStage<ServerAddress> start(ActorSystem<?> system, HttpSettings settings,
      Ports ports) {
    try {
      checkAddress(settings, ports);
      return bind(system, settings, ports);
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private static CompletionStage<ServerAddress> bind(ActorSystem<?> system, HttpSettings settings,
      Ports ports) {
    AtomicBoolean leaving = new AtomicBoolean();
    ServerSettings served = serverSettings(system, settings);
    LiveRoutes live = new LiveRoutes(ports.events(), settings.live(), ports.registry());
    Router router = new Router(system, ApiRoutes.endpoints(ports, live, leaving,
        ChangeSettings.from(system.settings().config()), settings.openMetrics(),
        () -> SystemMaterializer.get(system).materializer()),
        new Guard(ports.authenticator(), settings.guard(), new LocalPeers(PROC)),
        new Router.Limits(settings.requestTimeout(), settings.slowRequestTimeout(),
            settings.maxBodySize()),
        new RequestTimers(ports.registry(), settings.latencyBuckets()), ports.audit());
    ServerBuilder plain = Http.get(system).newServerAt(settings.bindAddress(), settings.port())
        .withSettings(served).logTo(new ConnectionLog());
    ServerBuilder builder = settings.tls().map(tls -> plain.enableHttps(Tls.context(tls)))
        .orElse(plain);
    CompletableFuture<InetSocketAddress> listening = new CompletableFuture<>();
    return builder
        .bindFlow(Connections.flow(router, listening, served.getPipeliningLimit()))
        .handle((bound, error) -> {
          if (error != null)
            throw cannotBind(settings, error);
          listening.complete(bound.localAddress());
          endWith(system, settings, bound, live, leaving);
          ServerAddress address = new ServerAddress(bound.localAddress(),
              url(settings, bound.localAddress()));
          LOG.info("HTTP API at {}", address.url());
          return address;
        });
  }

  private static void checkAddress(HttpSettings settings, Ports ports) {
    boolean loopback = settings.loopback();
    if (!loopback && !ports.authenticator().required())
      throw new IllegalArgumentException("interface: " + settings.bindAddress()
          + " (expected: 127.0.0.1, ::1 or localhost while there are no tokens;"
          + " anybody who reaches this address could drive the node). Make one first, on a loopback address:"
          + " elysiactl token create --name NAME --scope admin; or set ELYSIACTL_BOOTSTRAP_TOKEN_FILE");
    if (!loopback && settings.tls().isEmpty())
      LOG.warn("HTTP API on {} without TLS: tokens travel in the clear unless a proxy encrypts",
          settings.bindAddress());
  }

  private static ServerSettings serverSettings(ActorSystem<?> system, HttpSettings settings) {
    Config own = ConfigFactory.parseMap(Map.ofEntries(
        Map.entry("server-header", ""),
        Map.entry("transparent-head-requests", true),
        Map.entry("remote-address-attribute", true),
        Map.entry("max-connections", settings.maxConnections()),
        Map.entry("idle-timeout", settings.idleTimeout().toMillis() + "ms"),
        // The router answers first, with a problem document.
        Map.entry("request-timeout", settings.idleTimeout().toMillis() + "ms"),
        Map.entry("parsing.max-content-length", settings.maxBodySize()),
        Map.entry("parsing.max-header-count", settings.maxHeaderCount()),
        Map.entry("parsing.max-header-value-length", settings.maxHeaderSize()),
        Map.entry("parsing.max-uri-length", settings.maxUriLength()),
        Map.entry("parsing.illegal-header-warnings", false),
        Map.entry("parsing.error-logging-verbosity", "off"),
        Map.entry("websocket.periodic-keep-alive-max-idle",
            settings.live().keepAlive().toMillis() + "ms")))
        .atPath("pekko.http.server");
    return ServerSettings.create(own.withFallback(system.settings().config()));
  }

  private static void endWith(ActorSystem<?> system, HttpSettings settings, ServerBinding bound,
      LiveRoutes live, AtomicBoolean leaving) {
    CoordinatedShutdown shutdown = CoordinatedShutdown.get(system);
    Executor later = CompletableFuture.delayedExecutor(settings.drainTime().toMillis(),
        TimeUnit.MILLISECONDS);
    shutdown.addTask(CoordinatedShutdown.PhaseBeforeServiceUnbind(), "http-not-ready", () -> {
      leaving.set(true);
      return CompletableFuture.supplyAsync(() -> {
        live.close();
        return Done.getInstance();
      }, later);
    });
    bound.addToCoordinatedShutdown(settings.shutdownTimeout(), system);
  }

  private static RuntimeException cannotBind(HttpSettings settings, Throwable error) {
    Throwable cause = error;
    while (cause instanceof CompletionException && cause.getCause() != null)
      cause = cause.getCause();
    String where = "port " + settings.port() + " on " + settings.bindAddress();
    boolean taken = Stream.iterate(cause, c -> c != null, Throwable::getCause)
        .anyMatch(BindException.class::isInstance);
    return new IllegalStateException(taken
        ? where + " cannot be bound: in use, or not an address of this machine"
            + " (set elysia.http.port to another one, or end what listens there)"
        : where + " cannot be bound", cause);
  }

  private static URI url(HttpSettings settings, InetSocketAddress address) {
    InetAddress bound = address.getAddress();
    String literal = bound.isAnyLocalAddress()
        ? InetAddress.getLoopbackAddress().getHostAddress()
        : bound.getHostAddress();
    String host = literal.contains(":") ? "[" + literal + "]" : literal;
    return URI.create((settings.tls().isPresent() ? "https" : "http") + "://" + host + ":"
        + address.getPort());
  }
}
