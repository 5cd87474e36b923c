package elysia.bench;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import elysia.bench.harness.MeasuredNode;
import elysia.testkit.git.GitRepository;
import elysia.testkit.node.NodeProcess;
import elysia.testkit.process.Finished;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Where benchmarks run: a folder, the distribution, code to index, and the node that has it
/// indexed, which several share.
public final class Lab implements AutoCloseable {
  /// The name of the repository that several benchmarks share.
  public static final String CODE = "code";
  private static final int GIT_RUNS = 5;

  private final Path work;
  private final Path launcher;
  private final Path corpora;
  private final Consumer<Figure> figures;
  private final Config config = ConfigFactory.load();
  private final List<MeasuredNode> nodes = new ArrayList<>();
  private @Nullable GitRepository code;
  private @Nullable MeasuredNode node;
  private @Nullable Finished added;

  /// @param launcher the distribution's start script
  /// @param corpora folder of unpacked code
  Lab(Path work, Path launcher, Path corpora, Consumer<Figure> figures) {
    this.work = work;
    this.launcher = launcher;
    this.corpora = corpora;
    this.figures = figures;
  }

  /// Tells a figure.
  public void tell(Figure figure) {
    figures.accept(figure);
  }

  public Path launcher() {
    return launcher;
  }

  /// Folder of unpacked code.
  public Path corpora() {
    return corpora;
  }

  /// The version that the distribution prints.
  String version() {
    return Finished.run(work, NodeProcess.environment(work.resolve("home"), Map.of()),
        MeasuredNode.LIMIT, Path.of("/dev/null"),
        List.of(launcher.toString(), "--version")).good().text().strip();
  }

  /// How long git takes, in seconds: the best of some runs.
  public static double gitSeconds(GitRepository repository, String... arguments) {
    double best = Double.MAX_VALUE;
    for (int i = 0; i < GIT_RUNS; i++)
      best = Math.min(best, repository.gitFrom(Path.of("/dev/null"), arguments).seconds());
    return best;
  }

  /// Defaults of all modules.
  public Config config() {
    return config;
  }

  /// A new folder.
  public Path folder(String name) {
    try {
      return Files.createDirectories(work.resolve(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Address of a real Weaviate.
  public Optional<String> weaviate() {
    return Optional.ofNullable(System.getenv("WEAVIATE_URL")).filter(url -> !url.isEmpty());
  }

  /// The protocol by which nodes send batches: they see `WEAVIATE_GRPC_URL`, too.
  public String batches() {
    return System.getenv("WEAVIATE_GRPC_URL") == null ? "over REST" : "over gRPC";
  }

  /// Starts a node on a home of its own; it is ended with the lab if not before.
  public MeasuredNode start(String name, Map<String, String> environment) {
    MeasuredNode started = MeasuredNode.start(launcher, folder(name), environment);
    nodes.add(started);
    return started;
  }

  /// Commits the code into a new repository: real sources in six languages, without what was
  /// generated from them.
  public GitRepository commitCode(String name) {
    GitRepository repository = GitRepository.create(folder(name));
    for (String corpus : List.of("gson", "okio", "os-lib", "core-async", "preact"))
      repository.copy(corpora.resolve(corpus), corpus);
    repository.git("add", "-A", "-f");
    repository.git("rm", "-q", "-r", "-f", "--ignore-unmatch", "--", "*.map",
        "*/META-INF/MANIFEST.MF",
        "*/dist/*");
    repository.commit("As published");
    return repository;
  }

  /// The shared repository.
  public GitRepository code() {
    GitRepository made = code;
    if (made == null)
      code = made = commitCode(CODE + ".git");
    return made;
  }

  /// The shared node, with the model of the distribution.
  public MeasuredNode node() {
    MeasuredNode running = node;
    if (running == null)
      node = running = start("node", Map.of());
    return running;
  }

  /// Adds the shared repository to the shared node, once.
  ///
  /// @return the command that did
  public Finished add() {
    Finished done = added;
    if (done == null)
      added = done = node().cli("repo", "add", code().folder().toString(), "--name", CODE);
    return done;
  }

  /// The shared node with the shared repository in step with its head.
  public MeasuredNode indexed() {
    add();
    node().sync(CODE, code().head());
    return node();
  }

  /// Ends all nodes and removes the folder; also when called again.
  @Override
  public synchronized void close() {
    nodes.forEach(MeasuredNode::close);
    if (!Files.exists(work))
      return;
    try (Stream<Path> paths = Files.walk(work)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList())
        Files.delete(path);
    } catch (IOException e) {
      throw new UncheckedIOException("the working folder cannot be removed: " + work, e);
    }
  }
}
