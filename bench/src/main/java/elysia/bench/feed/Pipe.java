package elysia.bench.feed;

import elysia.bench.Benchmark;
import elysia.bench.Figure;
import elysia.bench.Lab;
import elysia.bench.harness.MeasuredNode;
import elysia.bench.limit.BareWeaviate;
import elysia.testkit.git.GitRepository;
import elysia.testkit.process.Finished;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/// Changes through the command line.
public final class Pipe implements Benchmark {
  private static final int READY = 20_000;
  private static final int RESUMED = 10_000;
  private static final int FILES = 100;
  private static final double TIMES = 1.2;
  private static final int ROUNDS = 5;
  private static final int WARM_UP = 3;

  @Override
  public void measure(Lab lab) {
    hundredFiles(lab);
    ready(lab);
    resume(lab);
  }

  /// `git diff --name-only | elysiactl index sync --stdin`, with the model of the distribution.
  private static void hundredFiles(Lab lab) {
    GitRepository code = lab.commitCode("piped.git");
    MeasuredNode node = lab.node();
    List<String> sources = code.files().stream().filter(path -> path.matches(".*\\.(java|kt)"))
        .limit(FILES).toList();
    Path names = write(lab.folder("pipe").resolve("names"), String.join("\n", sources) + "\n");
    index(node, code.folder(), names, "Piped");
    for (String path : sources)
      code.write(path, code.read(path) + "// piped, in " + path + "\n");
    double embedded = node.metric("elysiactl_chunks_embedded_total");
    Finished sync = index(node, code.folder(), names, "Piped");
    embedded = node.metric("elysiactl_chunks_embedded_total") - embedded;
    lab.tell(Figure.of("pipe", sources.size() + " changed files through a pipe", sync.seconds(),
        "s").atMost(5).noting(Math.round(embedded) + " embeddings"));
  }

  private static Finished index(MeasuredNode node, Path folder, Path input, String collection) {
    return node.cli(folder, input,
        List.of("index", "sync", "--stdin", "--collection", collection)).good();
  }

  /// Changes of one chunk each, without the cost of a model.
  private static void ready(Lab lab) {
    Path folder = lab.folder("ready");
    Map<String, String> environment = new HashMap<>(Map.of("ELYSIACTL_EMBEDDER", "constant"));
    lab.weaviate().ifPresent(url -> environment.putAll(
        Map.of("ELYSIACTL_STORE", "weaviate", "WEAVIATE_URL", url)));
    try (MeasuredNode node = lab.start("ready-node", environment)) {
      tell(lab, List.of(round(lab, node, folder, "ready")), "a node just started");
      for (int i = 1; i <= WARM_UP; i++)
        feed(node, folder, Lines.ready(folder, READY, "warm" + i), "Warm");
      List<Round> rounds = new ArrayList<>();
      for (int i = 1; i <= ROUNDS; i++)
        rounds.add(round(lab, node, folder, "again" + i));
      tell(lab, rounds, "after " + WARM_UP + " more, median of " + ROUNDS);
    }
  }

  /// @param bare what the same objects took right after; empty without Weaviate
  private record Round(double seconds, Optional<Double> bare) {
    double ratio() {
      return seconds / bare.orElse(seconds);
    }
  }

  /// Into a collection that is there, as that of the bare API is.
  private static Round round(Lab lab, MeasuredNode node, Path folder, String name) {
    String collection = "Ready" + node.pid();
    feed(node, folder, Lines.ready(folder, 1, "first" + name), collection);
    double seconds = feed(node, folder, Lines.ready(folder, READY, name), collection);
    Optional<Double> bare = lab.weaviate()
        .map(url -> READY / BareWeaviate.objectsPerSecond(url, collection));
    var _ = node.cli("col", "delete", collection, "--yes");
    return new Round(seconds, bare);
  }

  private static double feed(MeasuredNode node, Path folder, Path changes, String collection) {
    return node.cli(folder, Path.of("/dev/null"), List.of("index", "sync", "--input",
        changes.toString(), "--collection", collection)).good().seconds();
  }

  private static void tell(Lab lab, List<Round> rounds, String when) {
    double seconds = median(rounds.stream().map(Round::seconds).toList());
    Figure figure = Figure.of("pipe", READY + " ready changes into "
        + lab.weaviate().map(_ -> "Weaviate " + lab.batches()).orElse("the embedded store") + ", "
        + when, seconds, "s");
    if (lab.weaviate().isEmpty()) {
      lab.tell(figure.noting(Math.round(READY / seconds) + " changes/s"));
      return;
    }
    double bare = median(rounds.stream().map(round -> round.bare().orElseThrow()).toList());
    lab.tell(figure.beside("bare REST batch API, same objects", bare).atMost(TIMES * bare)
        .noting("ratios " + rounds.stream().map(Round::ratio).map(Figure::number)
            .collect(Collectors.joining(", "))));
  }

  private static double median(List<Double> values) {
    return values.stream().sorted().toList().get(values.size() / 2);
  }

  /// A run that is killed in the middle and started again, against one that is not.
  private static void resume(Lab lab) {
    Path folder = lab.folder("resume");
    Path warm = Lines.ready(folder, RESUMED, "warm");
    Path whole = Lines.ready(folder, RESUMED, "whole");
    Path halves = Lines.ready(folder, RESUMED, "halves");
    try (MeasuredNode node = lab.start("resume-node", Map.of("ELYSIACTL_EMBEDDER", "constant"))) {
      var _ = node.cli(folder, Path.of("/dev/null"), run(folder, warm)).good();
      double uncut = node.cli(folder, Path.of("/dev/null"), run(folder, whole)).good().seconds();
      long start = System.nanoTime();
      Process killed = node.launch(folder, run(folder, halves));
      try {
        var _ = killed.waitFor((long) (uncut * 500), TimeUnit.MILLISECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      killed.destroyForcibly();
      var _ = killed.onExit().join();
      double first = (System.nanoTime() - start) / 1e9;
      double second = node.cli(folder, Path.of("/dev/null"), run(folder, halves)).good().seconds();
      lab.tell(Figure.of("pipe", "what a kill -9 of the command and its resume add",
          first + second - uncut, "s").beside("run without interruption", uncut).atMost(1));
    }
  }

  private static List<String> run(Path folder, Path input) {
    return List.of("index", "sync", "--input", input.toString(), "--state-dir",
        folder.resolve("state-" + input.getFileName()).toString(), "--collection", "Resumed");
  }

  private static Path write(Path file, String text) {
    try {
      return Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
