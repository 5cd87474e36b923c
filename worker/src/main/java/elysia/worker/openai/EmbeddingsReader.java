package elysia.worker.openai;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import elysia.core.embed.Embedder.Embedded;
import elysia.core.embed.Embedding;
import elysia.core.outcome.Problem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads the body of an answer, and believes nothing of it that was not checked: a result belongs
/// to a text only by its `index`.
final class EmbeddingsReader {
  // A service that prints NaN is wrong about one vector, not about the others.
  private static final JsonMapper MAPPER = JsonMapper.builder()
      .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS).build();
  private static final String NO_VECTOR = "the service gave no usable vector for this text"
      + " (zero, not a number or infinite)";

  private EmbeddingsReader() {}

  /// @param dimension that every vector must have; 0 for any
  static EmbeddingsResult read(byte[] body, int texts, int dimension, OpenAiSettings settings) {
    try {
      JsonNode data = MAPPER.readTree(body).path("data");
      if (!data.isArray())
        return failed(settings, "without a list of vectors");
      if (data.size() != texts)
        return failed(settings, "with " + data.size() + " vectors for " + texts + " texts");
      @Nullable
      Embedded[] results = new @Nullable Embedded[texts];
      for (JsonNode item : data) {
        int index = index(item, texts);
        if (index < 0 || index >= texts || results[index] != null)
          return failed(settings, "whose vectors do not tell which text they belong to");
        float @Nullable [] values = values(item.path("embedding"));
        if (values == null)
          return failed(settings, "with a vector that is none");
        if (dimension != 0 && values.length != dimension)
          return new EmbeddingsResult.Refused(wrongDimension(settings, values.length, dimension));
        results[index] = normalized(values);
      }
      return new EmbeddingsResult.Done(Arrays.asList(results));
    } catch (JsonProcessingException _) {
      return failed(settings, "that is no JSON");
    } catch (IOException _) {
      return failed(settings, "that cannot be read");
    }
  }

  private static EmbeddingsResult failed(OpenAiSettings settings, String what) {
    return new EmbeddingsResult.Failed(settings.host() + " sent an answer " + what, true);
  }

  /// Only the single result of a single text needs no index.
  private static int index(JsonNode item, int texts) {
    JsonNode index = item.path("index");
    if (index.isMissingNode() && texts == 1)
      return 0;
    return index.isInt() ? index.intValue() : -1;
  }

  private static float @Nullable [] values(JsonNode embedding) {
    if (embedding.isTextual())
      return fromBase64(embedding.textValue());
    if (!embedding.isArray() || embedding.isEmpty())
      return null;
    float[] values = new float[embedding.size()];
    for (int i = 0; i < values.length; i++) {
      JsonNode value = embedding.get(i);
      if (!value.isNumber() && !value.isNull())
        return null;
      values[i] = value.isNull() ? Float.NaN : value.floatValue();
    }
    return values;
  }

  private static float @Nullable [] fromBase64(String text) {
    try {
      byte[] bytes = Base64.getDecoder().decode(text);
      if (bytes.length == 0 || bytes.length % Float.BYTES != 0)
        return null;
      FloatBuffer floats = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
      float[] values = new float[floats.remaining()];
      floats.get(values);
      return values;
    } catch (IllegalArgumentException _) {
      return null;
    }
  }

  private static Embedded normalized(float[] values) {
    double sum = 0;
    for (float value : values)
      sum += (double) value * value;
    double length = Math.sqrt(sum);
    if (!Double.isFinite(length) || length < 1e-12)
      return new Embedded.Rejected(NO_VECTOR);
    for (int i = 0; i < values.length; i++)
      values[i] = (float) (values[i] / length);
    return new Embedded.Vector(Embedding.of(values));
  }

  private static Problem wrongDimension(OpenAiSettings settings, int got, int expected) {
    return Problem.of("embeddings_dimension",
        "dimension: " + got + " (expected: " + expected + " from model " + settings.model() + " of "
            + settings.host() + ")",
        "name the model that the collection was made with, or set elysia.worker.openai.dimension = "
            + got + " and sync into a new collection");
  }

  /// The service's own words about an error, as `error.message`, `error`, `message`, `detail` or
  /// plain text; and its code.
  static List<String> error(byte[] body) {
    try {
      JsonNode root = MAPPER.readTree(body);
      if (root == null)
        return List.of("", "");
      JsonNode error = root.path("error");
      for (JsonNode text : List.of(error.path("message"), error, root.path("message"),
          root.path("detail")))
        if (text.isTextual())
          return List.of(text.textValue(), error.path("code").asText(""));
      return List.of(root.isObject() ? "" : root.asText(""), error.path("code").asText(""));
    } catch (IOException _) {
      return List.of("", "");
    }
  }
}
