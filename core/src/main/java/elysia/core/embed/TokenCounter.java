package elysia.core.embed;

/// Counts tokens as the model's own tokenizer does. Thread-safe.
@FunctionalInterface
public interface TokenCounter {
  /// Without the special tokens that frame a text.
  int count(String text);

  /// How many special tokens frame a text (two for BERT).
  default int special() {
    return 2;
  }
}
