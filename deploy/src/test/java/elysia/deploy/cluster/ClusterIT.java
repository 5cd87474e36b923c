package elysia.deploy.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import elysia.deploy.harness.Cluster;
import elysia.testkit.git.GitRepository;
import elysia.testkit.node.Api;
import elysia.testkit.node.NodeProcess;
import elysia.testkit.process.Await;
import elysia.testkit.process.Ports;
import elysia.testkit.weaviate.FaultyWeaviate;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Three node processes on one PostgreSQL and one store that speaks Weaviate's API.
class ClusterIT {
  private static final int NODES = 3;
  private static final int REPOSITORIES = 4;
  private static final int FILES = 60;
  private static final String SAME = "No differences";
  private static final Duration FAILOVER = Duration.ofMinutes(3);

  @TempDir
  private Path folder;
  private final List<NodeProcess> nodes = new ArrayList<>();
  private final List<GitRepository> repositories = new ArrayList<>();
  private EmbeddedPostgres postgres;
  private FaultyWeaviate store;

  @BeforeEach
  void startThreeNodes() throws IOException {
    postgres = EmbeddedPostgres.builder().start();
    store = FaultyWeaviate.start();
    List<Integer> ports = Ports.free(NODES);
    String seeds = String.join(",", ports.stream().map(port -> "127.0.0.1:" + port).toList());
    for (int i = 0; i < NODES; i++) {
      Map<String, String> environment = new HashMap<>(sharedServices());
      environment.put("ELYSIACTL_CLUSTER_PORT", String.valueOf(ports.get(i)));
      environment.put("ELYSIACTL_SEEDS", seeds);
      environment.put("ELYSIACTL_EMBEDDER", "constant");
      environment.put("ELYSIACTL_CONSTANT_EMBEDDER_COST", "20ms");
      nodes.add(new NodeProcess(folder.resolve("node" + i), environment)
          .configured(Cluster.PATIENT));
    }
    for (NodeProcess node : nodes)
      node.start();
    Await.so("three members", FAILOVER, () -> upMembers(nodes.getFirst().api()) == NODES);
  }

  private Map<String, String> sharedServices() {
    return Map.of("ELYSIACTL_STORE", "weaviate", "WEAVIATE_URL", store.url(), "ELYSIACTL_DB_URL",
        postgres.getJdbcUrl("postgres", "postgres"), "ELYSIACTL_DB_SCHEMA", "elysia_test");
  }

  private static long upMembers(Api api) {
    long up = 0;
    for (JsonNode member : api.get("/v1/cluster").path("members"))
      if (member.path("status").asText().equals("up"))
        up++;
    return up;
  }

  @AfterEach
  void stopEverything() throws IOException {
    nodes.forEach(NodeProcess::close);
    store.close();
    postgres.close();
  }

  @Test
  void theOthersFinishWhatAKilledNodeWasSyncing() throws IOException {
    for (int i = 0; i < REPOSITORIES; i++)
      repositories.add(repository(i));
    for (int i = 0; i < REPOSITORIES; i++)
      nodes.getFirst().ok("repo", "add", repositories.get(i).folder().toString(), "--name",
          "r" + i, "--collection", "Shared", "--no-wait");
    NodeProcess busiest = busiest();
    NodeProcess witness = nodes.stream().filter(node -> node != busiest).findFirst().orElseThrow();
    busiest.kill();
    long killed = System.nanoTime();
    for (int i = 0; i < REPOSITORIES; i++)
      synced(witness, "r" + i, repositories.get(i).head());
    System.out.printf("takeover and end of %d first syncs after kill -9: %.1f s%n", REPOSITORIES,
        (System.nanoTime() - killed) / 1e9);
    for (int i = 0; i < REPOSITORIES; i++)
      assertThat(witness.ok("repo", "verify", "r" + i, "--deep")).contains(SAME);

    busiest.start();
    Await.so("the killed node is back", FAILOVER, () -> upMembers(witness.api()) == NODES);
    repositories.getFirst().write("late.py", "late = 1\n").commit("after the return");
    busiest.ok("repo", "sync", "r0");
    assertThat(busiest.ok("repo", "verify", "r0")).contains(SAME);
  }

  /// A node on its way to another place answers that it does not know, so the status is
  /// asked again.
  private static void synced(NodeProcess node, String name, String commit) {
    Await.so(name + " synced to " + commit, FAILOVER, () -> {
      try {
        Api.Reply reply = node.api().send("GET", "/v1/repositories/" + name, "");
        return reply.status() == 200
            && reply.body().path("synced_commit").asText().equals(commit);
      } catch (IOException e) {
        return false;
      }
    });
  }

  /// The node on which most repositories live.
  private NodeProcess busiest() {
    Api api = nodes.getFirst().api();
    Map<String, Integer> lives = new HashMap<>();
    for (int i = 0; i < REPOSITORIES; i++)
      lives.merge(api.repository("r" + i).path("node").asText(), 1, Integer::sum);
    String address = lives.entrySet().stream().max(Map.Entry.comparingByValue()).orElseThrow()
        .getKey();
    return nodes.stream()
        .filter(node -> node.api().get("/v1/cluster").path("self").asText().equals(address))
        .findFirst().orElseThrow();
  }

  private GitRepository repository(int i) throws IOException {
    GitRepository repository = GitRepository.create(folder.resolve("repo" + i));
    for (int f = 0; f < FILES; f++) {
      StringBuilder text = new StringBuilder();
      for (int line = 0; line < 60; line++)
        text.append("value_").append(i).append('_').append(f).append('_').append(line)
            .append(" = compute(").append(line * f).append(")\n");
      repository.write("src/module" + f + ".py", text.toString());
    }
    repository.commit("everything");
    return repository;
  }
}
