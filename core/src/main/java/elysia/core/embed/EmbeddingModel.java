package elysia.core.embed;

import elysia.core.wire.Wire;

/// Which model makes a collection's vectors. Vectors of different models are never compared.
///
/// @param vectorizer who runs it: `embedded`, `openai`, or a Weaviate module such as
///          `text2vec-openai`
/// @param name the model's own name
/// @param dimension of its vectors; 0 when the store's module decides
/// @param maxTokens longest text that it embeds whole, special tokens included
public record EmbeddingModel(String vectorizer, String name, int dimension,
    int maxTokens) implements Wire {
  public EmbeddingModel {
    if (dimension < 0)
      throw new IllegalArgumentException("dimension: " + dimension + " (expected: >= 0)");
    if (maxTokens < 16)
      throw new IllegalArgumentException("maxTokens: " + maxTokens + " (expected: >= 16)");
  }

  /// Whether vectors are made by the store itself, from the text.
  public boolean inStore() {
    return vectorizer.startsWith("text2vec-") || vectorizer.startsWith("multi2vec-");
  }

  /// Whether vectors of both may stand in one collection.
  public boolean sameVectors(EmbeddingModel other) {
    return vectorizer.equals(other.vectorizer) && name.equals(other.name)
        && dimension == other.dimension;
  }

  @Override
  public String toString() {
    return vectorizer + "/" + name + (dimension == 0 ? "" : " (" + dimension + "-d)");
  }
}
