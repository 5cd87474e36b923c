package elysia.worker.openai;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// Against the tokenizer that the models' makers use.
class WordPieceIT {
  private static final List<String> PARTS = List.of("public", "static ", "getElementById", "(", ")",
      "{\n", "\t", "0x1F", "naïve", "Füße", "İstanbul", "数据库", "한국어", "עברית", "हिन्दी", "ไทย",
      "🙂", "👩‍👩‍👧", "::", "->", "__init__", "don't", "…", "½", "ﬁ", "\u00A0", "\u200B",
      "\u0000",
      "\u0085", "\uFFFD", "\uE000", "e\u0301", "ΑΣ", "Ǆ", "x".repeat(101), "a", " ", " ", " ");

  @Test
  void countsAreThoseOfTheOriginal() throws IOException {
    try (InputStream file = Objects.requireNonNull(
        WordPieceIT.class.getResourceAsStream("/all-minilm-l6-v2-q-tokenizer.json"));
        HuggingFaceTokenizer original = HuggingFaceTokenizer.newInstance(file,
            Map.of("truncation", "false", "padding", "false"))) {
      Random random = new Random(7);
      for (int i = 0; i < 3_000; i++) {
        String text = random.ints(1 + random.nextInt(12), 0, PARTS.size()).mapToObj(PARTS::get)
            .collect(Collectors.joining());
        assertThat(WordPiece.bertUncased().count(text)).as(text)
            .isEqualTo(original.encode(text, false, false).getIds().length);
      }
    }
  }
}
