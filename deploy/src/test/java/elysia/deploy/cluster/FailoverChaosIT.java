package elysia.deploy.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import elysia.deploy.harness.Cluster;
import elysia.testkit.git.GitRepository;
import elysia.testkit.node.Api;
import elysia.testkit.node.NodeProcess;
import elysia.testkit.process.Await;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// How long a lost or leaving node's repositories stand still, phase by phase; prints the figures
/// of docs/operations.md: `mvn verify -Pchaos -pl deploy -am -Dit.test=FailoverChaosIT`.
@Tag("chaos")
class FailoverChaosIT {
  private static final Logger LOG = LoggerFactory.getLogger(FailoverChaosIT.class);
  private static final int NODES = 3;
  private static final int REPOSITORIES = 12;
  private static final int FILES = 400;
  private static final Duration LIMIT = Duration.ofMinutes(3);

  @TempDir
  private Path folder;

  @Test
  void victimsRepositoriesGoOnElsewhere() throws IOException {
    try (Cluster cluster = Cluster.constant(folder, NODES, "", Duration.ofMillis(60))) {
      cluster.start();
      for (int i = 0; i < REPOSITORIES; i++)
        add(cluster, i);
      measure(cluster, 2, "kill -9 of the youngest", NodeProcess::kill);
      measure(cluster, 0, "kill -9 of the oldest", NodeProcess::kill);
      measure(cluster, 1, "graceful leave of the oldest", FailoverChaosIT::leave);
      measure(cluster, 0, "graceful leave of another", FailoverChaosIT::leave);
    }
  }

  private static void leave(NodeProcess node) {
    Thread.ofVirtual().start(node::stop);
  }

  private void add(Cluster cluster, int i) throws IOException {
    GitRepository repository = GitRepository.create(folder.resolve("r" + i));
    for (int f = 0; f < FILES; f++)
      repository.write("src/module" + f + ".py", "value_" + i + "_" + f + " = " + f + "\n");
    repository.commit("all");
    cluster.node(0).api().post("/v1/repositories",
        Map.of("name", "r" + i, "location", repository.folder().toString()));
  }

  private interface Loss {
    void of(NodeProcess node);
  }

  private static void measure(Cluster cluster, int victim, String how, Loss loss) {
    NodeProcess lost = cluster.node(victim);
    NodeProcess witness = cluster.node((victim + 1) % NODES);
    String address = lost.api().get("/v1/cluster").path("self").asText();
    List<String> names = new ArrayList<>();
    for (int i = 0; i < REPOSITORIES; i++)
      if (witness.api().repository("r" + i).path("node").asText().equals(address))
        names.add("r" + i);
    for (String name : names)
      witness.api().post("/v1/repositories/" + name + "/sync?full=true", "");
    // Not in the wait for writes of an earlier victim's workers, which is no part of this takeover.
    Await.so("syncs that run", LIMIT,
        () -> names.stream().allMatch(name -> working(witness, name)));
    String gone = address;
    loss.of(lost);
    long begun = System.nanoTime();
    double unreachable = seconds(begun, "seen", () -> member(witness, gone)
        .map(m -> m.path("unreachable").asBoolean() || !m.path("status").asText().equals("up"))
        .orElse(true));
    double removed = seconds(begun, "removed", () -> member(witness, gone).isEmpty());
    double moved = seconds(begun, "moved", () -> names.stream().allMatch(name -> status(witness,
        name).filter(s -> !s.path("node").asText().equals(gone)).isPresent()));
    double working = seconds(begun, "working",
        () -> names.stream().allMatch(name -> working(witness, name)));
    LOG.info(
        "{} ({} repositories): noticed after {} s, removed after {} s, all answer elsewhere after {} s, all work after {} s",
        how, names.size(), unreachable, removed, moved, working);
    Await.so("the end of the process", LIMIT, () -> !lost.alive());
    assertThat(working).isLessThan(LIMIT.toSeconds());
    lost.start();
    cluster.awaitMembers(NODES);
  }

  private static boolean working(NodeProcess witness, String name) {
    return status(witness, name).filter(s -> !s.path("state").asText().equals("queued"))
        .isPresent();
  }

  private static double seconds(long begun, String what, Supplier<Boolean> reached) {
    Await.so(what, LIMIT, reached);
    return Math.round((System.nanoTime() - begun) / 1e8) / 10.0;
  }

  private static Optional<JsonNode> member(NodeProcess witness, String address) {
    for (JsonNode member : witness.api().get("/v1/cluster").path("members"))
      if (member.path("address").asText().equals(address))
        return Optional.of(member);
    return Optional.empty();
  }

  private static Optional<JsonNode> status(NodeProcess witness, String name) {
    try {
      Api.Reply reply = witness.api().send("GET", "/v1/repositories/" + name, "");
      return reply.status() == 200 ? Optional.of(reply.body()) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
