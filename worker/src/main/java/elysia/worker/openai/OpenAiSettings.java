package elysia.worker.openai;

import com.typesafe.config.Config;
import elysia.core.outcome.Backoff;
import elysia.core.rate.RateLimits;
import elysia.worker.tokenizer.KnownModel;
import elysia.worker.tokenizer.Tokenizer;
import java.net.URI;
import java.time.Duration;

/// Settings of an OpenAI-compatible embedding service; `reference.conf` explains each.
///
/// @param endpoint full address of the embeddings call
/// @param dimension 0 when the model's own is taken
/// @param maxTokens 0 when the model's own is taken
/// @param base64 whether vectors are asked for as base64
/// @param pricePerMillionTokens in whatever currency the user thinks; 0 when unknown
public record OpenAiSettings(URI endpoint, ApiKey key, String model, int dimension, int maxTokens,
    int chunkTokens, Tokenizer tokenizer, boolean base64, int batchTexts, int batchTokens,
    Duration connectTimeout, Duration timeout, long maxResponseBytes, int tries, Backoff retry,
    Duration shortWait, RateLimits rate, double pricePerMillionTokens) {

  /// What is assumed of a model that nobody knows, when the settings do not say.
  private static final int UNKNOWN_MAX_TOKENS = 512;

  public OpenAiSettings {
    if (model.isBlank())
      throw new IllegalArgumentException("model: empty (expected: the service's model name)");
    atLeast("dimension", dimension, 0);
    if (maxTokens != 0)
      atLeast("max-tokens", maxTokens, 32);
    atLeast("chunk-tokens", chunkTokens, 32);
    atLeast("batch-texts", batchTexts, 1);
    atLeast("batch-tokens", batchTokens, 1);
    atLeast("max-response-bytes", maxResponseBytes, 1024);
    atLeast("tries", tries, 1);
    if (!connectTimeout.isPositive() || !timeout.isPositive())
      throw new IllegalArgumentException("connect-timeout: " + connectTimeout + ", timeout: "
          + timeout + " (expected: > 0)");
    if (shortWait.isNegative())
      throw new IllegalArgumentException("short-wait: " + shortWait + " (expected: >= 0)");
    if (!(pricePerMillionTokens >= 0 && pricePerMillionTokens < 1e9))
      throw new IllegalArgumentException(
          "price-per-million-tokens: " + pricePerMillionTokens + " (expected: >= 0)");
  }

  private static void atLeast(String name, long value, long least) {
    if (value < least)
      throw new IllegalArgumentException(name + ": " + value + " (expected: >= " + least + ")");
  }

  public static OpenAiSettings from(Config root) {
    Config c = root.getConfig("elysia.worker.openai");
    String encoding = c.getString("encoding");
    if (!encoding.equals("float") && !encoding.equals("base64"))
      throw new IllegalArgumentException(
          "encoding: " + encoding + " (expected: float | base64)");
    return new OpenAiSettings(EmbeddingsAddress.of(c.getString("url")),
        ApiKey.of(c.getString("key")),
        c.getString("model").strip(), c.getInt("dimension"), c.getInt("max-tokens"),
        c.getInt("chunk-tokens"), Tokenizer.parse(c.getString("tokenizer")),
        encoding.equals("base64"), c.getInt("batch-texts"), c.getInt("batch-tokens"),
        c.getDuration("connect-timeout"), c.getDuration("timeout"), c.getBytes("max-response"),
        c.getInt("tries"), Backoff.from(c.getConfig("retry")), c.getDuration("short-wait"),
        RateLimits.from(c.getConfig("rate")), c.getDouble("price-per-million-tokens"));
  }

  /// The service's name in messages.
  public String host() {
    return endpoint.getPort() < 0
        ? endpoint.getHost()
        : endpoint.getHost() + ":" + endpoint.getPort();
  }

  /// The dimension that vectors must have; 0 when only the service knows it.
  int expectedDimension() {
    return dimension != 0
        ? dimension
        : KnownModel.named(model).map(KnownModel::dimension).orElse(0);
  }

  /// Whether the service has to be asked for a dimension that is not the model's own.
  boolean asksDimension() {
    return KnownModel.named(model)
        .map(known -> known.shortens() && dimension != 0 && dimension != known.dimension())
        .orElse(false);
  }

  /// How long a chunk may be, special tokens included.
  int chunkLimit() {
    int longest = maxTokens != 0
        ? maxTokens
        : KnownModel.named(model).map(KnownModel::maxTokens).orElse(UNKNOWN_MAX_TOKENS);
    return Math.min(chunkTokens, longest);
  }
}
