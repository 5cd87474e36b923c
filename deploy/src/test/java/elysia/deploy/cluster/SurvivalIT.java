package elysia.deploy.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import elysia.deploy.harness.Cluster;
import elysia.testkit.git.GitRepository;
import elysia.testkit.index.StoreCheck;
import elysia.testkit.node.Api;
import elysia.testkit.node.NodeProcess;
import elysia.testkit.openai.Behaviour;
import elysia.testkit.openai.Fault;
import elysia.testkit.openai.OpenAiFaultServer;
import elysia.testkit.process.Await;
import elysia.testkit.weaviate.Fault.Kind;
import elysia.testkit.weaviate.Fault.On;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What three nodes survive together, each case with its own proof; one cluster for all of them.
@Tag("chaos")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SurvivalIT {
  private static final Logger LOG = LoggerFactory.getLogger(SurvivalIT.class);
  private static final int NODES = 3;
  private static final int DIMENSION = 16;
  private static final int REQUESTS_A_MINUTE = 240;
  private static final int BURST_SECONDS = 2;
  private static final Duration LIMIT = Duration.ofMinutes(4);
  /// Longer than a node is missed, its batches are given again, and their fence
  /// (lease, late-write).
  private static final Duration PAST_THE_FENCE = Duration.ofSeconds(45);

  private Path folder;
  private OpenAiFaultServer embedder;
  private Cluster cluster;

  @BeforeAll
  void startThreeNodes(@TempDir Path here) throws IOException {
    folder = here;
    embedder = OpenAiFaultServer.start(0, Behaviour.of("survival", DIMENSION), 1);
    cluster = new Cluster(folder, NODES, Cluster.PATIENT + """
        elysia.node.embedder = openai
        elysia.worker.openai {
          url = "%s"
          model = survival
          dimension = %d
          max-tokens = 512
          tokenizer = bytes
          batch-texts = 2
          rate { requests-per-minute = %d, burst = %d s }
        }
        elysia.coordinator.repository { batch.files = 5, retry.max = 5s }
        """.formatted(embedder.url(), DIMENSION, REQUESTS_A_MINUTE, BURST_SECONDS), Map.of())
        .start();
  }

  @AfterAll
  void stopEverything() throws IOException {
    cluster.close();
    embedder.close();
  }

  private GitRepository repository(String name, int files) throws IOException {
    GitRepository repository = GitRepository.create(folder.resolve(name));
    return edited(repository, name, files, "first");
  }

  private static GitRepository edited(GitRepository repository, String name, int files,
      String version) throws IOException {
    for (int f = 0; f < files; f++)
      repository.write("src/module" + f + ".py", "def " + name + "_" + version + "_" + f
          + "():\n    return compute(" + f + ")\n");
    repository.commit(version);
    return repository;
  }

  /// A node that is short of time answers 503 and is asked again.
  private static void add(NodeProcess node, String name, GitRepository repository) {
    Await.so(name + " is added", LIMIT, () -> {
      try {
        return node.api().send("POST", "/v1/repositories",
            Map.of("name", name, "location", repository.folder().toString())).status() / 100 == 2;
      } catch (IOException e) {
        return false;
      }
    });
  }

  /// One node answers 503 while a repository moves, so that it is asked again.
  private static Optional<JsonNode> status(NodeProcess node, String name) {
    try {
      Api.Reply reply = node.api().send("GET", "/v1/repositories/" + name, "");
      return reply.status() == 200 ? Optional.of(reply.body()) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static void synced(NodeProcess node, String name, String commit) {
    Await.so(name + " is synced to " + commit + "\n" + node.tail(), LIMIT,
        () -> status(node, name).filter(s -> Api.resting(s)
            && s.path("synced_commit").asText().equals(commit)
            && s.path("failures").asLong() == 0).isPresent());
  }

  private void syncing(NodeProcess node, String name) {
    Await.so(name + " is syncing", LIMIT, () -> status(node, name)
        .filter(s -> s.path("state").asText().equals("syncing")).isPresent());
  }

  private void exact(String name, GitRepository repository) {
    assertThat(new StoreCheck(cluster.storeUrl()).differences(name, name, repository,
        repository.head())).isEmpty();
  }

  @Test
  void commandsAreRefusedWhileTheDatabaseIsAwayAndWorkGoesOnWhenItIsBack() throws IOException {
    NodeProcess node = cluster.node(0);
    GitRepository repository = repository("outage", 60);
    embedder.add(Fault.slow(-1, 300));
    add(node, "outage", repository);
    syncing(node, "outage");
    cluster.postgres().stop();
    Api.Reply refused = node.api().send("PATCH", "/v1/repositories/outage",
        Map.of("schedule", "7h"));
    assertThat(refused.status()).as(refused.toString()).isEqualTo(503);
    assertThat(refused.retryAfter()).isPresent();
    Await.so("the node says that it is not ready", LIMIT, () -> !node.ready());
    quicklyRefused(node);
    embedder.heal();
    cluster.postgres().start();
    long back = System.nanoTime();
    Await.so("a command is taken again", LIMIT, () -> taken(node));
    LOG.info("first command {} ms after the database was back",
        (System.nanoTime() - back) / 1_000_000);
    synced(node, "outage", repository.head());
    LOG.info("interrupted sync done {} ms after the database was back",
        (System.nanoTime() - back) / 1_000_000);
    assertThat(node.api().repository("outage").path("schedule").asText()).isEqualTo("8h");
    exact("outage", repository);
  }

  /// Not after the time that an answer may take: by then the node knows.
  private static void quicklyRefused(NodeProcess node) {
    Await.so("the node knows", LIMIT, () -> refusal(node).contains("does not answer since"));
    long begun = System.nanoTime();
    assertThat(refusal(node)).contains("does not answer since");
    Duration took = Duration.ofNanos(System.nanoTime() - begun);
    LOG.info("a command was refused after {} ms", took.toMillis());
    assertThat(took).isLessThan(Duration.ofSeconds(5));
  }

  private static String refusal(NodeProcess node) {
    try {
      return node.api().send("PATCH", "/v1/repositories/outage", Map.of("schedule", "9h"))
          .toString();
    } catch (IOException e) {
      return "";
    }
  }

  private static boolean taken(NodeProcess node) {
    try {
      return node.api().send("PATCH", "/v1/repositories/outage", Map.of("schedule", "8h"))
          .status() == 200;
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  void workerPausedPastTheNextSyncOverwritesNothing() throws IOException {
    overtaken("paused", worker -> {
      worker.signal("STOP");
      return () -> worker.signal("CONT");
    });
  }

  @Test
  void nodeCutOffThatStillReachesTheStoreOverwritesNothing() throws IOException {
    assumeThat(cluster.network()).as("loopback addresses 127.77.0.x").isPresent();
    var network = cluster.network().orElseThrow();
    overtaken("cutoff", worker -> {
      network.isolate(cluster.nodes().indexOf(worker));
      return network::heal;
    });
  }

  private interface Interruption {
    Runnable begin(NodeProcess worker);
  }

  /// A worker on another node than the repository's loses touch in the middle of its batches, a
  /// sync with other contents follows, and then it is back.
  private void overtaken(String name, Interruption interruption) throws IOException {
    GitRepository repository = repository(name, 60);
    int before = embedder.batches().size();
    embedder.add(Fault.slow(-1, 700));
    add(cluster.node(0), name, repository);
    syncing(cluster.node(0), name);
    int home = cluster
        .placed(status(cluster.node(0), name).orElseThrow().path("node").asText());
    NodeProcess owner = cluster.node(home);
    NodeProcess worker = cluster.node((home + 1) % NODES);
    // Four batches are out: one stays, the others go to the nodes that have none.
    Await.so("batches are with all nodes", LIMIT, () -> embedder.batches().size() >= before + 4);
    long begun = System.nanoTime();
    Runnable end = interruption.begin(worker);
    edited(repository, name, 60, "second");
    Await.so("the next sync is asked for", LIMIT, () -> asked(owner, name));
    LockSupport.parkNanos(2_000_000_000L);
    embedder.heal();
    synced(owner, name, repository.head());
    LOG.info("{}: next sync done after {} ms", name, (System.nanoTime() - begun) / 1_000_000);
    LockSupport.parkNanos(
        Math.max(0, PAST_THE_FENCE.toNanos() - (System.nanoTime() - begun)));
    end.run();
    // It was downed meanwhile: a process that is no member must not linger.
    Await.so("the lost node has ended", LIMIT, () -> !worker.alive());
    exact(name, repository);
    synced(owner, name, repository.head());
    worker.start();
    cluster.awaitMembers(NODES);
  }

  private static boolean asked(NodeProcess node, String name) {
    try {
      return node.api().send("POST", "/v1/repositories/" + name + "/sync", "").status() / 100 == 2;
    } catch (IOException e) {
      return false;
    }
  }

  /// The store says it once: who else waits has heard it from the node that was told. A sync that
  /// had begun waits with its batches, another before it begins.
  @Test
  void whatTheStoreTellsOneNodeHoldsAllAndTheStatusSaysSo() throws IOException {
    Map<String, GitRepository> repositories = new HashMap<>();
    for (int i = 0; i < 2 * NODES; i++)
      repositories.put("told" + i, repository("told" + i, 40));
    cluster.store().faults().add(elysia.testkit.weaviate.Fault
        .next(Kind.RATE_LIMIT, On.BATCH, 1).withNumber(60));
    for (Map.Entry<String, GitRepository> entry : repositories.entrySet())
      add(cluster.node(0), entry.getKey(), entry.getValue());
    Map<String, String> said = new TreeMap<>();
    Map<String, String> waiting = new TreeMap<>();
    try {
      Await.so("all wait", LIMIT, () -> {
        for (String name : repositories.keySet())
          said.put(name, status(cluster.node(0), name).map(s -> s.path("detail").asText())
              .orElse("no answer"));
        said.forEach((name, detail) -> {
          if (detail.contains("rate limit of Weaviate at "))
            waiting.put(name, detail);
        });
        return waiting.keySet().equals(repositories.keySet());
      });
    } catch (AssertionError e) {
      throw new AssertionError("waited: " + waiting + ", now: " + said, e);
    }
    assertThat(waiting.values())
        .anyMatch(detail -> detail.matches("waiting \\d+ s: rate limit of Weaviate at .*"));
    assertThat(cluster.store().faults().met(Kind.RATE_LIMIT)).isEqualTo(1);
    for (Map.Entry<String, GitRepository> entry : repositories.entrySet()) {
      synced(cluster.node(0), entry.getKey(), entry.getValue().head());
      exact(entry.getKey(), entry.getValue());
    }
  }

  @Test
  void nodesTogetherKeepToOneRate() throws IOException {
    Map<String, GitRepository> repositories = new HashMap<>();
    int before = embedder.batches().size();
    long begun = System.nanoTime();
    for (int i = 0; i < 2 * NODES; i++) {
      GitRepository repository = repository("rate" + i, 40);
      repositories.put("rate" + i, repository);
      add(cluster.node(i % NODES), "rate" + i, repository);
    }
    double most = 0;
    boolean done = false;
    while (!done) {
      LockSupport.parkNanos(500_000_000L);
      double seconds = (System.nanoTime() - begun) / 1e9;
      int requests = embedder.batches().size() - before;
      most = Math.max(most, requests / (seconds * REQUESTS_A_MINUTE / 60
          + REQUESTS_A_MINUTE / 60.0 * BURST_SECONDS));
      done = seconds > LIMIT.toSeconds() || repositories.keySet().stream()
          .allMatch(name -> status(cluster.node(0), name).filter(Api::resting).isPresent());
    }
    LOG.info("{} requests in {} s, at most {} of what is allowed",
        embedder.batches().size() - before, (System.nanoTime() - begun) / 1e9, most);
    assertThat(most).as("requests by what is allowed").isLessThan(1.1);
    for (Map.Entry<String, GitRepository> entry : repositories.entrySet()) {
      synced(cluster.node(0), entry.getKey(), entry.getValue().head());
      exact(entry.getKey(), entry.getValue());
    }
  }
}
