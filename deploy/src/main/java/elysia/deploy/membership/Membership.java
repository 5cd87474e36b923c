package elysia.deploy.membership;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// A node's way into the cluster, as its settings say.
///
/// @param host under which other nodes reach this one
/// @param seeds `host:port`, the same list on every node
/// @param name whose addresses are the nodes'; absent where seeds are named, and for a node alone
public record Membership(String host, List<String> seeds, Optional<SeedName> name,
    Set<String> roles, Optional<ClusterTls> tls) {
  public static final String COORDINATOR = "coordinator";
  public static final String WORKER = "worker";
  private static final Set<String> ROLES = Set.of(COORDINATOR, WORKER);
  private static final Pattern NAME = Pattern.compile("([A-Za-z0-9._-]+)(?::([0-9]{1,5}))?");

  /// A DNS name, and the port of every node that it stands for.
  public record SeedName(String host, int port) {}

  public Membership {
    seeds = List.copyOf(seeds);
    roles = Set.copyOf(roles);
    for (String seed : seeds)
      if (!seed.matches("[A-Za-z0-9.-]+:[0-9]{1,5}"))
        throw new IllegalArgumentException(
            "elysia.cluster.seeds: \"" + seed + "\" (expected: host:port, separated by commas)");
    if (roles.isEmpty() || !ROLES.containsAll(roles))
      throw new IllegalArgumentException(
          "elysia.cluster.roles: " + roles + " (expected: coordinator, worker or both)");
    if (!seeds.isEmpty() && name.isPresent())
      throw new IllegalArgumentException(
          "elysia.cluster.seeds and seed-dns (expected: one of them: ELYSIACTL_SEEDS or ELYSIACTL_SEED_DNS)");
  }

  /// Reads `elysia.cluster`.
  ///
  /// @param shared whether store and journal are such as other nodes reach
  /// @throws IllegalArgumentException when the node is to have company and its store or journal
  ///           lives in its own home, or when others than this machine would reach a port that lets
  ///           everybody in
  public static Membership from(Config root, boolean shared) {
    Config c = root.getConfig("elysia.cluster");
    int port = c.getInt("port");
    Optional<SeedName> name = name(c.getString("seed-dns"), port);
    String host = c.getString("host");
    Membership membership = new Membership(name.isPresent() ? addressOf(host) : host,
        split(c.getString("seeds")), name, new TreeSet<>(split(c.getString("roles"))),
        ClusterTls.from(root).map(ClusterTls::checked));
    if (!shared && (membership.wantsCompany() || port != 0))
      throw new IllegalArgumentException(
          "elysia.cluster: seeds or a port are set, but the store or the journal lives in this node's home "
              + "(expected: a store and a journal that all nodes reach: ELYSIACTL_STORE=weaviate with WEAVIATE_URL, "
              + "and ELYSIACTL_DB_URL=jdbc:postgresql://HOST:PORT/DATABASE)");
    if (membership.wantsCompany() && port == 0)
      throw new IllegalArgumentException(
          "elysia.cluster.port: 0 (expected: the port under which other nodes reach this one: ELYSIACTL_CLUSTER_PORT)");
    String bind = c.getString("bind-host").isEmpty() ? host : c.getString("bind-host");
    if (membership.tls().isEmpty() && !c.getBoolean("insecure") && !loopback(bind))
      throw new IllegalArgumentException("elysia.cluster.host: " + bind
          + " without TLS (expected: certificates, ELYSIACTL_CLUSTER_TLS_CERT, ELYSIACTL_CLUSTER_TLS_KEY and"
          + " ELYSIACTL_CLUSTER_TLS_CA, or a loopback address: anyone who reaches the port for other nodes can do"
          + " everything. ELYSIACTL_CLUSTER_INSECURE=true where nobody but the nodes reaches it)");
    return membership;
  }

  private static Optional<SeedName> name(String text, int port) {
    if (text.isBlank())
      return Optional.empty();
    Matcher name = NAME.matcher(text.strip());
    if (!name.matches())
      throw new IllegalArgumentException(
          "elysia.cluster.seed-dns: \"" + text + "\" (expected: name or name:port)");
    return Optional.of(new SeedName(name.group(1),
        name.group(2) == null ? port : Integer.parseInt(name.group(2))));
  }

  /// A name's addresses are compared with this node's: it must go by an address itself.
  private static String addressOf(String host) {
    try {
      return InetAddress.getByName(host).getHostAddress();
    } catch (UnknownHostException e) {
      throw unknown(host, e);
    }
  }

  private static boolean loopback(String host) {
    try {
      return Stream.of(InetAddress.getAllByName(host)).allMatch(InetAddress::isLoopbackAddress);
    } catch (UnknownHostException e) {
      throw unknown(host, e);
    }
  }

  private static IllegalArgumentException unknown(String host, UnknownHostException e) {
    return new IllegalArgumentException("elysia.cluster.host: " + host
        + " (expected: an address of this machine or a name of one)", e);
  }

  private static List<String> split(String list) {
    List<String> parts = new ArrayList<>();
    for (String part : list.split(",", -1))
      if (!part.isBlank())
        parts.add(part.strip());
    return parts;
  }

  private boolean wantsCompany() {
    return !seeds.isEmpty() || name.isPresent();
  }

  /// Settings of Pekko.
  public Config pekko() {
    Map<String, Object> settings = new HashMap<>();
    settings.put("pekko.cluster.roles", List.copyOf(roles));
    settings.put("pekko.remote.artery.canonical.hostname", host);
    Config own = ConfigFactory.parseMap(settings);
    return tls.map(_ -> own.withFallback(ClusterTls.pekko())).orElse(own);
  }

  public boolean works() {
    return roles.contains(WORKER);
  }

  public boolean coordinates() {
    return roles.contains(COORDINATOR);
  }
}
