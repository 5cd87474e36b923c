package elysia.worker.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OpenAiSettingsTest {
  private static OpenAiSettings settings(String overrides) {
    return OpenAiSettings.from(Fixture.config(overrides));
  }

  @Test
  void defaultsAreOpenAisOwn() {
    OpenAiSettings s = settings("");
    assertThat(s.endpoint()).hasToString("https://api.openai.com/v1/embeddings");
    assertThat(s.host()).isEqualTo("api.openai.com");
    assertThat(s.expectedDimension()).isEqualTo(1536);
    assertThat(s.chunkLimit()).isEqualTo(512);
    assertThat(s.asksDimension()).isFalse();
  }

  @Test
  void chunksFitTheModel() {
    assertThat(settings("model = all-MiniLM-L6-v2").chunkLimit()).isEqualTo(256);
    assertThat(settings("model = mine, max-tokens = 100").chunkLimit()).isEqualTo(100);
    assertThat(settings("chunk-tokens = 4000").chunkLimit()).isEqualTo(4000);
    assertThat(settings("model = mine, chunk-tokens = 4000").chunkLimit()).isEqualTo(512);
    assertThat(settings("model = mine").expectedDimension()).isZero();
  }

  @ParameterizedTest
  @CsvSource({"http://h:1,http://h:1/v1/embeddings", "http://h/,http://h/v1/embeddings",
      "https://h/v1,https://h/v1/embeddings", "https://h/v1/,https://h/v1/embeddings",
      "https://h/api,https://h/api/v1/embeddings",
      "https://h/api/v3/embeddings,https://h/api/v3/embeddings",
      "https://h/d/x/embeddings?api-version=1,https://h/d/x/embeddings?api-version=1"})
  void anAddressIsCompleted(String url, String expected) {
    assertThat(EmbeddingsAddress.of(url)).hasToString(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "api.openai.com", "ftp://h/", "http://user:secret@h/", "http:///v1",
      "http://h/ x", "http://secret@h/ x"})
  void anAddressThatCannotBeUsedIsRefusedUnquoted(String url) {
    assertThatThrownBy(() -> EmbeddingsAddress.of(url)).isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected").hasMessageNotContaining("secret").hasNoCause();
  }

  @ParameterizedTest
  @ValueSource(strings = {"tries = 0", "dimension = -1", "model = \"\"", "encoding = int8",
      "tokenizer = x", "key = \"a\\nb\"", "timeout = 0s", "price-per-million-tokens = -1",
      "chunk-tokens = 5", "rate.burst = 0s"})
  void aWrongSettingIsRefusedWithWhatIsAllowed(String wrong) {
    assertThatThrownBy(() -> settings(wrong)).isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected");
  }

  @Test
  void theKeyIsNeverPrinted() {
    OpenAiSettings s = settings("key = \" sk-secret\\n\"");
    assertThat(s.key().bearer()).isEqualTo("Bearer sk-secret");
    assertThat(s.toString()).contains("***").doesNotContain("sk-secret");
  }
}
