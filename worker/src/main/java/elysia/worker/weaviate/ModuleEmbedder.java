package elysia.worker.weaviate;

import elysia.core.embed.Embedder;
import elysia.core.embed.EmbeddingModel;
import elysia.core.embed.TokenCounter;
import elysia.core.outcome.Outcome;
import java.util.List;

/// Stands for a module of the store that makes the vectors: knows the model and counts its tokens,
/// embeds nothing itself.
public final class ModuleEmbedder implements Embedder {
  private final EmbeddingModel model;
  private final TokenCounter tokens;

  public ModuleEmbedder(ModuleSettings settings) {
    model = settings.model();
    tokens = settings.tokens();
  }

  @Override
  public EmbeddingModel model() {
    return model;
  }

  @Override
  public TokenCounter tokens() {
    return tokens;
  }

  @Override
  public int batchSize() {
    return 1;
  }

  @Override
  public Outcome<List<Embedded>> embed(List<String> texts) {
    return Outcome.refused("store_embeds",
        "this node has no embedder: the store makes vectors by its module " + model,
        "search collections of other models with --mode keyword, or on a node with their embedder");
  }
}
