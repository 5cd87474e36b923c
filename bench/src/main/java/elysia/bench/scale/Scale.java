package elysia.bench.scale;

import com.fasterxml.jackson.databind.JsonNode;
import elysia.bench.Benchmark;
import elysia.bench.Figure;
import elysia.bench.Lab;
import elysia.bench.harness.MeasuredNode;
import elysia.bench.harness.MeasuredNode.Sync;
import elysia.testkit.git.GitRepository;
import elysia.testkit.process.Finished;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// One node with a heap of 512 MiB and an embedder that costs nothing.
public final class Scale {
  private static final int FILES = 200_000;
  private static final int REPOSITORIES = 2_000;
  private static final int SMALL = 5;
  private static final int FOLDER = 100;
  private static final double HEAP = 512;
  private static final Map<String, String> NODE = Map.of("ELYSIACTL_EMBEDDER", "constant",
      "ELYSIACTL_HEAP", "512m");

  private Scale() {}

  /// A repository of 200,000 files.
  public static final Benchmark LARGE = lab -> {
    GitRepository repository = GitRepository.create(lab.folder("large.git"));
    commit(repository, "large", 0, FILES);
    MeasuredNode node = lab.start("large", NODE);
    Finished add = node.cli("repo", "add", repository.folder().toString(), "--name", "large");
    JsonNode status = node.http().get("/v1/repositories/large");
    lab.tell(Figure.of("scale-large", "repo add of " + FILES + " files", add.seconds(), "s")
        .noting(status.path("documents").asLong() + " documents, "
            + Math.round(FILES / add.seconds()) + " files/s, processor "
            + Math.round(node.processorSeconds()) + " s"));
    List<Double> times = new ArrayList<>();
    for (int i = 0; i < 3; i++)
      times.add(node.sync("large", repository.head()).seconds());
    lab.tell(Figure.of("scale-large", "sync of nothing, best of 3",
        times.stream().min(Double::compare).orElseThrow(), "s")
        .beside("git ls-remote",
            Lab.gitSeconds(repository, "ls-remote", repository.folder().toString(), "main")));
    commit(repository, "changed", FILES / 2, 1);
    Sync one = node.sync("large", repository.head());
    lab.tell(Figure.of("scale-large", "one file changed", one.seconds(), "s").atMost(1)
        .noting("stages in ms " + one.stages()));
    memory(lab, "scale-large", node);
    node.close();
  };

  /// Two thousand repositories of a few files.
  public static final Benchmark MANY = lab -> {
    Path folder = lab.folder("many");
    StringBuilder list = new StringBuilder();
    for (int i = 0; i < REPOSITORIES; i++) {
      GitRepository repository = GitRepository.create(folder.resolve("many" + i));
      commit(repository, "many" + i, 0, SMALL);
      list.append(repository.folder()).append(" --name many").append(i)
          .append(" --collection Many\n");
    }
    Path file = write(folder.resolve("list"), list.toString());
    MeasuredNode node = lab.start("many-node", NODE);
    Finished add = node.cli("repo", "add-batch", file.toString());
    lab.tell(Figure.of("scale-many", "repo add-batch of " + REPOSITORIES + " repositories",
        add.seconds(), "s").noting("processor " + Math.round(node.processorSeconds()) + " s"));
    double before = node.processorSeconds();
    Finished listing = node.cli("repo", "list");
    lab.tell(Figure.of("scale-many", "repo list", listing.seconds(), "s").atMost(2)
        .noting(listing.text().lines().count() + " lines, processor of the node "
            + (node.processorSeconds() - before) + " s"));
    memory(lab, "scale-many", node);
    node.close();
  };

  private static void memory(Lab lab, String name, MeasuredNode node) {
    lab.tell(Figure.of(name, "heap at its most, of all pools together",
        node.metric("jvm_memory_max_bytes{area=\"heap\"") / (1 << 20), "MiB").atMost(HEAP)
        .noting("in use "
            + Math.round(node.metric("jvm_memory_used_bytes{area=\"heap\"") / (1 << 20))
            + " MiB, after the last collection "
            + Math.round(node.metric("jvm_gc_live_data_size_bytes") / (1 << 20))
            + " MiB, longest pause "
            + Math.round(1_000 * node.metric("jvm_gc_pause_seconds_max")) + " ms"));
    lab.tell(Figure.of(name, "peak of the process", node.peakMemory(), "MiB"));
  }

  /// Adds files to a repository without a work tree.
  private static void commit(GitRepository repository, String word, int first, int count) {
    Path stream = repository.folder().resolve(".git").resolve("import");
    boolean empty = !Files.exists(repository.folder().resolve(".git/refs/heads/main"));
    try {
      try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(stream))) {
        text(out, "commit refs/heads/main\n");
        text(out, "committer C <c@example.org> 1767225600 +0000\ndata 5\nfiles\n");
        if (!empty)
          text(out, "from refs/heads/main^0\n");
        for (int i = first; i < first + count; i++) {
          String source = source(word, i);
          text(out, "M 644 inline src/p" + i / FOLDER + "/File" + i + ".java\ndata "
              + source.length() + "\n" + source + "\n");
        }
      }
      repository.gitFrom(stream, "fast-import", "--quiet");
      Files.delete(stream);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String source(String word, int number) {
    return """
        package p%1$d;

        /** Number %2$d of %3$s. */
        public final class File%2$d {
          private final int value = %2$d;

          public int value() {
            return value;
          }

          public String %3$s() {
            return "%3$s" + value;
          }
        }
        """.formatted(number / FOLDER, number, word);
  }

  private static void text(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.UTF_8));
  }

  private static Path write(Path file, String text) {
    try {
      return Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
