package elysia.worker.tokenizer;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Facts about well-known embedding models, as their makers state them.
///
/// @param maxTokens special tokens included
/// @param shortens whether the service cuts vectors to a dimension asked for
public record KnownModel(String name, int dimension, int maxTokens, Tokenizer tokenizer,
    boolean shortens) {

  // Figures of OpenAI's model pages and of the model cards (config.json: hidden_size,
  // max_position_embeddings; sentence_bert_config.json: max_seq_length).
  private static final List<KnownModel> MODELS = List.of(
      new KnownModel("text-embedding-3-small", 1536, 8191, Tokenizer.CL100K, true),
      new KnownModel("text-embedding-3-large", 3072, 8191, Tokenizer.CL100K, true),
      new KnownModel("text-embedding-ada-002", 1536, 8191, Tokenizer.CL100K, false),
      new KnownModel("all-minilm-l6-v2", 384, 256, Tokenizer.BERT, false),
      new KnownModel("all-minilm-l12-v2", 384, 128, Tokenizer.BERT, false),
      new KnownModel("bge-small-en-v1.5", 384, 512, Tokenizer.BERT, false),
      new KnownModel("bge-base-en-v1.5", 768, 512, Tokenizer.BERT, false),
      new KnownModel("bge-large-en-v1.5", 1024, 512, Tokenizer.BERT, false),
      new KnownModel("e5-small-v2", 384, 512, Tokenizer.BERT, false),
      new KnownModel("e5-base-v2", 768, 512, Tokenizer.BERT, false),
      new KnownModel("e5-large-v2", 1024, 512, Tokenizer.BERT, false),
      new KnownModel("gte-base-en-v1.5", 768, 8192, Tokenizer.BERT, false),
      new KnownModel("gte-large-en-v1.5", 1024, 8192, Tokenizer.BERT, false),
      new KnownModel("mxbai-embed-large-v1", 1024, 512, Tokenizer.BERT, false),
      new KnownModel("mxbai-embed-large", 1024, 512, Tokenizer.BERT, false),
      new KnownModel("nomic-embed-text-v1.5", 768, 2048, Tokenizer.BERT, false),
      new KnownModel("nomic-embed-text", 768, 2048, Tokenizer.BERT, false));

  /// By name without owner and tag:
  /// `sentence-transformers/all-MiniLM-L6-v2`, `nomic-embed-text:v1`.
  public static Optional<KnownModel> named(String model) {
    String name = model.substring(model.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
    int tag = name.indexOf(':');
    String bare = tag < 0 ? name : name.substring(0, tag);
    return MODELS.stream().filter(known -> known.name().equals(bare)).findFirst();
  }
}
