package elysia.deploy.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import elysia.deploy.harness.Postgres;
import elysia.testkit.node.NodeProcess;
import elysia.testkit.process.Finished;
import elysia.testkit.weaviate.FaultyWeaviate;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
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

/// `deploy/local-cluster` as it stands.
class LocalClusterIT {
  private static final Path SCRIPT = Path.of("local-cluster").toAbsolutePath();
  private static final Duration LIMIT = Duration.ofMinutes(5);

  @TempDir
  private Path folder;
  private final Map<String, String> environment = new HashMap<>();
  private FaultyWeaviate store;

  @BeforeEach
  void startStore() throws IOException {
    store = FaultyWeaviate.start();
    environment.put("ELYSIACTL_LAUNCHER", NodeProcess.launcher().toString());
    environment.put("ELYSIACTL_EMBEDDER", "constant");
    environment.put("ELYSIACTL_SERVER", "");
    environment.put("ELYSIACTL_TOKEN", "");
    try (Postgres postgres = Postgres.start(folder.resolve("postgres"))) { // for its programs
      environment.put("PATH",
          postgres.programs() + File.pathSeparator + System.getenv("PATH"));
    }
  }

  @AfterEach
  void stopEverything() throws IOException {
    if (Files.exists(folder.resolve("cluster")))
      script("down");
    store.close();
  }

  private Finished script(String... arguments) {
    List<String> command = new ArrayList<>(List.of(SCRIPT.toString()));
    command.addAll(List.of(arguments));
    command.addAll(List.of("--home", folder.resolve("cluster").toString()));
    return Finished.run(folder, environment, LIMIT, new byte[0], command);
  }

  private String ok(String... arguments) {
    Finished finished = script(arguments);
    assertThat(finished.exit()).as(String.join(" ", arguments) + ": " + finished).isZero();
    return finished.text();
  }

  @Test
  void oneCommandStartsThreeNodesAndOneEndsThem() {
    environment.put("WEAVIATE_URL", store.url());
    List<String> started = ok("up").lines().toList();
    assertThat(started).hasSize(3)
        .allMatch(line -> line.matches("node [123]: http://127\\.0\\.0\\.1:\\d+/?"));
    String third = started.getLast().replaceFirst("node 3: ", "");
    Finished cluster = Finished.run(folder, environment, LIMIT, new byte[0],
        List.of(NodeProcess.launcher().toString(), "--server", third, "server", "status"));
    assertThat(cluster.text().lines().filter(line -> line.contains(" up "))).hasSize(3);

    ok("kill", "2");
    assertThat(script("status").exit()).isEqualTo(1);
    assertThat(script("status").text()).contains("node 2: stopped").contains("node 1: running");
    ok("start", "2");
    ok("pause", "3");
    assertThat(ok("status")).contains("node 3: paused").contains("node 2: running");
    ok("continue", "3");
    assertThat(ok("status")).contains("node 3: running");
    ok("stop", "3");
    ok("down");
    assertThat(folder.resolve("cluster")).doesNotExist();
  }

  @Test
  void clusterWithoutAStoreThatAllReachIsRefused() {
    environment.put("WEAVIATE_URL", "");
    Finished refused = script("up");
    assertThat(refused.exit()).isEqualTo(2);
    assertThat(refused.errors()).contains("WEAVIATE_URL");
    assertThat(folder.resolve("cluster")).doesNotExist();
  }

  @Test
  void commandOnNoClusterSaysWhatIsExpected() {
    Finished refused = script("kill", "1");
    assertThat(refused.exit()).isEqualTo(2);
    assertThat(refused.errors()).contains("no cluster in").contains("local-cluster up");
  }
}
