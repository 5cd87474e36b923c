package elysia.deploy.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import elysia.deploy.harness.Cluster;
import elysia.testkit.index.StoreCheck;
import elysia.testkit.node.Api;
import elysia.testkit.node.NodeProcess;
import elysia.testkit.openai.Behaviour;
import elysia.testkit.openai.OpenAiFaultServer;
import elysia.testkit.process.Await;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A cluster that works while things go wrong, all of it drawn from one seed, and the proof
/// afterwards that nothing was lost.
final class ChaosRun implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ChaosRun.class);
  private static final Duration BACK = Duration.ofMinutes(4);
  private static final Duration QUIET = Duration.ofMinutes(6);
  private static final Duration LOOK = Duration.ofMillis(500);
  private static final int DIMENSION = 16;

  /// How much of everything.
  ///
  /// @param users each with `repositories` of its own of `files`
  /// @param shortest time that a fault lasts
  /// @param longest likewise
  /// @param pause the longest time for which a node stands still, or its clock is wrong
  /// @param overlap chance that the next fault begins before the last has ended
  /// @param clocks whether nodes' clocks are set, too, where the machine allows it
  record Size(int nodes, int users, int repositories, int files, int faults, Duration shortest,
      Duration longest, Duration pause, double overlap, boolean clocks) {}

  private final Size size;
  private final SplittableRandom random;
  /// Of the faults alone, so that they are the same however often the cluster is asked.
  private final SplittableRandom draws;
  private final AtomicBoolean ended = new AtomicBoolean();
  private final AtomicBoolean over = new AtomicBoolean();
  private final OpenAiFaultServer embedder;
  private final Cluster cluster;
  private final Client client;
  private final Supervisor supervisor;
  private final List<Workload> users = new ArrayList<>();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Map<Fault, Integer> met = new TreeMap<>();
  private final long begun = System.nanoTime();

  ChaosRun(Path folder, long seed, Size size, String replay) throws IOException {
    LOG.info("seed {}; to replay: mvn verify {} -Dtest=NONE -Delysia.chaos.seed={}", seed, replay,
        seed);
    this.size = size;
    this.random = new SplittableRandom(seed);
    this.draws = random.split();
    this.embedder = OpenAiFaultServer.start(0, Behaviour.of("chaos", DIMENSION), seed);
    this.cluster = new Cluster(folder, size.nodes(), settings(), Map.of("ELYSIACTL_HEAP", "384m"));
    if (size.clocks())
      cluster.withClocks();
    this.client = new Client(cluster.nodes());
    this.supervisor = new Supervisor(cluster, over);
    for (int i = 0; i < size.users(); i++)
      users.add(new Workload(i, folder, size.repositories(), size.files(), client, random.split(),
          ended));
  }

  private String settings() {
    return """
        elysia.node.embedder = openai
        elysia.worker.openai {
          url = "%s"
          model = chaos
          dimension = %d
          max-tokens = 512
          tokenizer = bytes
        }
        elysia.coordinator.repository.retry.max = 20s
        elysia.coordinator.repository.batch.files = 5
        """.formatted(embedder.url(), DIMENSION);
  }

  /// Seconds since the beginning, for the log.
  private String at() {
    return "%.1f s".formatted((System.nanoTime() - begun) / 1e9);
  }

  /// Fails when a command was lost, a sync hangs or memory grows.
  ///
  /// @return where the store differs from Git at the end
  List<String> run() throws IOException {
    cluster.nodes().forEach(NodeProcess::launch);
    // From the first moment on: on a busy machine nodes lose each other while they form a cluster.
    CompletableFuture<Void> watching = CompletableFuture.runAsync(supervisor, threads);
    awaitAll();
    for (Workload user : users)
      for (Workload.Subject subject : user.subjects())
        add(user, subject);
    LOG.info("{}: {} nodes, {} repositories; faults begin", at(), size.nodes(),
        size.users() * size.repositories());
    List<CompletableFuture<Void>> working = users.stream()
        .map(user -> CompletableFuture.runAsync(user, threads)).toList();
    faults();
    ended.set(true);
    working.forEach(CompletableFuture::join);
    LOG.info("{}: the stream has stopped; {} commands acknowledged, {} not; {} restarts", at(),
        users.stream().mapToInt(Workload::acknowledged).sum(),
        users.stream().mapToInt(Workload::refused).sum(), supervisor.restarts());
    awaitAll();
    over.set(true);
    watching.join();
    LOG.info("{}: all nodes are back", at());
    for (Workload user : users)
      quiet(user);
    LOG.info("{}: quiet", at());
    List<String> differences = differences();
    memory();
    LOG.info("{}: {} faults survived: {}; nothing lost, {} differences", at(), size.faults(), met,
        differences.size());
    return differences;
  }

  private void awaitAll() {
    Await.so("all nodes are ready and members", BACK, () -> cluster.nodes().stream()
        .allMatch(node -> node.ready() && Cluster.members(node) == size.nodes()));
  }

  private void add(Workload user, Workload.Subject subject) {
    Await.so("added: " + subject.name, BACK, () -> client
        .send(random, "POST", "/v1/repositories", user.addition(subject)).good());
    subject.asked = true;
  }

  /// Draws faults like cards, so that each kind comes before one comes again.
  private void faults() throws IOException {
    Fault.Stage stage = new Fault.Stage(cluster, embedder, draws, supervisor);
    List<Fault> deck = new ArrayList<>();
    List<Fault.End> open = new ArrayList<>();
    for (int i = 1; i <= size.faults(); i++) {
      if (deck.isEmpty())
        deck.addAll(shuffled());
      Fault fault = deck.removeLast();
      Fault.Begun now = fault.begin(stage);
      met.merge(fault, 1, Integer::sum);
      boolean slow = fault == Fault.NODE_PAUSED || fault == Fault.CLOCK_SET;
      Duration longest = slow ? size.pause() : size.longest();
      Duration lasts = size.shortest()
          .plusMillis(draws.nextLong(longest.minus(size.shortest()).toMillis() + 1));
      LOG.info("{}: fault {} of {}: {} {}, for {} ms", at(), i, size.faults(), fault, now.what(),
          lasts.toMillis());
      open.add(now.end());
      pause(lasts);
      if (!deck.isEmpty() && draws.nextDouble() < size.overlap() && deck.getLast().light()
          && fault.light())
        continue;
      for (Fault.End end : open)
        end.end();
      open.clear();
      pause(Duration.ofMillis(draws.nextLong(size.shortest().toMillis() + 1)));
    }
    for (Fault.End end : open)
      end.end();
  }

  private List<Fault> shuffled() {
    List<Fault> all = new ArrayList<>(List.of(Fault.values()));
    all.removeIf(fault -> !fault.possible(cluster));
    Collections.shuffle(all, new Random(draws.nextLong()));
    return all;
  }

  private static void pause(Duration time) {
    try {
      Thread.sleep(time);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  /// Waits until a user's repositories rest at their last commit. One whose last command to sync
  /// was acknowledged gets there without another.
  private void quiet(Workload user) {
    for (Workload.Subject subject : user.subjects()) {
      String target = "/v1/repositories/" + subject.name;
      if (!subject.asked)
        Await.so("asked: " + subject.name, BACK,
            () -> client.send(random, "POST", target + "/sync", "").good());
      String head = subject.git.head();
      List<String> last = new ArrayList<>(List.of(""));
      try {
        Await.until(subject.name + " rests at " + head, QUIET, () -> {
          Client.Answer answer = client.send(random, "GET", target, "");
          last.set(0, answer.toString());
          pause(LOOK);
          return Optional.of(answer).filter(a -> a.good() && rests(a.json(), head));
        });
      } catch (AssertionError e) {
        throw new AssertionError(e.getMessage() + "\n" + last + logs(), e);
      }
      JsonNode status = client.send(random, "GET", target, "").json();
      String schedule = status.path("schedule").asText();
      if (subject.schedule.mustBe())
        assertThat(subject.schedule.allows(schedule))
            .as(subject.name + ": schedule " + schedule + ", acknowledged " + subject.schedule)
            .isTrue();
    }
    user.extras().forEach((name, there) -> Await.so(name + (there ? " is there" : " is gone"),
        QUIET, () -> {
          Client.Answer answer = client.send(random, "GET", "/v1/repositories/" + name, "");
          pause(LOOK);
          return there
              ? answer.good() && rests(answer.json(), user.side().head())
              : answer.status() == 404;
        }));
  }

  private static boolean rests(JsonNode status, String commit) {
    return Api.resting(status)
        && status.path("synced_commit").asText().equals(commit)
        && status.path("failures").asLong() == 0;
  }

  private String logs() {
    StringBuilder all = new StringBuilder();
    cluster.nodes().forEach(node -> all.append('\n').append(node.tail()));
    return all.toString();
  }

  private List<String> differences() {
    StoreCheck store = new StoreCheck(cluster.storeUrl());
    List<String> differences = new ArrayList<>();
    for (Workload user : users) {
      for (int i = 0; i < user.subjects().size(); i++) {
        Workload.Subject subject = user.subjects().get(i);
        differences.addAll(store.differences(Workload.collection(subject, i), subject.name,
            subject.git, subject.git.head()));
      }
      user.extras().forEach((name, there) -> differences.addAll(there
          ? store.differences(Workload.SHARED, name, user.side(), user.side().head())
          : store.differences(Workload.SHARED, name, Map.of())));
      differences.addAll(fed(store, user));
    }
    return differences;
  }

  private static List<String> fed(StoreCheck store, Workload user) {
    Map<String, String> held = store.texts(Workload.FEED, user.fedRepository());
    List<String> wrong = new ArrayList<>();
    user.fed().forEach((path, known) -> {
      String text = held.get(path);
      if (text == null ? known.mustBe() : !known.allows(text + "\n"))
        wrong.add("fed " + path + " holds " + text + ", expected " + known);
    });
    return wrong;
  }

  /// What nodes keep after a collection, to be compared over long runs.
  private void memory() {
    for (NodeProcess node : cluster.nodes()) {
      double used = node.heapAfterCollection();
      LOG.info("heap of node {} after a collection: {} MiB", cluster.nodes().indexOf(node),
          Math.round(used));
      assertThat(used).as("heap in MiB after a collection").isLessThan(300);
    }
  }

  @Override
  public void close() throws IOException {
    ended.set(true);
    over.set(true);
    cluster.close();
    embedder.close();
    threads.shutdownNow();
  }
}
