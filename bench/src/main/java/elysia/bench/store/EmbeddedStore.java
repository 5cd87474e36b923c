package elysia.bench.store;

import elysia.bench.Benchmark;
import elysia.bench.Figure;
import elysia.bench.Lab;
import elysia.bench.harness.MeasuredNode;
import elysia.bench.limit.BareLucene;
import elysia.testkit.git.GitRepository;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/// A hundred thousand chunks whose vectors cost nothing, through the whole node into the embedded
/// store, and then searches.
public final class EmbeddedStore implements Benchmark {
  private static final int CHUNKS = 100_000;
  private static final int BARE = 20_000;
  private static final int WARM = 100;
  private static final int SEARCHES = 400;
  private static final String REPOSITORY = "copies";

  private record Sample(double seconds, double chunks) {}

  @Override
  public void measure(Lab lab) {
    Copies copies = new Copies(lab);
    int perCopy = BareLucene.chunks(lab.commitCode("one.git"), lab.config()).size();
    GitRepository repository = copies.commit(lab.folder("copies.git"), CHUNKS / perCopy + 1);
    double bare = BareLucene.documentsPerSecond(lab.folder("bare-lucene"),
        lab.commitCode("bare.git"), lab.config(), BARE);
    MeasuredNode node = lab.start("constant", Map.of("ELYSIACTL_EMBEDDER", "constant"));
    List<Sample> samples = new ArrayList<>();
    double[] seconds = {0};
    AtomicBoolean done = new AtomicBoolean();
    Thread adding = Thread.ofPlatform().start(() -> {
      try {
        seconds[0] = node.cli("repo", "add", repository.folder().toString(), "--name", REPOSITORY)
            .seconds();
      } finally {
        done.set(true);
      }
    });
    long start = System.nanoTime();
    try {
      while (!done.get()) {
        samples.add(new Sample((System.nanoTime() - start) / 1e9,
            node.metric("elysiactl_chunks_written_total")));
        Thread.sleep(250);
      }
      adding.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    double chunks = node.metric("elysiactl_chunks_written_total");
    lab.tell(Figure.of("store", "repo add of " + Math.round(chunks) + " chunks",
        chunks / seconds[0], "chunks/s")
        .beside("bare Lucene, one commit, " + BARE + " chunks", bare).atLeast(3_000)
        .noting(Math.round(seconds[0]) + " s, processor " + Math.round(node.processorSeconds())
            + " s"));
    lab.tell(Figure.of("store", "the last fifth of them", late(samples, chunks), "chunks/s")
        .atLeast(3_000));
    search(lab, node, copies.questions(WARM + SEARCHES));
    lab.tell(Figure.of("store", "node's memory with " + Math.round(chunks) + " chunks",
        node.peakMemory(), "MiB"));
    node.close();
  }

  private static double late(List<Sample> samples, double chunks) {
    Sample from = samples.stream().filter(s -> s.chunks() >= 0.8 * chunks).findFirst()
        .orElse(new Sample(0, 0));
    Sample to = samples.stream().filter(s -> s.chunks() >= chunks).findFirst()
        .orElse(samples.getLast());
    return (to.chunks() - from.chunks()) / (to.seconds() - from.seconds());
  }

  private static void search(Lab lab, MeasuredNode node, List<String> questions) {
    for (String mode : List.of("hybrid", "vector", "keyword")) {
      List<Double> millis = new ArrayList<>();
      for (int i = 0; i < questions.size(); i++) {
        long start = System.nanoTime();
        var _ = node.http().post("/v1/search",
            Map.of("query", questions.get(i), "mode", mode, "limit", 10));
        if (i >= WARM)
          millis.add((System.nanoTime() - start) / 1e6);
      }
      millis.sort(Double::compare);
      double p99 = millis.get((int) (millis.size() * 0.99));
      lab.tell(Figure.of("store", mode + " search, p99", p99, "ms").atMost(50)
          .noting("p50 " + Math.round(millis.get(millis.size() / 2)) + " ms"));
    }
  }
}
