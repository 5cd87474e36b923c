package elysia.deploy.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import elysia.testkit.git.GitRepository;
import elysia.testkit.index.IndexCheck;
import elysia.testkit.node.Api;
import elysia.testkit.node.NodeProcess;
import elysia.testkit.node.WallClock;
import elysia.testkit.process.Await;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The machine's clock is set while a node works: by an hour, either way, and right again.
@Tag("chaos")
class ClockChaosIT {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration LIMIT = Duration.ofMinutes(4);
  private static final Duration SCHEDULE = Duration.ofSeconds(6);
  private static final int FILES = 60;

  @TempDir
  Path folder;

  private WallClock clock;
  private NodeProcess node;
  private GitRepository code;

  @BeforeEach
  void start() throws IOException {
    Optional<WallClock> settable = WallClock.in(folder);
    assumeThat(settable).as("libfaketime (Debian: apt-get install libfaketime)").isPresent();
    clock = settable.orElseThrow();
    code = GitRepository.create(folder.resolve("code"));
    edit("first");
    node = new NodeProcess(folder, Map.of("ELYSIACTL_EMBEDDER", "constant",
        "ELYSIACTL_CONSTANT_EMBEDDER_COST", "150ms")).within(clock.wrapper())
        .configured("elysia.coordinator.repository.batch.files = 5").start();
  }

  @AfterEach
  void end() {
    if (node != null)
      node.close();
  }

  private String edit(String version) throws IOException {
    for (int i = 0; i < FILES; i++)
      code.write("src/file" + i + ".py", "def " + version + i + "():\n    return " + i + "\n");
    return code.commit(version);
  }

  private Instant nodesTime() {
    return Instant.parse(node.api().get("/v1/cluster").path("at").asText());
  }

  /// Sets the clock, and sees that the node has it.
  private void set(Duration ahead) {
    clock.set(ahead);
    Await.so("the node's clock is set by " + ahead, LIMIT,
        () -> Duration.between(Instant.now().plus(ahead), nodesTime()).abs()
            .compareTo(Duration.ofMinutes(1)) < 0);
  }

  private void add(String... options) {
    List<String> command = new ArrayList<>(
        List.of("repo", "add", code.folder().toString(), "--name", "code", "--no-wait"));
    command.addAll(List.of(options));
    node.ok(command.toArray(String[]::new));
  }

  private JsonNode syncing() {
    return node.api().await("code", "in the middle of a sync", status -> {
      long done = status.path("progress").path("files_done").asLong();
      return done > 0 && done < FILES;
    });
  }

  private void exact(String commit) {
    node.api().awaitSynced("code", commit);
    assertThat(node.cli("repo", "verify", "code", "--deep").exit()).isZero();
    new IndexCheck(node).equalsTree("code", code, commit, 1_000_000, FILES);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, -1})
  void syncGoesOnWhenTheClockIsSetInItsMiddle(long hours) throws IOException {
    add();
    syncing();
    set(HOUR.multipliedBy(hours));
    exact(code.head());
    edit("second");
    node.api().post("/v1/repositories/code/sync", "");
    syncing();
    set(Duration.ZERO);
    exact(code.head());
    JsonNode status = node.api().repository("code");
    assertThat(Api.resting(status)).as(status.toString()).isTrue();
    assertThat(status.path("failures").asLong()).as(status.toString()).isZero();
    assertThat(status.path("trouble").isMissingNode() || status.path("trouble").isNull())
        .as(status.toString()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, -1})
  void scheduleNeitherRunsWildNorFallsSilent(long hours) throws IOException {
    add("--schedule", SCHEDULE.toSeconds() + "s");
    exact(code.head());
    for (Duration ahead : List.of(HOUR.multipliedBy(hours), Duration.ZERO)) {
      double before = pulls();
      set(ahead);
      Await.so("pulls after the clock was set by " + ahead, LIMIT, () -> pulls() >= before + 2);
      double begun = pulls();
      long start = System.nanoTime();
      LockSupport.parkNanos(SCHEDULE.multipliedBy(4).toNanos());
      double most = (System.nanoTime() - start) / (double) SCHEDULE.toNanos() + 2;
      assertThat(pulls() - begun).as("pulls in four intervals").isLessThanOrEqualTo(most);
      exact(edit("ahead" + ahead.toSeconds() / 3600 + 100 * hours));
    }
  }

  private double pulls() {
    return node.api().metric("elysiactl_stage_duration_seconds_count{stage=\"pull\"");
  }
}
