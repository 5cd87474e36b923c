package elysia.worker.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import elysia.core.embed.Embedder;
import elysia.core.embed.Embedder.Embedded;
import elysia.core.embed.Embedding;
import elysia.core.outcome.Outcome;
import elysia.testkit.embed.EmbedderContract;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class OnnxEmbedderIT implements EmbedderContract {
  private static final OnnxEmbedder EMBEDDER = new OnnxEmbedder(
      OnnxSettings.from(ConfigFactory.defaultReference()));

  @AfterAll
  static void close() {
    EMBEDDER.close();
  }

  @Override
  public Embedder embedder() {
    return EMBEDDER;
  }

  @Test
  void constructingLoadsNothing() {
    long start = System.nanoTime();
    OnnxSettings settings = new OnnxSettings(1, 1);
    for (int i = 0; i < 10; i++)
      new OnnxEmbedder(settings).close();
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMillis(100));
  }

  @Test
  void relatedTextsAreNearerThanOthers() {
    List<Embedding> v = embed(List.of("open a file and read its lines", "read text from a file",
        "the cat sleeps on the sofa"));
    assertThat(dot(v.get(0), v.get(0))).isBetween(0.999, 1.001);
    assertThat(dot(v.get(0), v.get(1))).isGreaterThan(dot(v.get(0), v.get(2)) + 0.3);
    assertThat(v.get(0).dimension()).isEqualTo(EMBEDDER.model().dimension());
  }

  @Test
  void resultsStandInOrderAndAreTheSameAlone() {
    List<String> texts = IntStream.range(0, 20).mapToObj(i -> "text " + i + " again".repeat(i))
        .toList();
    List<Embedding> together = embed(texts);
    for (int i = 0; i < texts.size(); i++)
      assertThat(together.get(i)).isEqualTo(embed(List.of(texts.get(i))).getFirst());
    assertThat(embed(List.of())).isEmpty();
  }

  @Test
  void aTextOverTheLimitIsRejectedAlone() {
    List<Embedded> results = EMBEDDER.embed(List.of("word ".repeat(254), "word ".repeat(255)))
        .orElseThrow();
    assertThat(results.get(0)).isInstanceOf(Embedded.Vector.class);
    assertThat(results.get(1)).isEqualTo(new Embedded.Rejected("tokens: 257 (expected: <= 256)"));
  }

  @Test
  void aClosedEmbedderIsBusy() {
    OnnxEmbedder closed = new OnnxEmbedder(new OnnxSettings(1, 1));
    assertThat(closed.warmUp()).isInstanceOf(Outcome.Ok.class);
    closed.close();
    assertThat(closed.embed(List.of("a"))).isInstanceOf(Outcome.Busy.class);
  }

  private static List<Embedding> embed(List<String> texts) {
    return EMBEDDER.embed(texts).orElseThrow().stream()
        .map(result -> ((Embedded.Vector) result).embedding()).toList();
  }

  private static double dot(Embedding a, Embedding b) {
    double sum = 0;
    for (int i = 0; i < a.dimension(); i++)
      sum += a.at(i) * b.at(i);
    return sum;
  }
}
