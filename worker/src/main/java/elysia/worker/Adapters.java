package elysia.worker;

import com.typesafe.config.Config;
import elysia.core.embed.Embedder;
import elysia.core.store.VectorStore;
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

/// The adapters that the settings ask for.
final class Adapters {
  private static final int CONSTANT_DIMENSION = 384;

  private Adapters() {}

  static VectorStore store(WorkerSettings settings, Config config, WorkerEnvironment env) {
    return switch (settings.store()) {
      case "embedded" ->
        LuceneStore.open(env.home().resolve("index"), LuceneSettings.from(config));
      case "weaviate" -> {
        WeaviateSettings weaviate = WeaviateSettings.from(config);
        yield new WeaviateStore(weaviate, env.budgets().of(weaviate.service(), weaviate.rate()),
            env.monotonic(), env.random());
      }
      default -> throw new IllegalArgumentException("elysia.node.store (ELYSIACTL_STORE): "
          + settings.store() + " (expected: embedded or weaviate)");
    };
  }

  static Embedder embedder(WorkerSettings settings, Config config, WorkerEnvironment env) {
    return switch (settings.embedder()) {
      case "embedded" -> new OnnxEmbedder(OnnxSettings.from(config));
      case "openai" -> {
        OpenAiSettings openAi = OpenAiSettings.from(config);
        yield new OpenAiEmbedder(openAi, env.budgets().of(openAi.host(), openAi.rate()),
            env.clock(), env.random(), Thread::sleep);
      }
      case "weaviate" -> {
        if (!settings.store().equals("weaviate"))
          throw new IllegalArgumentException(
              "elysia.node.embedder (ELYSIACTL_EMBEDDER): weaviate (expected: only with"
                  + " ELYSIACTL_STORE=weaviate, whose module makes the vectors)");
        yield new ModuleEmbedder(ModuleSettings.from(config));
      }
      case "constant" ->
        new ConstantEmbedder(CONSTANT_DIMENSION, settings.constantEmbedderCost());
      default -> throw new IllegalArgumentException("elysia.node.embedder (ELYSIACTL_EMBEDDER): "
          + settings.embedder() + " (expected: embedded, openai, weaviate or constant)");
    };
  }
}
