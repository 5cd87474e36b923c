package elysia.worker.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import elysia.core.embed.TokenCounter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class TokenizerTest {
  private static final List<String> SAMPLES = List.of("hello world",
      "public static void main(String[] args) { return; }", "数据库连接", "Füße naïve İstanbul",
      "🙂 emoji", "<|endoftext|>", "a\u0000b\u200Bc", "한국어 텍스트");

  @Test
  void knownTextsHaveTheirPublishedCounts() {
    assertThat(Tokenizer.CL100K.counter("m").count("hello world")).isEqualTo(2);
    assertThat(Tokenizer.O200K.counter("m").count("hello world")).isEqualTo(2);
    TokenCounter bert = Tokenizer.BERT.counter("m");
    assertThat(bert.count("Hello, world!")).isEqualTo(4);
    assertThat(bert.count("unaffable")).isEqualTo(3); // una ##ffa ##ble
    assertThat(bert.count("数据")).isEqualTo(2);
    assertThat(bert.count("x".repeat(101))).isEqualTo(1);
    assertThat(bert.special()).isEqualTo(2);
  }

  @Test
  void bytesAreThoseOfUtf8() {
    for (String sample : SAMPLES)
      assertThat(Tokenizer.BYTES.counter("m").count(sample))
          .isEqualTo(sample.getBytes(StandardCharsets.UTF_8).length);
  }

  @Test
  void bytesAreNeverFewerThanByteLevelTokens() {
    for (String sample : SAMPLES)
      assertThat(Tokenizer.BYTES.counter("m").count(sample))
          .isGreaterThanOrEqualTo(Tokenizer.CL100K.counter("m").count(sample))
          .isGreaterThanOrEqualTo(Tokenizer.O200K.counter("m").count(sample));
  }

  @Test
  void autoGoesByTheModelAndIsCautiousWithUnknownOnes() {
    String text = "public static void main(String[] args)";
    int openAi = Tokenizer.CL100K.counter("m").count(text);
    int bert = Tokenizer.BERT.counter("m").count(text);
    assertThat(Tokenizer.AUTO.counter("text-embedding-3-large").count(text)).isEqualTo(openAi);
    assertThat(Tokenizer.AUTO.counter("sentence-transformers/all-MiniLM-L6-v2").count(text))
        .isEqualTo(bert);
    assertThat(Tokenizer.AUTO.counter("nomic-embed-text:latest").count(text)).isEqualTo(bert);
    assertThat(Tokenizer.AUTO.counter("my/own").count(text))
        .isGreaterThan(Math.max(openAi, bert));
  }

  @Test
  void anUnknownTokenizerIsRefusedWithTheOnesThereAre() {
    assertThatThrownBy(() -> Tokenizer.parse("wordpiece")).hasMessage(
        "tokenizer: wordpiece (expected: auto | cl100k | o200k | bert | bytes)");
  }
}
