package elysia.worker.weaviate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import elysia.core.embed.Embedder;
import elysia.core.embed.EmbeddingModel;
import elysia.core.identity.CollectionName;
import elysia.core.outcome.Outcome;
import java.util.List;
import org.junit.jupiter.api.Test;

class ModuleSettingsTest {
  private static ModuleSettings settings(String more) {
    return ModuleSettings.from(ConfigFactory.parseString("elysia.worker.weaviate.module {" + more
        + "}").withFallback(ConfigFactory.defaultReference()));
  }

  @Test
  void classIsToldTheModelAndTheModulesOwnConfiguration() {
    ModuleSettings settings = settings(
        "name = text2vec-openai, model = m1, config = \"{\\\"baseURL\\\":\\\"http://h\\\"}\"");
    var schema = ClassSchema.write(new CollectionName("c"), settings.model(),
        WeaviateSettings.IndexType.FLAT, settings.config(settings.model()));
    var config = schema.at("/moduleConfig/text2vec-openai");
    assertThat(schema.path("vectorizer").asText()).isEqualTo("text2vec-openai");
    assertThat(config.path("model").asText()).isEqualTo("m1");
    assertThat(config.path("baseURL").asText()).isEqualTo("http://h");
    assertThat(ClassSchema.read(schema).orElseThrow().model().sameVectors(settings.model()))
        .isTrue();
  }

  @Test
  void anotherModuleIsToldNothingOfIt() {
    ModuleSettings settings = settings("config = \"{\\\"baseURL\\\":\\\"http://h\\\"}\"");
    assertThat(settings.config(new EmbeddingModel("text2vec-cohere", "m", 0, 256))).isEmpty();
  }

  @Test
  void defaultModelIsLeftToTheServer() {
    ModuleSettings settings = settings("");
    var schema = ClassSchema.write(new CollectionName("c"), settings.model(),
        WeaviateSettings.IndexType.FLAT, settings.config(settings.model()));
    assertThat(schema.at("/moduleConfig/text2vec-transformers").has("model")).isFalse();
  }

  @Test
  void whatIsNoModuleOrNoObjectIsRefused() {
    assertThatThrownBy(() -> settings("name = openai")).hasMessageContaining("module.name");
    assertThatThrownBy(() -> settings("config = \"[secret]\""))
        .hasMessageContaining("module.config").hasMessageNotContaining("secret");
  }

  @Test
  void moduleEmbedderKnowsItsModelAndEmbedsNothing() {
    try (Embedder embedder = new ModuleEmbedder(settings(""))) {
      assertThat(embedder.model().inStore()).isTrue();
      assertThat(embedder.tokens().count("public class Foo {}")).isPositive();
      assertThat(embedder.embed(List.of("a"))).isInstanceOf(Outcome.Refused.class);
    }
  }
}
