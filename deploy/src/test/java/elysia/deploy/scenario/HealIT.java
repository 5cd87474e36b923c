package elysia.deploy.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import elysia.testkit.git.GitRepository;
import elysia.testkit.index.IndexCheck;
import elysia.testkit.node.CountingEmbeddings;
import elysia.testkit.node.FaultyStore;
import elysia.testkit.node.NodeProcess;
import elysia.testkit.process.Await;
import elysia.testkit.process.Finished;
import elysia.testkit.weaviate.Fault;
import elysia.testkit.weaviate.Fault.Kind;
import elysia.testkit.weaviate.Fault.On;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a node needs is down, hangs or is damaged: the status says what and what comes next, other
/// repositories go on, and all is well without a hand when the cause is gone.
class HealIT {
  private static final Duration QUIET = Duration.ofMinutes(3);

  @TempDir
  Path folder = Path.of("");

  private GitRepository repository(String name) throws IOException {
    GitRepository repository = GitRepository.create(folder.resolve(name));
    for (int i = 0; i < 5; i++)
      repository.write(name + i + ".txt", "content " + i + " of " + name + "\n");
    repository.commit("Start");
    return repository;
  }

  private static void add(NodeProcess node, String name, String location) {
    node.api().post("/v1/repositories", Map.of("name", name, "location", location));
  }

  private static JsonNode waiting(NodeProcess node, String name, String why) {
    JsonNode status = node.api().await(name, "waiting: " + why,
        now -> now.path("state").asText().equals("waiting")
            && now.path("detail").asText().contains(why));
    Await.so("the command line says so", QUIET,
        () -> node.ok("repo", "status", name).contains(why));
    return status;
  }

  private static void exact(NodeProcess node, String name, GitRepository repository) {
    node.api().awaitSynced(name, repository.head());
    IndexCheck index = new IndexCheck(node);
    index.verifiedByApi(name, true);
    index.equalsTree(name, repository, repository.head(), 1_000_000, 100);
  }

  @Test
  void storeThatWasDown() throws IOException {
    GitRepository code = repository("code");
    try (FaultyStore store = FaultyStore.start(folder.resolve("store"));
        NodeProcess node = new NodeProcess(folder, Map.of()).configured(store.settings())
            .start()) {
      add(node, "code", code.folder().toString());
      exact(node, "code", code);
      store.kill();
      code.write("late.txt", "committed while the store was down\n").commit("Late");
      node.api().post("/v1/repositories/code/sync", "");
      waiting(node, "code", "cannot be reached");
      assertThat(node.cli("server", "status").text()).contains("NOT OK", "cannot be reached");
      assertThat(node.tail()).contains("cannot be reached");
      store.startAgain();
      exact(node, "code", code);
      assertThat(node.cli("server", "status").text()).doesNotContain("NOT OK");
    }
  }

  @Test
  void storeThatWasReadOnly() throws IOException {
    GitRepository code = repository("code");
    try (FaultyStore store = FaultyStore.start(folder.resolve("store"));
        NodeProcess node = new NodeProcess(folder, Map.of()).configured(store.settings())
            .start()) {
      add(node, "code", code.folder().toString());
      exact(node, "code", code);
      store.add(Fault.sometimes(Kind.READ_ONLY, On.ANY, 1, 1));
      code.write("late.txt", "committed while the store was read-only\n").commit("Late");
      node.api().post("/v1/repositories/code/sync", "");
      waiting(node, "code", "read-only");
      assertThat(node.cli("server", "status").text()).contains("NOT OK",
          "takes no writes: store is read-only");
      Finished diagnosed = node.cli("repo", "diagnose", "code");
      assertThat(diagnosed.text()).contains("It cannot be written to now", "read-only",
          "Syncs wait and go on by themselves; search works.");
      assertThat(diagnosed.exit()).isEqualTo(1);
      assertThat(node.ok("search", "content of code", "--repo", "code")).contains("code0.txt");
      store.clear();
      exact(node, "code", code);
      assertThat(node.cli("server", "status").text()).doesNotContain("NOT OK");
      assertThat(node.ok("repo", "diagnose", "code")).contains("It can be written to.");
    }
  }

  @Test
  void embedderThatWasDown() throws IOException {
    GitRepository code = repository("code");
    CountingEmbeddings first = new CountingEmbeddings(Duration.ZERO);
    try (NodeProcess node = new NodeProcess(folder, Map.of()).configured(first.settings()
        + "elysia.coordinator.repository.redelivery { first = 4s, max = 8s, floor = 3s }\n"
        + "elysia.worker.openai { tries = 1 }\n").start()) {
      add(node, "code", code.folder().toString());
      exact(node, "code", code);
      first.close();
      code.write("late.txt", "committed while the embedder was down\n").commit("Late");
      node.api().post("/v1/repositories/code/sync", "");
      waiting(node, "code", "127.0.0.1:" + first.port());
      try (CountingEmbeddings _ = new CountingEmbeddings(Duration.ZERO, first.port())) {
        exact(node, "code", code);
      }
    }
  }

  @Test
  void gitHostThatHangsOrAnswersGarbage() throws IOException {
    GitRepository code = repository("code");
    GitRepository other = repository("other");
    GitHost host = new GitHost(code);
    try (host; NodeProcess node = NodeProcess.cheap(folder).configured("""
        elysia.coordinator {
          git { look-deadline = 2s, fetch-deadline = 10s }
          repository.retry { first = 200ms, max = 1s, floor = 50ms }
        }
        """).start()) {
      add(node, "code", host.url());
      exact(node, "code", code);
      host.mood = Mood.HANGS;
      node.api().post("/v1/repositories/code/sync", "");
      waiting(node, "code", "no answer within 2000 ms");
      host.mood = Mood.GARBAGE;
      waiting(node, "code", "the answer is not that of a Git server");
      add(node, "other", other.folder().toString());
      exact(node, "other", other);
      code.write("late.txt", "committed while the host was ill\n").commit("Late");
      code.git("update-server-info");
      host.mood = Mood.WELL;
      exact(node, "code", code);
    }
  }

  @Test
  void cloneThatIsDamagedIsMadeAnew() throws IOException {
    GitRepository code = repository("code");
    try (NodeProcess node = NodeProcess.cheap(folder).start()) {
      add(node, "code", code.url());
      exact(node, "code", code);
      try (Stream<Path> files = Files.walk(node.home().resolve("clones/code/.git/objects"))) {
        for (Path file : files.filter(Files::isRegularFile).toList()) {
          file.toFile().setWritable(true);
          Files.writeString(file, "no object");
        }
      }
      code.write("late.txt", "after the damage\n").commit("Late");
      node.api().post("/v1/repositories/code/sync", "");
      exact(node, "code", code);
    }
  }

  @Test
  void nodeThatRanOutOfMemoryInASync() throws IOException {
    GitRepository code = repository("code");
    try (NodeProcess poor = new NodeProcess(folder,
        Map.of("ELYSIACTL_EMBEDDER", "constant", "ELYSIACTL_HEAP", "40m")).configured(
            "elysia.coordinator.repository.batch { files = 1000, bytes = 1 GiB }")
        .start()) {
      add(poor, "code", code.folder().toString());
      exact(poor, "code", code);
      String blank = "\n".repeat(1_000_000);
      for (int i = 0; i < 100; i++)
        code.write("blank" + i + ".txt", blank);
      code.write("late.txt", "committed before the memory was full\n").commit("Late");
      poor.api().post("/v1/repositories/code/sync", "");
      Await.so("it ends itself", QUIET, () -> !poor.alive());
      assertThat(poor.tail()).contains("Terminating due to java.lang.OutOfMemoryError");
    }
    try (NodeProcess enough = NodeProcess.cheap(folder).configured("").start()) {
      exact(enough, "code", code);
    }
  }

  private enum Mood {
    WELL, HANGS, GARBAGE
  }

  /// A repository behind a web server that knows nothing of Git.
  private static final class GitHost implements AutoCloseable {
    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private volatile Mood mood = Mood.WELL;

    GitHost(GitRepository repository) throws IOException {
      repository.git("update-server-info");
      Path root = repository.folder().resolve(".git");
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.setExecutor(threads);
      server.createContext("/code.git/", exchange -> {
        try (exchange) {
          if (mood == Mood.HANGS)
            Thread.sleep(Duration.ofMinutes(5));
          Path file = root
              .resolve(exchange.getRequestURI().getPath().substring("/code.git/".length()));
          boolean there = mood == Mood.GARBAGE || Files.isRegularFile(file);
          byte[] body = mood == Mood.GARBAGE
              ? "<html>Sign in</html>".getBytes(StandardCharsets.UTF_8)
              : there ? Files.readAllBytes(file) : new byte[0];
          exchange.sendResponseHeaders(there ? 200 : 404, body.length == 0 ? -1 : body.length);
          exchange.getResponseBody().write(body);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
      });
      server.start();
    }

    String url() {
      return "http://127.0.0.1:" + server.getAddress().getPort() + "/code.git";
    }

    @Override
    public void close() {
      server.stop(0);
      threads.shutdownNow();
    }
  }
}
