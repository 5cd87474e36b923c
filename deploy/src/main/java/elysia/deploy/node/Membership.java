package elysia.deploy.node;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Join;
import org.apache.pekko.cluster.typed.JoinSeedNodes;

/// How a node becomes a member: alone, or with the nodes of its seed list.
///
/// @param seeds
///          `host:port`, the same list on every node; empty for a node alone
record Membership(List<String> seeds, Set<String> roles) {
  static final String COORDINATOR = "coordinator";
  static final String WORKER = "worker";
  private static final Set<String> ROLES = Set.of(COORDINATOR, WORKER);

  Membership {
    seeds = List.copyOf(seeds);
    roles = Set.copyOf(roles);
    for (String seed : seeds)
      if (!seed.matches("[A-Za-z0-9.-]+:[0-9]{1,5}"))
        throw new IllegalArgumentException(
            "elysia.cluster.seeds: \"" + seed + "\" (expected: host:port, separated by commas)");
    if (roles.isEmpty() || !ROLES.containsAll(roles))
      throw new IllegalArgumentException(
          "elysia.cluster.roles: " + roles + " (expected: coordinator, worker or both)");
  }

  /// Reads `elysia.cluster`.
  ///
  /// @param shared
  ///          whether store and journal are such as other nodes reach
  /// @throws IllegalArgumentException
  ///           when the node is to have company and its store or journal lives in its own home
  static Membership from(Config root, boolean shared) {
    Config c = root.getConfig("elysia.cluster");
    Membership membership = new Membership(split(c.getString("seeds")),
        new TreeSet<>(split(c.getString("roles"))));
    if (!shared && (!membership.seeds().isEmpty() || c.getInt("port") != 0))
      throw new IllegalArgumentException(
          "elysia.cluster: seeds or a port are set, but the store or the journal lives in this node's home "
              + "(expected: a store and a journal that all nodes reach: ELYSIACTL_STORE=weaviate with WEAVIATE_URL, "
              + "and ELYSIACTL_DB_URL=jdbc:postgresql://HOST:PORT/DATABASE)");
    if (!membership.seeds().isEmpty() && c.getInt("port") == 0)
      throw new IllegalArgumentException(
          "elysia.cluster.port: 0 (expected: the port under which other nodes reach this one: ELYSIACTL_CLUSTER_PORT)");
    return membership;
  }

  private static List<String> split(String list) {
    List<String> parts = new ArrayList<>();
    for (String part : list.split(",", -1))
      if (!part.isBlank())
        parts.add(part.strip());
    return parts;
  }

  Config pekko() {
    return ConfigFactory.parseMap(Map.of("pekko.cluster.roles", List.copyOf(roles)));
  }

  boolean works() {
    return roles.contains(WORKER);
  }

  boolean coordinates() {
    return roles.contains(COORDINATOR);
  }

  void join(ActorSystem<?> system) {
    Cluster cluster = Cluster.get(system);
    if (seeds.isEmpty()) {
      cluster.manager().tell(Join.create(cluster.selfMember().address()));
      return;
    }
    Address self = cluster.selfMember().address();
    List<Address> addresses = new ArrayList<>();
    for (String seed : seeds) {
      int colon = seed.lastIndexOf(':');
      addresses.add(new Address(self.protocol(), self.system(), seed.substring(0, colon),
          Integer.parseInt(seed.substring(colon + 1))));
    }
    cluster.manager().tell(new JoinSeedNodes(addresses));
  }
}
