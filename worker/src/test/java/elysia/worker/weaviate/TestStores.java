package elysia.worker.weaviate;

import com.typesafe.config.ConfigFactory;
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

  /// @param changed
  ///          by key below `elysia.worker.weaviate`
  static WeaviateStore at(String url, String apiKey, Map<String, ?> changed) {
    RandomGenerator random = () -> ThreadLocalRandom.current().nextLong();
    return new WeaviateStore(settings(url, apiKey, changed), InstantSource.system(), random);
  }

  static WeaviateSettings settings(String url, String apiKey, Map<String, ?> changed) {
    var path = "elysia.worker.weaviate";
    return WeaviateSettings.from(ConfigFactory.parseMap(changed).atPath(path)
        .withFallback(ConfigFactory.parseMap(Map.of("url", url, "api-key", apiKey)).atPath(path))
        .withFallback(ConfigFactory.parseResources("reference.conf")).resolve());
  }
}
