package elysia.deploy.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import elysia.testkit.git.GitRepository;
import elysia.testkit.index.IndexCheck;
import elysia.testkit.node.Api;
import elysia.testkit.node.NodeProcess;
import elysia.testkit.node.SmallDisks;
import elysia.testkit.process.Await;
import elysia.testkit.process.Finished;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Disks that get full under a node, and have room again: said in plain words, healed without
/// a hand.
@Tag("chaos")
class FullDiskIT {
  private static final Duration HEALED = Duration.ofMinutes(3);
  private static final String ROOM = "24m";

  @TempDir
  Path folder = Path.of("");

  @BeforeEach
  void onlyWhereDisksCanBeMounted() {
    assumeTrue(SmallDisks.possible(folder),
        "unshare -rm mount -t tmpfs is refused here: no small disk can be made");
  }

  private SmallDisks disks(String... parts) {
    return SmallDisks.of(folder.resolve("home"), parts);
  }

  private NodeProcess node() throws IOException {
    return NodeProcess.cheap(folder).configured("""
        elysia.coordinator.repository {
          retry { first = 200ms, max = 2s, floor = 50ms }
          redelivery { first = 100ms, max = 1s, floor = 20ms }
        }
        """);
  }

  private GitRepository repository(String name, int files) throws IOException {
    GitRepository repository = GitRepository.create(folder.resolve(name));
    SplittableRandom random = new SplittableRandom(files);
    for (int i = 0; i < files; i++) {
      StringBuilder text = new StringBuilder();
      for (int line = 0; line < 100; line++)
        text.append(Long.toHexString(random.nextLong())).append(' ')
            .append(Long.toHexString(random.nextLong())).append('\n');
      repository.write("file" + i + ".txt", text.toString());
    }
    repository.commit("Files");
    return repository;
  }

  private static void add(NodeProcess node, String name, String location) {
    node.api().post("/v1/repositories", Map.of("name", name, "location", location));
  }

  @Test
  void startOnAFullDiskSaysSo() throws IOException {
    List<String> command = disks(".").wrapper("1m");
    command.addAll(
        List.of(NodeProcess.launcher().toString(), "server", "start", "--foreground"));
    Finished refused = Finished.run(folder,
        Map.of("ELYSIACTL_HOME", folder.resolve("home").toString(), "ELYSIACTL_HTTP_PORT", "0"),
        HEALED, new byte[0], command);
    assertThat(refused.exit()).as(refused.toString()).isEqualTo(3);
    assertThat(refused.errors()).contains("error: the disk with", "is full", "Make room")
        .doesNotContain("corrupt", "\tat ");
  }

  @Test
  void clonesAndIndexGoOnWhenThereIsRoomAgain() throws IOException {
    SmallDisks disks = disks("clones", "index");
    GitRepository small = repository("small", 2);
    GitRepository large = repository("large", 40);
    try (NodeProcess node = node().within(disks.wrapper(ROOM)).start()) {
      add(node, "small", small.folder().toString());
      node.api().awaitSynced("small", small.head());

      disks.fill(node.pid(), "clones");
      add(node, "large", large.url());
      JsonNode waiting = node.api().await("large", "waiting for room",
          status -> status.path("detail").asText().contains("is full"));
      assertThat(waiting.path("detail").asText()).matches("(waiting \\d+ s|trying again): .*")
          .contains("the disk with the clones is full", "what is indexed stays",
              "until there is room");
      small.write("more.txt", "not slowed by the other\n").commit("More");
      node.api().sync("small", small.head());
      assertThat(node.ok("repo", "status")).contains("large", "clones is full");
      disks.makeRoom(node.pid(), "clones");
      node.api().awaitSynced("large", large.head());

      disks.fill(node.pid(), "index");
      for (int i = 0; i < 60; i++)
        large.write("new" + i + ".txt", ("word" + i + " line of the file\n").repeat(2_000));
      large.commit("New");
      node.api().post("/v1/repositories/large/sync", "");
      waiting = node.api().await("large", "waiting for room",
          status -> status.path("detail").asText().contains("is full"));
      assertThat(waiting.path("state").asText()).isEqualTo("waiting");
      assertThat(waiting.path("detail").asText())
          .contains("nothing is indexed until there is room");
      assertThat(node.cli("server", "status").text()).contains("NOT OK", "is full");
      assertThat(node.tail()).doesNotContain("\tat ");
      disks.makeRoom(node.pid(), "index");
      node.api().awaitSynced("large", large.head());
      IndexCheck index = new IndexCheck(node);
      for (Map.Entry<String, GitRepository> repository : Map.of("small", small, "large", large)
          .entrySet()) {
        index.verifiedByApi(repository.getKey(), true);
        index.equalsTree(repository.getKey(), repository.getValue(), repository.getValue().head(),
            1_000_000, 20);
      }
    }
  }

  @Test
  void journalGoesOnWhenThereIsRoomAgain() throws IOException {
    SmallDisks disks = disks("journal");
    GitRepository small = repository("small", 2);
    try (NodeProcess node = node().within(disks.wrapper(ROOM)).start()) {
      add(node, "small", small.folder().toString());
      node.api().awaitSynced("small", small.head());
      disks.fill(node.pid(), "journal");
      Await.so("a command is refused", HEALED, () -> status(update(node)) == 503);
      Await.so("the node says why", HEALED,
          () -> node.cli("server", "status").text().contains("is full: make room"));
      assertThat(node.tail()).contains("is full: make room");
      disks.makeRoom(node.pid(), "journal");
      Await.so("commands are taken again", HEALED, () -> status(update(node)) == 200);
      small.write("more.txt", "after the fault\n").commit("More");
      node.api().sync("small", small.head());
      new IndexCheck(node).verifiedByApi("small", true);
      Await.so("the node says that all is well", HEALED,
          () -> !node.cli("server", "status").text().contains("NOT OK"));
    }
  }

  private static int status(Api.Reply reply) {
    return reply.status();
  }

  /// Settings that take some room in the journal.
  private static Api.Reply update(NodeProcess node) {
    SplittableRandom random = new SplittableRandom();
    List<String> patterns = new ArrayList<>(List.of("**"));
    for (int i = 0; i < 60; i++) {
      StringBuilder pattern = new StringBuilder();
      while (pattern.length() < 450)
        pattern.append(Long.toHexString(random.nextLong()));
      patterns.add(pattern.toString());
    }
    try {
      return node.api().send("PATCH", "/v1/repositories/small",
          Map.of("include_pattern", patterns));
    } catch (IOException e) {
      throw new AssertionError(node.tail(), e);
    }
  }
}
