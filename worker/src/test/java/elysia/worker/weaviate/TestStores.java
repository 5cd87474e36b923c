package elysia.worker.weaviate;

import com.typesafe.config.ConfigFactory;
import elysia.core.rate.LocalRateBudget;
import elysia.core.rate.RateBudget;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.random.RandomGenerator;

/// Stores with the settings of `reference.conf`, and with others where a test says so.
final class TestStores {
  private TestStores() {}

  static WeaviateStore at(String url, String apiKey) {
    return at(url, apiKey, Map.of());
  }

  /// @param changed by key below `elysia.worker.weaviate`
  static WeaviateStore at(String url, String apiKey, Map<String, ?> changed) {
    WeaviateSettings settings = settings(url, apiKey, changed);
    return at(settings, new LocalRateBudget(settings.service(), settings.rate(),
        InstantSource.system(), Thread::sleep));
  }

  /// One of several that share a budget.
  static WeaviateStore at(WeaviateSettings settings, RateBudget budget) {
    RandomGenerator random = () -> ThreadLocalRandom.current().nextLong();
    return new WeaviateStore(settings, budget, InstantSource.system(), random);
  }

  static WeaviateSettings settings(String url, String apiKey, Map<String, ?> changed) {
    var path = "elysia.worker.weaviate";
    return WeaviateSettings.from(ConfigFactory.parseMap(changed).atPath(path)
        .withFallback(ConfigFactory.parseMap(Map.of("url", url, "api-key", apiKey)).atPath(path))
        .withFallback(ConfigFactory.parseResources("reference.conf")).resolve());
  }
}
