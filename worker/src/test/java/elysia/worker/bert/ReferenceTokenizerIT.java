package elysia.worker.bert;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// The tokenizer against the reference implementation.
class ReferenceTokenizerIT {
  private static HuggingFaceTokenizer reference; // set before any test

  @BeforeAll
  static void load() throws IOException {
    System.setProperty("ENGINE_CACHE_DIR", Path.of("target", "djl").toAbsolutePath().toString());
    System.setProperty("OPT_OUT_TRACKING", "true");
    System.setProperty("ai.djl.offline", "true");
    try (InputStream json = WordPiece.openFile()) {
      reference = HuggingFaceTokenizer.newInstance(json,
          Map.of("truncation", "false", "padding", "false"));
    }
  }

  @AfterAll
  static void close() {
    reference.close();
  }

  @Test
  void everyCharacterGivesTheSameIds() {
    StringBuilder some = new StringBuilder();
    for (int c = 0; c < 0xf0000; c++) { // the planes above are private use
      if (c >= 0xd800 && c <= 0xdfff)
        continue;
      String character = Character.toString(c);
      some.append('a').append(character).append("b .").append(character).append(" c ");
      if (c % 32 == 31) {
        same(some.toString());
        some.setLength(0);
      }
    }
  }

  @Test
  void textsGiveTheSameIds() {
    Random random = new Random(3);
    String[] parts = {"public ", "getFoo", "(", ");\n", "[CLS]", "[SEP", "[MASK]x", "\t", "é",
        "e\u0301",
        "漢字", "Straße", "ΟΔΟΣ", "İstanbul", "😀", "\u200d", "x".repeat(101), "y".repeat(100),
        "\u0000",
        "0x7f", "_", "한국어", "\r\n", "\u0007", "naïve ", "#define", "[\u0001CLS]", "\ufffd"};
    for (int run = 0; run < 20_000; run++) {
      StringBuilder text = new StringBuilder();
      for (int i = random.nextInt(12); i >= 0; i--)
        text.append(parts[random.nextInt(parts.length)]);
      same(text.toString());
    }
  }

  private static void same(String text) {
    long[] expected = reference.encode(text).getIds();
    long[] ids = WordPiece.uncased().encode(text);
    if (!Arrays.equals(expected, ids))
      assertThat(ids).as(text).isEqualTo(expected);
    if (WordPiece.uncased().count(text) + 2 != ids.length)
      assertThat(WordPiece.uncased().count(text) + 2).as(text).isEqualTo(ids.length);
  }
}
