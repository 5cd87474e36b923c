package elysia.deploy.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import elysia.testkit.git.GitRepository;
import elysia.testkit.index.IndexCheck;
import elysia.testkit.node.Api;
import elysia.testkit.node.CountingEmbeddings;
import elysia.testkit.node.NodeProcess;
import elysia.testkit.process.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A node is killed at random moments while commands come in and syncs run, and started again on
/// its home; what it had answered must be so.
final class KillRun implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(KillRun.class);
  private static final List<String> SYNCED = List.of("inplace", "cloned");
  private static final String SIDE = "side";
  private static final int WINDOW = 4;
  private static final int BATCH = 10;
  private static final int FILES_A_ROUND = 60;
  private static final int LATEST_KILL_MILLIS = 1_500;
  private static final Duration QUIET = Duration.ofSeconds(60);
  private static final Duration PER_TEXT = Duration.ofMillis(8);
  private static final String MARKER = "unique";

  private final SplittableRandom random;
  private final CountingEmbeddings embeddings = new CountingEmbeddings(PER_TEXT);
  private final NodeProcess node;
  private final IndexCheck index;
  private final Map<String, GitRepository> repositories;
  private final GitRepository side;
  private long written;
  private int inTheMiddle;

  /// What is known of a command: whether it was answered.
  private record Sent(boolean acknowledged) {}

  /// A command that changes a setting of the side repository.
  private record Setting(String command, Object body, String field, String value) {}

  KillRun(Path folder, long seed) throws IOException {
    LOG.info("seed of the kills: {}", seed);
    random = new SplittableRandom(seed);
    node = new NodeProcess(folder, Map.of()).configured(embeddings.settings() + """
        elysia.coordinator.repository { window = %d, batch.files = %d }
        """.formatted(WINDOW, BATCH));
    index = new IndexCheck(node);
    repositories = Map.of("inplace", GitRepository.create(folder.resolve("inplace")), "cloned",
        GitRepository.create(folder.resolve("cloned")));
    side = GitRepository.create(folder.resolve(SIDE)).write("side.txt", "aside\n");
    side.commit("Aside");
  }

  /// Checks after each kill that what was answered is so, and in the end the whole index.
  ///
  /// @return how many texts were embedded again
  long kill(int kills) throws IOException {
    node.start();
    for (String name : SYNCED) {
      GitRepository repository = repository(name);
      change(repository);
      add(name, name.equals("cloned") ? repository.url() : repository.folder().toString());
      node.api().awaitSynced(name, repository.head());
    }
    add(SIDE, side.folder().toString());
    node.api().awaitSynced(SIDE, side.head());
    for (int round = 1; round <= kills; round++)
      round(round);
    for (String name : SYNCED)
      index.equalsTree(name, repository(name), repository(name).head(), 1_000_000, 40);
    long repeats = embeddings.repeats(MARKER);
    LOG.info("{} kills, {} of them in the middle of a sync: {} texts, {} embedded again", kills,
        inTheMiddle, embeddings.distinct(MARKER), repeats);
    assertThat(embeddings.distinct(MARKER)).isLessThanOrEqualTo(written);
    return repeats;
  }

  /// Texts that may be embedded again: those on their way at each kill.
  static long onTheirWay(int kills) {
    return (long) kills * SYNCED.size() * WINDOW * BATCH;
  }

  private GitRepository repository(String name) {
    return Optional.ofNullable(repositories.get(name)).orElseThrow();
  }

  private void add(String name, String location) {
    node.api().post("/v1/repositories", Map.of("name", name, "location", location));
  }

  /// New, edited, renamed and deleted files; every text is a chunk of its own and new.
  private void change(GitRepository repository) throws IOException {
    List<String> there = repository.git("ls-files").lines().toList();
    for (int i = 0; i < there.size() && i < 25; i++) {
      String file = there.get(random.nextInt(there.size()));
      if (!Files.exists(repository.folder().resolve(file)))
        continue;
      switch (i % 5) {
        case 0 -> Files.delete(repository.folder().resolve(file));
        case 1 -> Files.move(repository.folder().resolve(file),
            repository.folder().resolve("moved" + written++ + ".txt"));
        default -> repository.write(file, text());
      }
    }
    for (int i = 0; i < FILES_A_ROUND; i++)
      repository.write("file" + written + ".txt", text());
    repository.commit("Change");
  }

  private String text() {
    written++;
    return MARKER + " text number " + written + " of the run\nits second line\n";
  }

  private void round(int round) throws IOException {
    for (String name : SYNCED)
      change(repository(name));
    Setting setting = switch (round % 3) {
      case 0 -> new Setting("POST /pause", "", "paused", "true");
      case 1 -> new Setting("POST /resume", "", "paused", "false");
      default -> new Setting("PATCH ", Map.of("schedule", (6 + round) + "h"), "schedule",
          (6 + round) + "h");
    };
    String before = node.api().repository(SIDE).path(setting.field()).asText();
    Duration wait = Duration.ofMillis(random.nextInt(LATEST_KILL_MILLIS));
    Api api = node.api();
    CompletableFuture<List<Sent>> commands = CompletableFuture.supplyAsync(() -> List.of(
        send(api, "POST", "/v1/repositories/inplace/sync", ""),
        send(api, "POST", "/v1/repositories/cloned/sync", ""),
        send(api, setting.command().split(" ", 2)[0],
            "/v1/repositories/" + SIDE + setting.command().split(" ", 2)[1], setting.body()),
        send(api, "POST", "/v1/repositories", Map.of("name", "extra" + round, "location",
            side.folder().toString())),
        send(api, "DELETE", "/v1/repositories/extra" + (round - 1), "")));
    LockSupport.parkNanos(wait.toNanos());
    long killedAt = embeddings.distinct(MARKER);
    node.kill();
    List<Sent> sent = commands.join();
    node.start();
    LOG.info("kill {} after {} ms, {} of {} commands answered", round, wait.toMillis(),
        sent.stream().filter(Sent::acknowledged).count(), sent.size());
    inForce(setting, before, sent.get(2));
    for (int i = 0; i < SYNCED.size(); i++)
      exact(SYNCED.get(i), sent.get(i));
    if (embeddings.distinct(MARKER) > killedAt)
      inTheMiddle++;
    extra(round, sent.get(3), sent.get(4));
  }

  private static Sent send(Api api, String method, String target, Object body) {
    try {
      Api.Reply reply = api.send(method, target, body);
      if (reply.status() / 100 == 5)
        return new Sent(false); // it was ending already
      assertThat(reply.status() / 100 == 2 || (method.equals("DELETE") && reply.status() == 404))
          .as(method + " " + target + ": " + reply).isTrue();
      return new Sent(true);
    } catch (IOException e) {
      return new Sent(false);
    }
  }

  private void inForce(Setting setting, String before, Sent sent) {
    String now = node.api().repository(SIDE).path(setting.field()).asText();
    if (sent.acknowledged())
      assertThat(now).as("answered: " + setting).isEqualTo(setting.value());
    else
      assertThat(now).as("not answered: " + setting).isIn(before, setting.value());
  }

  private void exact(String name, Sent sent) {
    String head = repository(name).head();
    if (sent.acknowledged())
      node.api().awaitSynced(name, head);
    else {
      node.api().await(name, "resting", Api::resting);
      node.api().sync(name, head);
    }
    JsonNode status = node.api().repository(name);
    assertThat(status.path("failures").asLong()).as(status.toString()).isZero();
    index.verified(name);
  }

  private void extra(int round, Sent added, Sent removed) throws IOException {
    String now = "extra" + round;
    if (!added.acknowledged())
      add(now, side.folder().toString());
    assertThat(node.api().repository(now).path("location").asText())
        .isEqualTo(side.folder().toString());
    node.api().awaitSynced(now, side.head());
    String gone = "/v1/repositories/extra" + (round - 1);
    if (!removed.acknowledged())
      node.api().send("DELETE", gone, "");
    Await.so("removed: " + gone, QUIET, () -> {
      try {
        return node.api().send("GET", gone, "").status() == 404;
      } catch (IOException e) {
        throw new AssertionError(node.tail(), e);
      }
    });
  }

  @Override
  public void close() {
    node.close();
    embeddings.close();
  }
}
