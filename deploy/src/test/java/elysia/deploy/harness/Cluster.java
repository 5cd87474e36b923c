package elysia.deploy.harness;

import com.fasterxml.jackson.databind.JsonNode;
import elysia.testkit.node.Api;
import elysia.testkit.node.Network;
import elysia.testkit.node.NodeProcess;
import elysia.testkit.node.WallClock;
import elysia.testkit.process.Await;
import elysia.testkit.process.Ports;
import elysia.testkit.weaviate.FaultyWeaviate;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Node processes on one PostgreSQL and one store that speaks Weaviate's API, both outside of the
/// nodes. Where the machine allows it the nodes reach each other through a [Network].
public final class Cluster implements AutoCloseable {
  /// Settings for a machine that has little time for nodes: a silence of 15 s is no loss.
  public static final String PATIENT = """
      pekko.cluster.failure-detector.acceptable-heartbeat-pause = 8s
      pekko.cluster.split-brain-resolver.stable-after = 7s
      """;
  private static final Duration FORMED = Duration.ofMinutes(10);
  private static final String UP = "up";

  private final Postgres postgres;
  private final Path storeFolder;
  private @Nullable FaultyWeaviate store;
  private final int storePort;
  private final Optional<Network> network;
  private final List<NodeProcess> nodes = new ArrayList<>();
  private final List<WallClock> clocks = new ArrayList<>();

  /// Makes the services and the nodes, and starts only the former.
  ///
  /// @param settings of each node, beside those that make it a member
  public Cluster(Path folder, int size, String settings, Map<String, String> environment)
      throws IOException {
    postgres = Postgres.start(folder.resolve("postgres"));
    storeFolder = Files.createDirectories(folder.resolve("store"));
    store = FaultyWeaviate.start(0, "", Optional.of(storeFolder));
    storePort = URI.create(store.url()).getPort();
    network = Network.of(size);
    List<Integer> ports = Ports.free(size);
    List<String> seeds = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      int node = i;
      seeds.add(network.map(n -> n.seed(node)).orElse("127.0.0.1:" + ports.get(i)));
    }
    for (int i = 0; i < size; i++) {
      int node = i;
      Map<String, String> variables = new HashMap<>(environment);
      variables.put("ELYSIACTL_CLUSTER_PORT", String.valueOf(ports.get(i)));
      network.ifPresent(n -> variables.putAll(n.environment(node)));
      variables.put("ELYSIACTL_SEEDS", String.join(",", seeds.subList(0, Math.min(3, size))));
      variables.put("ELYSIACTL_STORE", "weaviate");
      variables.put("WEAVIATE_URL", storeUrl());
      if (i % 2 == 1) // both ways to the store in one cluster
        variables.put("WEAVIATE_GRPC_URL", store.grpcUrl());
      variables.put("ELYSIACTL_DB_URL", postgres.url());
      nodes.add(new NodeProcess(folder.resolve("node" + i), variables)
          .configured(settings + "\n" + network.map(n -> n.settings(node)).orElse("")));
    }
  }

  /// A cluster whose nodes embed without meaning, each text for a while.
  public static Cluster constant(Path folder, int size, String settings, Duration perText)
      throws IOException {
    return new Cluster(folder, size, settings, Map.of("ELYSIACTL_EMBEDDER", "constant",
        "ELYSIACTL_CONSTANT_EMBEDDER_COST", perText.toMillis() + "ms"));
  }

  /// Gives each node a wall clock of its own, where there is libfaketime; to be called before
  /// they start.
  public Cluster withClocks() {
    for (NodeProcess node : nodes)
      WallClock.in(node.home()).ifPresent(clock -> {
        clocks.add(clock);
        node.within(clock.wrapper());
      });
    return this;
  }

  /// The wall clocks of the nodes; none where they cannot be set.
  public List<WallClock> clocks() {
    return List.copyOf(clocks);
  }

  /// Starts all nodes and waits until each is a member.
  public Cluster start() {
    nodes.forEach(NodeProcess::launch);
    for (NodeProcess node : nodes)
      Await.so("a node is ready", FORMED, () -> {
        if (!node.alive())
          throw new AssertionError("the node has ended\n" + node.tail());
        return node.ready();
      });
    awaitMembers(nodes.size());
    return this;
  }

  /// Waits until every node that runs sees just so many members, all up and reachable.
  public void awaitMembers(int number) {
    for (NodeProcess node : nodes)
      if (node.alive())
        Await.so(number + " members", FORMED, () -> members(node) == number);
  }

  /// How many members a node sees that are up and reachable; negative when others are there, too.
  public static int members(NodeProcess node) {
    try {
      Api.Reply reply = node.api().send("GET", "/v1/cluster", "");
      int up = 0;
      for (JsonNode member : reply.body().path("members")) {
        if (!member.path("status").asText().equals(UP) || member.path("unreachable").asBoolean())
          return -1;
        up++;
      }
      return up;
    } catch (IOException e) {
      return -1;
    }
  }

  public List<NodeProcess> nodes() {
    return List.copyOf(nodes);
  }

  public NodeProcess node(int i) {
    return nodes.get(i);
  }

  /// The place of a node by the address that a status names.
  public int placed(String address) {
    for (int i = 0; i < nodes.size(); i++)
      if (nodes.get(i).alive()
          && nodes.get(i).api().get("/v1/cluster").path("self").asText().equals(address))
        return i;
    throw new AssertionError("no node at " + address);
  }

  public Postgres postgres() {
    return postgres;
  }

  public FaultyWeaviate store() {
    if (store == null)
      throw new IllegalStateException("the store is down");
    return store;
  }

  public String storeUrl() {
    return "http://127.0.0.1:" + storePort;
  }

  /// The store is gone for a while; what it holds is not.
  public void stopStore() throws IOException {
    store().close();
    store = null;
  }

  public void startStore() throws IOException {
    store = FaultyWeaviate.start(storePort, "", Optional.of(storeFolder));
  }

  public Optional<Network> network() {
    return network;
  }

  @Override
  public void close() throws IOException {
    nodes.forEach(NodeProcess::close);
    if (store != null)
      store.close();
    postgres.close();
    if (network.isPresent())
      network.get().close();
  }
}
