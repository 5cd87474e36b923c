package elysia.testkit.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import elysia.core.embed.Embedding;
import elysia.core.embed.EmbeddingModel;
import elysia.testkit.embed.FakeEmbedder;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The answer to one request, in the shapes of OpenAI's reference.
record Reply(Behaviour behaviour, JsonNode request, Optional<Fault.Kind> fault) {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();
  /// Real services need not normalise.
  private static final float LENGTH = 3;

  byte[] bytes(Http.Request http) {
    String model = request.path("model").asText();
    JsonNode input = request.path("input");
    if (!behaviour.key().isEmpty()
        && !http.header("authorization").equals("Bearer " + behaviour.key()))
      return error(401, "Incorrect API key provided: "
          + http.header("authorization").replace("Bearer ", ""), "invalid_api_key");
    if (!http.path().equals("/v1/embeddings"))
      return error(404, "Invalid URL (" + http.method() + " " + http.path() + ")", "");
    if (!model.equals(behaviour.model()))
      return error(404, "The model `" + model + "` does not exist", "model_not_found");
    if (behaviour.maxTexts() > 0 && input.size() > behaviour.maxTexts())
      return error(413, "batch size " + input.size() + " > maximum allowed batch size "
          + behaviour.maxTexts(), "");
    for (JsonNode text : input) {
      if (!behaviour.poison().isEmpty() && text.asText().contains(behaviour.poison()))
        return error(400, "'$.input' is invalid", "");
      if (!behaviour.fatal().isEmpty() && text.asText().contains(behaviour.fatal()))
        return error(500, "internal error: unsupported value: NaN", "");
    }
    return Http.response(200, behaviour.headers(),
        body(input).toString().replace("\"NaN\"", "NaN").getBytes(StandardCharsets.UTF_8));
  }

  private static byte[] error(int status, String message, String code) {
    ObjectNode root = MAPPER.createObjectNode();
    root.putObject("error").put("message", message).put("type", "invalid_request_error")
        .put("code", code);
    return Http.response(status, Map.of(), root.toString().getBytes(StandardCharsets.UTF_8));
  }

  private boolean is(Fault.Kind kind) {
    return fault.isPresent() && fault.get() == kind;
  }

  private ObjectNode body(JsonNode input) {
    int dimension = request.path("dimensions").asInt(behaviour.dimension());
    if (is(Fault.Kind.LONGER_VECTORS))
      dimension++;
    FakeEmbedder model = new FakeEmbedder(
        new EmbeddingModel("openai", behaviour.model(), dimension, 8191));
    boolean base64 = request.path("encoding_format").asText().equals("base64");
    List<ObjectNode> items = new ArrayList<>();
    for (int i = 0; i < input.size(); i++)
      items.add(item(i, model.vectorOf(input.get(i).asText()), base64));
    if (is(Fault.Kind.FEWER))
      items.removeLast();
    if (is(Fault.Kind.MORE))
      items.add(items.getLast().deepCopy());
    ObjectNode root = MAPPER.createObjectNode().put("object", "list").put("model",
        behaviour.model());
    ArrayNode data = root.putArray("data");
    data.addAll(is(Fault.Kind.SHUFFLED) ? items.reversed() : items);
    root.putObject("usage").put("prompt_tokens", 1).put("total_tokens", 1);
    return root;
  }

  private ObjectNode item(int index, Embedding vector, boolean base64) {
    ObjectNode item = MAPPER.createObjectNode().put("object", "embedding");
    if (is(Fault.Kind.INDEX_BEYOND))
      item.put("index", index + 1_000);
    else if (!is(Fault.Kind.NO_INDEX))
      item.put("index", is(Fault.Kind.SAME_INDEX) ? 0 : index);
    float[] values = vector.toArray();
    for (int i = 0; i < values.length; i++)
      values[i] = index == 0 && is(Fault.Kind.ZERO) ? 0 : values[i] * LENGTH;
    if (index == 0 && is(Fault.Kind.NAN))
      values[1] = Float.NaN;
    if (base64)
      return item.put("embedding", base64(values));
    ArrayNode numbers = item.putArray("embedding");
    for (float value : values)
      numbers.add(value);
    return item;
  }

  private static String base64(float[] values) {
    ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES)
        .order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return Base64.getEncoder().encodeToString(bytes.array());
  }
}
