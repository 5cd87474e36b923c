package elysia.deploy.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import elysia.testkit.git.Corpora;
import elysia.testkit.git.GitRepository;
import elysia.testkit.index.IndexCheck;
import elysia.testkit.node.Api;
import elysia.testkit.node.NodeProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// Five code bases of other people, added as a user adds them, and what happens to code bases.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class Scenario {
  static final long MAX_SIZE = 1_000_000;
  private static final int SAMPLE = 12;
  private static final Duration QUICK = Duration.ofSeconds(5);

  private Path folder = Path.of("");
  private final Map<Corpora, GitRepository> repositories = new EnumMap<>(Corpora.class);
  private NodeProcess node = NodeProcess.cheap(folder);
  private IndexCheck index = new IndexCheck(node);

  /// The node, not yet started.
  abstract NodeProcess node(Path folder) throws IOException;

  @BeforeAll
  void addFiveCodeBases(@TempDir Path temporary) throws IOException {
    folder = temporary;
    node = node(folder).start();
    index = new IndexCheck(node);
    StringBuilder list = new StringBuilder("# name and place\n\n");
    for (Corpora corpus : Corpora.values()) {
      GitRepository repository = corpus.commitInto(folder.resolve(corpus.label()));
      repositories.put(corpus, repository);
      boolean cloned = corpus == Corpora.OKIO || corpus == Corpora.CORE_ASYNC;
      list.append(cloned ? repository.url() : repository.folder().toString())
          .append(" --name ").append(corpus.label()).append('\n');
    }
    Path file = Files.writeString(folder.resolve("list.txt"), list);
    String added = node.ok("repo", "add-batch", file.toString());
    for (Corpora corpus : Corpora.values())
      assertThat(added).contains(corpus.label());
    for (Corpora corpus : Corpora.values())
      exact(corpus, node.api().patient() ? SAMPLE : Integer.MAX_VALUE);
  }

  @AfterAll
  void endNode() {
    node.close();
  }

  final GitRepository repository(Corpora corpus) {
    return Optional.ofNullable(repositories.get(corpus)).orElseThrow();
  }

  final NodeProcess node() {
    return node;
  }

  final Map<String, GitRepository> byName() {
    Map<String, GitRepository> byName = new HashMap<>();
    repositories.forEach((corpus, git) -> byName.put(corpus.label(), git));
    return byName;
  }

  private void exact(Corpora corpus, int sample) {
    GitRepository repository = repository(corpus);
    verified(corpus.label());
    index.equalsTree(corpus.label(), repository, repository.head(), MAX_SIZE, sample);
  }

  /// With the command line; with the API, which is quicker, where it is done very often.
  private void verified(String name) {
    if (node.api().patient())
      index.verifiedByApi(name);
    else
      index.verified(name);
  }

  /// Syncs with the command line and checks that the index is exact.
  private JsonNode synced(Corpora corpus) {
    node.ok("repo", "sync", corpus.label());
    JsonNode status = node.api().awaitSynced(corpus.label(), repository(corpus).head());
    exact(corpus, SAMPLE);
    return status;
  }

  private static long embedded(JsonNode status) {
    return Api.last(status, "chunks_embedded");
  }

  @Test
  void renamingFiftyFilesEmbedsNothing() throws IOException {
    GitRepository gson = repository(Corpora.GSON);
    gson.git("mv", "com", "moved");
    gson.commit("Move all");
    JsonNode status = synced(Corpora.GSON);
    assertThat(embedded(status)).isZero();
    assertThat(Api.last(status, "files_removed")).isGreaterThanOrEqualTo(50);
    assertThat(Api.last(status, "chunks_reused")).isGreaterThan(500);
  }

  @Test
  void branchAndBackEmbedsNothingThatWasEmbeddedBefore() throws IOException {
    GitRepository preact = repository(Corpora.PREACT);
    preact.git("switch", "-q", "-c", "other");
    List<String> files = preact.git("ls-files", "*.js", "*.ts").lines().toList();
    for (int i = 0; i < 40; i++) {
      String file = files.get(i);
      if (i % 4 == 0)
        Files.delete(preact.folder().resolve(file));
      else
        preact.write(file, preact.read(file).replace("function", "function /* other */"));
    }
    for (int i = 0; i < 10; i++)
      preact.write("added/file" + i + ".js", "export const added" + i + " = " + i + ";\n");
    preact.commit("Other");
    assertThat(embedded(synced(Corpora.PREACT))).isPositive();
    preact.git("switch", "-q", "main");
    assertThat(embedded(synced(Corpora.PREACT))).isZero();
    preact.git("switch", "-q", "other");
    assertThat(embedded(synced(Corpora.PREACT))).isZero();
    preact.git("switch", "-q", "main");
    assertThat(embedded(synced(Corpora.PREACT))).isZero();
  }

  @Test
  void anotherBranchOfAClonedRepositoryIsFollowedAndLeft() throws IOException {
    GitRepository okio = repository(Corpora.OKIO);
    okio.git("switch", "-q", "-c", "feature");
    okio.write("Feature.kt", "fun feature() = \"only on the branch\"\n");
    String feature = okio.commit("Feature");
    okio.git("switch", "-q", "main");
    node.ok("repo", "update", Corpora.OKIO.label(), "--branch", "feature");
    JsonNode status = node.api().awaitSynced(Corpora.OKIO.label(), feature);
    assertThat(embedded(status)).isEqualTo(1);
    verified(Corpora.OKIO.label());
    index.equalsTree(Corpora.OKIO.label(), okio, feature, MAX_SIZE, SAMPLE);
    node.ok("repo", "update", Corpora.OKIO.label(), "--branch", "main");
    assertThat(embedded(node.api().awaitSynced(Corpora.OKIO.label(), okio.head()))).isZero();
    exact(Corpora.OKIO, SAMPLE);
  }

  @Test
  void rewrittenHistoryIsFollowed() throws IOException {
    GitRepository async = repository(Corpora.CORE_ASYNC);
    String before = async.head();
    async.write("one.clj", "(def one 1)\n");
    async.commit("One");
    synced(Corpora.CORE_ASYNC);
    async.git("reset", "-q", "--hard", before);
    async.write("two.clj", "(def two 2)\n");
    async.commit("Instead of one");
    assertThat(embedded(synced(Corpora.CORE_ASYNC))).isEqualTo(1);
    async.git("switch", "-q", "--orphan", "unrelated");
    async.write("three.clj", "(def three 3)\n");
    async.commit("No parent");
    async.git("branch", "-f", "main", "unrelated");
    async.git("switch", "-q", "main");
    async.git("branch", "-D", "unrelated");
    async.git("reflog", "expire", "--expire=now", "--all");
    async.git("gc", "-q", "--prune=now");
    assertThat(synced(Corpora.CORE_ASYNC).path("documents").asLong()).isEqualTo(1);
    async.git("reset", "-q", "--hard");
    for (int i = 0; i < 3; i++)
      async.write("src/file" + i + ".clj", "(ns file" + i + ")\n\n(def value " + i + ")\n");
    async.git("commit", "-q", "--amend", "--allow-empty", "-m", "Amended");
    async.commit("More");
    synced(Corpora.CORE_ASYNC);
  }

  @Test
  void oneChangedLineInALongFileEmbedsAtMostTwoChunks() throws IOException {
    GitRepository library = repository(Corpora.OS_LIB);
    List<String> lines = IntStream.rangeClosed(1, 2_500)
        .mapToObj(i -> i % 25 == 0
            ? ""
            : i % 25 == 1
                ? "def step" + i + "(state: Int): Int = {"
                : "  val value" + i + " = compute(" + i * 31 + ", state, \"name " + i + "\")")
        .toList();
    library.write("Long.scala", String.join("\n", lines) + "\n");
    library.commit("Long");
    assertThat(embedded(synced(Corpora.OS_LIB))).isGreaterThan(50);
    for (int changed : List.of(1, 1_233, 2_499)) {
      String text = library.read("Long.scala").replaceFirst("value" + changed + " = compute",
          "value" + changed + " = recompute");
      library.write("Long.scala", changed == 1
          ? "def start(state: Int): Int = {\n"
              + text.substring(text.indexOf('\n') + 1)
          : text);
      library.commit("One line: " + changed);
      assertThat(embedded(synced(Corpora.OS_LIB))).as("line " + changed).isBetween(1L, 2L);
    }
    library.write("Long.scala", "// put before all others\n" + library.read("Long.scala"));
    library.commit("All lines move");
    assertThat(embedded(synced(Corpora.OS_LIB))).isBetween(1L, 2L);
  }

  @Test
  void searchNeverMissesAFileThatExistsBeforeAndAfter() throws IOException {
    GitRepository library = repository(Corpora.OS_LIB);
    library.write("Stable.scala", "object Stable { val kingfisher = \"stays as it is\" }\n");
    library.write("Changing.scala", changing(0));
    library.commit("Two to look for");
    synced(Corpora.OS_LIB);
    AtomicBoolean done = new AtomicBoolean();
    Api api = node.api();
    CompletableFuture<Integer> searches = CompletableFuture.supplyAsync(() -> {
      int count = 0;
      while (!done.get()) {
        for (Map.Entry<String, String> wanted : Map
            .of("kingfisher", "Stable.scala", "sandpiper", "Changing.scala").entrySet())
          assertThat(api.keyword(Corpora.OS_LIB.label(), wanted.getKey(), Optional.empty(), 50)
              .findValuesAsText("path")).as("search " + count + " for " + wanted.getKey())
              .contains(wanted.getValue());
        count++;
      }
      return count;
    });
    try {
      for (int round = 1; round <= 4; round++) {
        library.write("Changing.scala", changing(round));
        for (String file : library.git("ls-files", "os/*.scala").lines().toList())
          library.write(file, "// round " + round + "\n" + library.read(file));
        String commit = library.commit("Round " + round);
        api.sync(Corpora.OS_LIB.label(), commit);
      }
      api.post("/v1/repositories/" + Corpora.OS_LIB.label() + "/sync?full=true", "");
      api.await(Corpora.OS_LIB.label(), "listed anew", status -> Api.resting(status)
          && status.path("last_result").path("mode").asText().equals("full"));
    } finally {
      done.set(true);
    }
    assertThat(joined(searches)).isGreaterThan(10);
    exact(Corpora.OS_LIB, SAMPLE);
  }

  private static int joined(CompletableFuture<Integer> searches) {
    try {
      return searches.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof AssertionError missed)
        throw new AssertionError("a search missed a file", missed);
      throw e;
    }
  }

  /// The word is now at the beginning, now at the end, of more or fewer chunks.
  private static String changing(int round) {
    StringBuilder text = new StringBuilder("object Changing {\n");
    for (int i = 0; i < 40 * (1 + round % 3); i++)
      text.append("  val other").append(i).append("_").append(round).append(" = ").append(i)
          .append('\n');
    text.insert(round % 2 == 0 ? 0 : text.length(), "// sandpiper\n");
    return text.append("}\n").toString();
  }

  @Test
  void syncWithNothingChangedIsQuickAndEmbedsNothing() {
    Instant start = Instant.now();
    node.api().sync(Corpora.GSON.label(), repository(Corpora.GSON).head());
    assertThat(Duration.between(start, Instant.now())).isLessThan(QUICK);
    String output = node.ok("repo", "sync", Corpora.GSON.label(), "-o", "json");
    assertThat(output).contains(Corpora.GSON.label());
  }
}
