package elysia.testkit.embed;

import static org.assertj.core.api.Assertions.assertThat;

import elysia.core.embed.Embedder;
import elysia.core.embed.Embedder.Embedded;
import elysia.core.embed.Embedding;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/// The contract of every embedder, wherever the model runs.
public interface EmbedderContract {
  /// A healthy embedder that makes vectors in the client; may be the same for all tests.
  Embedder embedder();

  @Test
  default void nothingIsEmbeddedForAnEmptyList() {
    assertThat(embedder().embed(List.of()).orElseThrow()).isEmpty();
  }

  @Test
  default void everyVectorHasTheModelsDimensionAndUnitLength() {
    Embedder embedder = embedder();
    for (Embedding vector : vectors(embedder, texts(5))) {
      assertThat(vector.dimension()).isEqualTo(embedder.model().dimension()).isPositive();
      assertThat(cosine(vector, vector)).isBetween(0.999, 1.001);
    }
  }

  @Test
  default void aTextGetsTheSameVectorAloneAndAmongOthers() {
    Embedder embedder = embedder();
    List<String> texts = texts(7);
    List<Embedding> together = vectors(embedder, texts);
    for (int i = 0; i < texts.size(); i++) {
      Embedding alone = vectors(embedder, List.of(texts.get(i))).getFirst();
      assertThat(cosine(alone, together.get(i))).isGreaterThan(0.995);
      for (int j = 0; j < texts.size(); j++)
        if (j != i)
          assertThat(cosine(alone, together.get(j))).isLessThan(cosine(alone, together.get(i)));
    }
  }

  @Test
  default void theSameTextTwiceInOneCallGetsTheSameVectorTwice() {
    List<Embedding> vectors = vectors(embedder(),
        List.of("int add(int a, int b)", "other", "int add(int a, int b)"));
    assertThat(cosine(vectors.get(0), vectors.get(2))).isGreaterThan(0.995);
    assertThat(cosine(vectors.get(0), vectors.get(1))).isLessThan(0.99);
  }

  @Test
  default void moreTextsThanABatchAreEmbeddedInOrder() {
    Embedder embedder = embedder();
    List<String> texts = texts(embedder.batchSize() + 3);
    List<Embedding> vectors = vectors(embedder, texts);
    assertThat(vectors).hasSameSizeAs(texts);
    for (int i : new int[]{0, embedder.batchSize(), texts.size() - 1})
      assertThat(cosine(vectors(embedder, List.of(texts.get(i))).getFirst(), vectors.get(i)))
          .isGreaterThan(0.995);
  }

  @Test
  default void everyKindOfCharacterIsEmbedded() {
    assertThat(vectors(embedder(), List.of("x", "Füße", "数据库连接", "🙂 emoji", "tab\tline\nline",
        "\"quoted\\\" \u0001\u2028 \uFEFF", "<|endoftext|> [CLS] [SEP]"))).hasSize(7);
  }

  @Test
  default void aTextOfTheGreatestLengthIsEmbedded() {
    Embedder embedder = embedder();
    int room = embedder.model().maxTokens() - embedder.tokens().special();
    StringBuilder text = new StringBuilder("word");
    while (embedder.tokens().count(text + " word") <= room)
      text.append(" word");
    assertThat(vectors(embedder, List.of(text.toString()))).hasSize(1);
  }

  @Test
  default void modelAndTokensAreCoherent() {
    Embedder embedder = embedder();
    assertThat(embedder.batchSize()).isPositive();
    assertThat(embedder.model().inStore()).isFalse();
    assertThat(embedder.ready().orElseThrow()).isEqualTo(embedder.model());
    assertThat(embedder.model().dimension()).isPositive();
    assertThat(embedder.tokens().special()).isBetween(0, 8);
    assertThat(embedder.tokens().count("")).isZero();
    int one = embedder.tokens().count("return value;");
    assertThat(one).isPositive();
    assertThat(embedder.tokens().count("return value;\n".repeat(100))).isGreaterThan(50 * one);
  }

  @Test
  default void theSinkGetsEveryResultOnce() {
    List<String> texts = texts(9);
    List<List<Embedded>> seen = new ArrayList<>();
    texts.forEach(_ -> seen.add(new ArrayList<>()));
    List<Embedded> results = embedder().embed(texts, (i, result) -> seen.get(i).add(result))
        .orElseThrow();
    for (int i = 0; i < texts.size(); i++)
      assertThat(seen.get(i)).containsExactly(results.get(i));
  }

  @Test
  default void manyThreadsGetTheVectorsThatOneGets()
      throws InterruptedException, ExecutionException, TimeoutException {
    Embedder embedder = embedder();
    List<String> texts = texts(8);
    List<Embedding> expected = vectors(embedder, texts);
    try (var threads = Executors.newFixedThreadPool(4)) {
      List<Future<List<Embedding>>> calls = new ArrayList<>();
      for (int i = 0; i < 8; i++)
        calls.add(threads.submit(() -> vectors(embedder, texts)));
      for (Future<List<Embedding>> call : calls) {
        List<Embedding> vectors = call.get(60, TimeUnit.SECONDS);
        for (int i = 0; i < texts.size(); i++)
          assertThat(cosine(vectors.get(i), expected.get(i))).isGreaterThan(0.995);
      }
    }
  }

  /// The vectors of texts that all can be embedded.
  static List<Embedding> vectors(Embedder embedder, List<String> texts) {
    List<Embedding> vectors = new ArrayList<>();
    for (Embedded result : embedder.embed(texts).orElseThrow()) {
      assertThat(result).isInstanceOf(Embedded.Vector.class);
      if (result instanceof Embedded.Vector(var embedding))
        vectors.add(embedding);
    }
    assertThat(vectors).hasSameSizeAs(texts);
    return vectors;
  }

  private static List<String> texts(int count) {
    String[] topics = {"open a file and read its lines", "retry after a failed request",
        "parse a date with a time zone", "draw a red circle", "sort numbers in an array",
        "SELECT name FROM customers", "how to bake bread"};
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < count; i++)
      texts.add(topics[i % topics.length] + (i < topics.length ? "" : " case " + i));
    return texts;
  }

  static double cosine(Embedding a, Embedding b) {
    assertThat(a.dimension()).isEqualTo(b.dimension());
    double dot = 0;
    double aa = 0;
    double bb = 0;
    for (int i = 0; i < a.dimension(); i++) {
      dot += (double) a.at(i) * b.at(i);
      aa += (double) a.at(i) * a.at(i);
      bb += (double) b.at(i) * b.at(i);
    }
    return dot / Math.sqrt(aa * bb) * Math.min(1, Math.sqrt(aa));
  }
}
