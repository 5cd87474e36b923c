package elysia.deploy.node;

import com.typesafe.config.Config;
import elysia.coordinator.git.GitSettings;
import elysia.coordinator.git.GitSource;
import elysia.coordinator.mgit.MgitSettings;
import elysia.coordinator.mgit.MgitSource;
import elysia.coordinator.process.Commands;
import elysia.core.embed.Embedder;
import elysia.core.embed.Embedding;
import elysia.core.embed.EmbeddingModel;
import elysia.core.rate.LocalRateBudget;
import elysia.core.source.Source;
import elysia.core.store.VectorStore;
import elysia.worker.cache.VectorCache;
import elysia.worker.constant.ConstantEmbedder;
import elysia.worker.lucene.LuceneSettings;
import elysia.worker.lucene.LuceneStore;
import elysia.worker.onnx.OnnxEmbedder;
import elysia.worker.onnx.OnnxSettings;
import elysia.worker.openai.OpenAiEmbedder;
import elysia.worker.openai.OpenAiSettings;
import elysia.worker.pipeline.VectorMemory;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;

/// Chooses the adapters that the configuration asks for.
final class Adapters {
  private Adapters() {}

  static VectorStore store(Config config, Path home) {
    String kind = config.getString("elysia.node.store");
    return switch (kind) {
      case "embedded" -> LuceneStore.open(home.resolve("index"), LuceneSettings.from(config));
      default -> throw new IllegalArgumentException("elysia.node.store (ELYSIACTL_STORE): " + kind + " (expected: embedded or weaviate)");
    };
  }

  static Embedder embedder(Config config, InstantSource clock, RandomGenerator random) {
    String kind = config.getString("elysia.node.embedder");
    return switch (kind) {
      case "embedded" -> new OnnxEmbedder(OnnxSettings.from(config));
      case "openai" -> {
        OpenAiSettings settings = OpenAiSettings.from(config);
        yield new OpenAiEmbedder(settings, new LocalRateBudget(settings.host(), settings.rate(), clock, Thread::sleep), clock, random, Thread::sleep);
      }
      case "constant" -> new ConstantEmbedder(384, config.getDuration("elysia.node.constant-embedder-cost"));
      default -> throw new IllegalArgumentException("elysia.node.embedder (ELYSIACTL_EMBEDDER): " + kind + " (expected: embedded, openai, weaviate or constant)");
    };
  }

  static Source source(Config config, Path home, Commands commands) {
    GitSource git = new GitSource(home.resolve("clones"), GitSettings.from(config), commands);
    return MgitSource.over(git, home.resolve("mgit"), MgitSettings.from(config), commands);
  }

  static VectorMemory memory(VectorCache cache) {
    return new VectorMemory() {
      @Override
      public Map<String, Embedding> recall(EmbeddingModel model, Set<String> vectorHashes) {
        return cache.get(model, vectorHashes);
      }

      @Override
      public void remember(EmbeddingModel model, Map<String, Embedding> vectors) {
        cache.put(model, vectors);
        cache.flush();
      }
    };
  }
}
