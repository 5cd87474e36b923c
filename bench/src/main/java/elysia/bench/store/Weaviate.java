package elysia.bench.store;

import com.fasterxml.jackson.databind.JsonNode;
import elysia.bench.Benchmark;
import elysia.bench.Figure;
import elysia.bench.Lab;
import elysia.bench.harness.MeasuredNode;
import elysia.bench.limit.BareLucene;
import elysia.bench.limit.BareWeaviate;
import elysia.testkit.git.GitRepository;
import elysia.testkit.process.Finished;
import java.util.Map;
import java.util.Optional;

/// Twenty thousand chunks whose vectors cost nothing, through the whole node into a real Weaviate,
/// against its REST batch API alone with the same objects. Needs `WEAVIATE_URL`.
public final class Weaviate implements Benchmark {
  private static final int CHUNKS = 20_000;
  private static final double SHARE = 0.85;

  @Override
  public void measure(Lab lab) {
    Optional<String> url = lab.weaviate();
    if (url.isEmpty())
      throw new IllegalStateException("WEAVIATE_URL: not set (expected: a Weaviate that runs)");
    int perCopy = BareLucene.chunks(lab.commitCode("one-w.git"), lab.config()).size();
    GitRepository repository = new Copies(lab).commit(lab.folder("weaviate.git"),
        CHUNKS / perCopy + 1);
    try (MeasuredNode node = lab.start("weaviate", Map.of("ELYSIACTL_EMBEDDER", "constant",
        "ELYSIACTL_STORE", "weaviate", "WEAVIATE_URL", url.get()))) {
      add(lab, node, repository, "a node just started");
      add(lab, node, repository, "the node has run for a while");
    }
  }

  private static void add(Lab lab, MeasuredNode node, GitRepository repository, String when) {
    String collection = "Bench" + node.pid();
    try {
      Finished add = node.cli("repo", "add", repository.folder().toString(), "--name", "copies",
          "--collection", collection);
      JsonNode counts = node.http().get("/v1/repositories/copies").path("last_result")
          .path("counts");
      double chunks = counts.path("chunks_written").asDouble();
      double bare = BareWeaviate.objectsPerSecond(lab.weaviate().orElseThrow(), collection);
      lab.tell(Figure
          .of("weaviate",
              "repo add of " + Math.round(chunks) + " chunks " + lab.batches() + ", " + when,
              chunks / add.seconds(), "chunks/s")
          .beside("bare REST batch API, same objects", bare).atLeastOfLimit(SHARE)
          .noting("start of the command and creation of the class included; stages in ms "
              + counts.path("stage_millis")));
    } finally {
      var _ = node.cli("repo", "remove", "copies", "--delete-collection", "--yes");
    }
  }
}
