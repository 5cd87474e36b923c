package elysia.bench.sync;

import elysia.bench.Benchmark;
import elysia.bench.Figure;
import elysia.bench.Lab;
import elysia.bench.harness.MeasuredNode;
import elysia.bench.harness.MeasuredNode.Sync;
import elysia.bench.limit.BareModel;
import elysia.bench.limit.Chunks;
import elysia.testkit.git.GitRepository;
import elysia.worker.onnx.OnnxEmbedder;
import elysia.worker.onnx.OnnxSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The cost of a sync after the first one, from the request to the answer that it is done.
public final class Syncs {
  private static final int FILES = 100;
  private static final int RENAMES = 50;
  private static final int BRANCH_FILES = 60;
  private static final int LONG_FILE = 2_500;

  private Syncs() {}

  /// Nothing changed.
  public static final Benchmark NO_CHANGE = lab -> {
    MeasuredNode node = lab.indexed();
    List<Double> times = new ArrayList<>();
    for (int i = 0; i < 7; i++)
      times.add(node.sync(Lab.CODE, lab.code().head()).seconds());
    double pull = Lab.gitSeconds(lab.code(), "ls-remote", lab.code().folder().toString(), "main");
    lab.tell(Figure.of("no-change", "sync of nothing, median of 7", median(times), "s")
        .beside("git ls-remote", pull).atMost(pull + 0.1));
  };

  /// A hundred files changed, three lines in each.
  public static final Benchmark HUNDRED_FILES = lab -> {
    MeasuredNode node = lab.indexed();
    GitRepository code = lab.code();
    List<String> sources = Edits.sources(code);
    Map<String, String> old = texts(lab);
    Edits.change(code, sources.subList(0, Math.min(FILES, sources.size())), "changed");
    String commit = code.commit("a hundred files changed");
    Map<String, String> fresh = texts(lab);
    fresh.keySet().removeAll(old.keySet());
    Sync sync = node.sync(Lab.CODE, commit);
    lab.tell(Figure.of("hundred-files", "100 files changed", sync.seconds(), "s")
        .beside("model alone, the " + fresh.size() + " new chunks", bare(fresh)).atMost(3.5)
        .noting(sync.count("chunks_embedded") + " embeddings, stages in ms " + sync.stages()));
  };

  /// Fifty files renamed.
  public static final Benchmark RENAMES_ONLY = lab -> {
    MeasuredNode node = lab.indexed();
    GitRepository code = lab.code();
    String from = code.head();
    for (String path : Edits.sources(code).subList(0, RENAMES)) {
      String name = path.substring(path.lastIndexOf('/') + 1);
      code.git("mv", path, path.substring(0, path.length() - name.length()) + "moved_" + name);
    }
    String commit = code.commit("fifty renamed");
    Sync sync = node.sync(Lab.CODE, commit);
    lab.tell(Figure.of("renames", "50 files renamed", sync.seconds(), "s")
        .beside("git diff", Lab.gitSeconds(code, "diff", "--raw", "-M", from, commit)).atMost(1)
        .noting("stages in ms " + sync.stages()));
    lab.tell(embeddings("renames", sync).atMost(0));
  };

  /// One line in a long file.
  public static final Benchmark ONE_LINE = lab -> {
    MeasuredNode node = lab.indexed();
    GitRepository code = lab.code();
    String path = code.files().stream()
        .filter(file -> file.endsWith(".d.ts") && code.read(file).lines().count() >= LONG_FILE)
        .findFirst().orElseThrow();
    List<String> lines = new ArrayList<>(code.read(path).lines().toList());
    Map<String, String> old = texts(lab);
    int middle = lines.size() / 2;
    lines.set(middle, lines.get(middle) + " // one line");
    code.write(path, String.join("\n", lines) + "\n");
    String commit = code.commit("one line");
    Map<String, String> fresh = texts(lab);
    fresh.keySet().removeAll(old.keySet());
    Sync sync = node.sync(Lab.CODE, commit);
    lab.tell(Figure.of("one-line", "one line of " + lines.size(), sync.seconds(), "s")
        .beside("model alone, " + fresh.size() + " new chunks", bare(fresh)).atMost(0.5)
        .noting("stages in ms " + sync.stages()));
    lab.tell(embeddings("one-line", sync).atMost(2));
  };

  /// To another branch's content and back.
  public static final Benchmark BRANCH_AND_BACK = lab -> {
    MeasuredNode node = lab.indexed();
    GitRepository code = lab.code();
    String main = code.head();
    Edits.change(code, Edits.sources(code).subList(0, BRANCH_FILES), "branch");
    String branch = code.commit("another branch");
    Sync there = node.sync(Lab.CODE, branch);
    lab.tell(Figure.of("branch-and-back", "to a branch that changes 60 files", there.seconds(), "s")
        .noting(there.count("chunks_embedded") + " embeddings"));
    code.git("reset", "-q", "--hard", main);
    Sync back = node.sync(Lab.CODE, main);
    lab.tell(Figure.of("branch-and-back", "and back", back.seconds(), "s")
        .beside("git diff", Lab.gitSeconds(code, "diff", "--raw", "-M", branch, main)).atMost(1)
        .noting("stages in ms " + back.stages()));
    lab.tell(embeddings("branch-and-back", back).atMost(0));
  };

  private static Figure embeddings(String name, Sync sync) {
    return Figure.of(name, "embeddings", sync.count("chunks_embedded"), "texts");
  }

  private static Map<String, String> texts(Lab lab) {
    return Chunks.texts(lab.code(), new OnnxEmbedder(OnnxSettings.from(lab.config())),
        lab.config());
  }

  private static double bare(Map<String, String> texts) {
    try (BareModel model = new BareModel()) {
      List<String> all = List.copyOf(texts.values());
      var _ = model.cost(all.subList(0, Math.min(20, all.size())));
      return model.cost(all).seconds();
    }
  }

  private static double median(List<Double> times) {
    return times.stream().sorted().skip(times.size() / 2).findFirst().orElseThrow();
  }
}
