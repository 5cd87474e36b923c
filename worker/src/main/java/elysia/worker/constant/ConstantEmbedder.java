package elysia.worker.constant;

import elysia.core.embed.Embedder;
import elysia.core.embed.Embedding;
import elysia.core.embed.EmbeddingModel;
import elysia.core.embed.TokenCounter;
import elysia.core.identity.Sha256;
import elysia.core.outcome.Outcome;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;

/// Gives every text a unit vector derived from its hash: equal texts the same one, others nearly
/// orthogonal ones. Takes the same time for each text and burns no processor while it waits.
public final class ConstantEmbedder implements Embedder {
  private final EmbeddingModel model;
  private final Duration perText;

  /// @param dimension of the vectors, at least 1
  /// @param perText simulated time per text, one text after the other; zero for none
  public ConstantEmbedder(int dimension, Duration perText) {
    if (dimension < 1)
      throw new IllegalArgumentException("dimension: " + dimension + " (expected: >= 1)");
    if (perText.isNegative())
      throw new IllegalArgumentException("perText: " + perText + " (expected: >= 0)");
    this.model = new EmbeddingModel("constant", "sha256", dimension, 256);
    this.perText = perText;
  }

  @Override
  public EmbeddingModel model() {
    return model;
  }

  /// A token for every run of letters or digits and for every other visible character.
  @Override
  public TokenCounter tokens() {
    return ConstantEmbedder::count;
  }

  @Override
  public int batchSize() {
    return 64;
  }

  @Override
  public Outcome<List<Embedded>> embed(List<String> texts) {
    long until = System.nanoTime() + perText.multipliedBy(texts.size()).toNanos();
    List<Embedded> vectors = texts.stream().map(this::vector).toList();
    for (long left = until - System.nanoTime(); left > 0; left = until - System.nanoTime()) {
      LockSupport.parkNanos(left);
      if (Thread.currentThread().isInterrupted())
        return new Outcome.Busy<>("embedder_unavailable", "embedding was interrupted");
    }
    return Outcome.ok(vectors);
  }

  private Embedded vector(String text) {
    SplittableRandom random = new SplittableRandom(
        ByteBuffer.wrap(Sha256.digest().digest(text.getBytes(StandardCharsets.UTF_8))).getLong());
    float[] values = new float[model.dimension()];
    double square = 0;
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
      square += (double) values[i] * values[i];
    }
    float scale = (float) (1 / Math.sqrt(square));
    for (int i = 0; i < values.length; i++)
      values[i] *= scale;
    return new Embedded.Vector(Embedding.of(values));
  }

  private static int count(String text) {
    int tokens = 0;
    boolean inWord = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean letter = Character.isLetterOrDigit(c);
      if (letter ? !inWord : c > ' ')
        tokens++;
      inWord = letter;
    }
    return tokens;
  }
}
