package elysia.bench.sync;

import com.fasterxml.jackson.databind.JsonNode;
import elysia.bench.Benchmark;
import elysia.bench.Figure;
import elysia.bench.Lab;
import elysia.bench.harness.MeasuredNode;
import elysia.bench.limit.BareModel;
import elysia.bench.limit.Chunks;
import elysia.testkit.process.Finished;
import elysia.worker.onnx.OnnxEmbedder;
import elysia.worker.onnx.OnnxSettings;
import java.util.ArrayList;
import java.util.List;

/// `repo add` of code that the index has never seen, against the model alone on the same texts: one
/// half of them before, the other half after, since other work on the machine comes and goes.
public final class FirstIndex implements Benchmark {
  private static final double SHARE = 0.95;

  @Override
  public void measure(Lab lab) {
    List<String> texts = List.copyOf(Chunks.texts(lab.code(),
        new OnnxEmbedder(OnnxSettings.from(lab.config())), lab.config()).values());
    List<String> before = half(texts, 0);
    List<String> after = half(texts, 1);
    BareModel.Cost bare;
    Finished add;
    MeasuredNode node;
    double processor;
    try (BareModel model = new BareModel()) {
      var _ = model.cost(before.subList(0, Math.min(20, before.size())));
      node = lab.node();
      bare = model.cost(before);
      processor = node.processorSeconds();
      add = lab.add();
      processor = node.processorSeconds() - processor;
      bare = bare.plus(model.cost(after));
    }
    JsonNode last = node.http().get("/v1/repositories/" + Lab.CODE).path("last_result");
    long embedded = last.path("counts").path("chunks_embedded").asLong();
    lab.tell(Figure.of("first-index", "repo add of " + lab.code().files().size() + " files",
        embedded / add.seconds(), "chunks/s")
        .beside("model alone, same texts", texts.size() / bare.seconds()).atLeastOfLimit(SHARE)
        .noting(embedded + " chunks embedded in " + Math.round(add.seconds())
            + " s, start of command and load of model included"));
    lab.tell(Figure.of("first-index", "processor time of the node a chunk",
        1_000 * processor / embedded, "ms")
        .beside("model alone, same texts", 1_000 * bare.processor() / texts.size())
        .noting("of " + texts.size() + " texts"));
  }

  private static List<String> half(List<String> texts, int which) {
    List<String> half = new ArrayList<>();
    for (int i = which; i < texts.size(); i += 2)
      half.add(texts.get(i));
    return half;
  }
}
