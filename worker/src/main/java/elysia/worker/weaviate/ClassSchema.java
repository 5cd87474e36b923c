package elysia.worker.weaviate;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import elysia.core.embed.EmbeddingModel;
import elysia.core.identity.CollectionName;
import elysia.core.json.Json;
import elysia.core.store.CollectionInfo;
import java.util.Locale;
import java.util.Optional;

/// The form of a collection in Weaviate's schema: one class with one unnamed vector. Its
/// description is JSON that names the collection and the model, so that both can be read back.
final class ClassSchema {
  private static final String MAKER = "elysiactl";

  private ClassSchema() {}

  /// The first letter upper-cased, any other character than a letter, digit or `_` made `_`.
  static String className(CollectionName collection) {
    String name = collection.value().replaceAll("[^A-Za-z0-9_]", "_");
    return name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1);
  }

  static ObjectNode write(CollectionName collection, EmbeddingModel model,
      WeaviateSettings.IndexType indexType, ObjectNode moduleConfig) {
    ObjectNode out = JsonNodeFactory.instance.objectNode();
    out.put("class", className(collection)).put("description", description(collection, model));
    String module = model.inStore() ? model.vectorizer() : "none";
    out.put("vectorizer", module).put("vectorIndexType", indexType.label());
    ObjectNode index = out.putObject("vectorIndexConfig").put("distance", "cosine");
    if (indexType == WeaviateSettings.IndexType.HNSW)
      index.put("skipDefaultQuantization", true);
    if (model.inStore()) {
      ObjectNode config = out.putObject("moduleConfig").putObject(module)
          .put("vectorizeClassName", false);
      if (!model.name().equals(ModuleSettings.UNNAMED))
        config.put("model", model.name());
      config.setAll(moduleConfig);
    }
    out.putObject("invertedIndexConfig").putObject("stopwords").put("preset", "none");
    ArrayNode properties = out.putArray("properties");
    for (String exact : new String[]{"repo", "path", "language", "commit", "content_hash",
        "vector_hash", "file_hash"})
      text(properties, exact, "text", "field", true, false);
    text(properties, "content", "text", "word", false, true);
    text(properties, "terms", "text", "whitespace", false, true);
    text(properties, "symbols", "text[]", "field", true, false);
    text(properties, "metadata", "text", "field", false, false);
    for (String number : new String[]{"chunk", "start_line", "end_line", "size_bytes"})
      property(properties, number, "int").put("indexFilterable", true);
    property(properties, "last_indexed", "date").put("indexFilterable", true);
    if (model.inStore())
      properties.forEach(p -> ((ObjectNode) p).putObject("moduleConfig").putObject(module)
          .put("skip", !"content".equals(p.path("name").textValue()))
          .put("vectorizePropertyName", false));
    return out;
  }

  private static ObjectNode property(ArrayNode properties, String name, String type) {
    ObjectNode property = properties.addObject().put("name", name);
    property.putArray("dataType").add(type);
    return property;
  }

  private static void text(ArrayNode properties, String name, String type, String tokenization,
      boolean filterable, boolean searchable) {
    property(properties, name, type).put("tokenization", tokenization)
        .put("indexFilterable", filterable).put("indexSearchable", searchable);
  }

  private static String description(CollectionName collection, EmbeddingModel model) {
    return JsonNodeFactory.instance.objectNode().put("made_by", MAKER)
        .put("collection", collection.value()).put("vectorizer", model.vectorizer())
        .put("model", model.name()).put("dimension", model.dimension())
        .put("max_tokens", model.maxTokens()).toString();
  }

  /// The collection that a class holds; empty for a class that was not made here.
  static Optional<CollectionInfo> read(JsonNode schema) {
    try {
      JsonNode d = Json.mapper().readTree(schema.path("description").asText(""));
      if (!MAKER.equals(d.path("made_by").asText()))
        return Optional.empty();
      return Optional.of(new CollectionInfo(new CollectionName(d.path("collection").asText()),
          new EmbeddingModel(d.path("vectorizer").asText(), d.path("model").asText(),
              d.path("dimension").asInt(), d.path("max_tokens").asInt())));
    } catch (JsonProcessingException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  static boolean flat(JsonNode schema) {
    return "flat".equals(schema.path("vectorIndexType").asText());
  }
}
