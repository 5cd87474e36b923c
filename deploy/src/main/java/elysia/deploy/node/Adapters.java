package elysia.deploy.node;

import com.typesafe.config.Config;
import elysia.coordinator.git.GitSettings;
import elysia.coordinator.git.GitSource;
import elysia.coordinator.mgit.MgitSettings;
import elysia.coordinator.mgit.MgitSource;
import elysia.coordinator.rate.ClusterRates;
import elysia.core.embed.Embedder;
import elysia.core.source.Source;
import elysia.core.store.VectorStore;
import elysia.git.process.Commands;
import elysia.worker.constant.ConstantEmbedder;
import elysia.worker.lucene.LuceneSettings;
import elysia.worker.lucene.LuceneStore;
import elysia.worker.onnx.OnnxEmbedder;
import elysia.worker.onnx.OnnxSettings;
import elysia.worker.openai.OpenAiEmbedder;
import elysia.worker.openai.OpenAiSettings;
import elysia.worker.weaviate.ModuleEmbedder;
import elysia.worker.weaviate.ModuleSettings;
import elysia.worker.weaviate.WeaviateSettings;
import elysia.worker.weaviate.WeaviateStore;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.random.RandomGenerator;

/// Chooses the adapters that the configuration asks for.
final class Adapters {
  private Adapters() {}

  static VectorStore store(Config config, Path home, InstantSource clock, RandomGenerator random,
      ClusterRates rates) {
    String kind = config.getString("elysia.node.store");
    return switch (kind) {
      case "embedded" -> LuceneStore.open(home.resolve("index"), LuceneSettings.from(config));
      case "weaviate" -> {
        WeaviateSettings settings = WeaviateSettings.from(config);
        yield new WeaviateStore(settings, rates.budget(settings.service(), settings.rate()), clock,
            random);
      }
      default -> throw new IllegalArgumentException(
          "elysia.node.store (ELYSIACTL_STORE): " + kind + " (expected: embedded or weaviate)");
    };
  }

  static Embedder embedder(Config config, InstantSource clock, RandomGenerator random,
      ClusterRates rates) {
    String kind = config.getString("elysia.node.embedder");
    return switch (kind) {
      case "embedded" -> new OnnxEmbedder(OnnxSettings.from(config));
      case "openai" -> {
        OpenAiSettings settings = OpenAiSettings.from(config);
        yield new OpenAiEmbedder(settings, rates.budget(settings.host(), settings.rate()), clock,
            random, Thread::sleep);
      }
      case "weaviate" -> {
        if (!config.getString("elysia.node.store").equals("weaviate"))
          throw new IllegalArgumentException(
              "elysia.node.embedder (ELYSIACTL_EMBEDDER): weaviate (expected: only with"
                  + " ELYSIACTL_STORE=weaviate, whose module makes the vectors)");
        yield new ModuleEmbedder(ModuleSettings.from(config));
      }
      case "constant" ->
        new ConstantEmbedder(384, config.getDuration("elysia.node.constant-embedder-cost"));
      default -> throw new IllegalArgumentException("elysia.node.embedder (ELYSIACTL_EMBEDDER): "
          + kind + " (expected: embedded, openai, weaviate or constant)");
    };
  }

  static Source source(Config config, Path home, Commands commands) {
    GitSource git = new GitSource(home.resolve("clones"), GitSettings.from(config), commands);
    return MgitSource.over(git, home.resolve("mgit"), MgitSettings.from(config), commands);
  }
}
