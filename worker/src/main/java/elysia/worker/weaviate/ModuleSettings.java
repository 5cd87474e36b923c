package elysia.worker.weaviate;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.typesafe.config.Config;
import elysia.core.embed.EmbeddingModel;
import elysia.core.embed.TokenCounter;
import elysia.core.json.Json;
import elysia.worker.tokenizer.Tokenizer;

/// A module of the server that makes vectors from texts.
///
/// @param json what its classes are told beside the model: a JSON object
public record ModuleSettings(EmbeddingModel model, String json, Tokenizer tokenizer) {
  /// Stands for the model that the server itself is set to.
  static final String UNNAMED = "default";

  public ModuleSettings {
    if (!model.inStore())
      throw new IllegalArgumentException("module.name: " + model.vectorizer()
          + " (expected: a module of Weaviate such as text2vec-openai)");
    read(json);
  }

  /// Reads `elysia.worker.weaviate.module`.
  public static ModuleSettings from(Config root) {
    Config c = root.getConfig("elysia.worker.weaviate.module");
    return new ModuleSettings(new EmbeddingModel(c.getString("name"), c.getString("model"), 0,
        c.getInt("max-tokens")), c.getString("config"), Tokenizer.parse(c.getString("tokenizer")));
  }

  TokenCounter tokens() {
    return tokenizer.counter(model.name());
  }

  /// What a class of this model is told; nothing for another module.
  ObjectNode config(EmbeddingModel other) {
    return read(other.vectorizer().equals(model.vectorizer()) ? json : "{}");
  }

  private static ObjectNode read(String json) {
    try {
      if (Json.mapper().readTree(json) instanceof ObjectNode object)
        return object;
    } catch (JsonProcessingException e) { // told below; its message may repeat a secret
    }
    throw new IllegalArgumentException(
        "module.config (expected: a JSON object, such as {\"baseURL\":\"http://127.0.0.1:9000\"})");
  }
}
