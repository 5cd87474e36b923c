package elysia.worker.openai;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import elysia.core.rate.LocalRateBudget;
import elysia.testkit.clock.ManualClock;
import elysia.testkit.openai.Behaviour;
import elysia.testkit.openai.OpenAiFaultServer;
import java.util.Random;

/// A server, and an embedder of it whose waits take no time.
final class Fixture implements AutoCloseable {
  static final String KEY = "sk-secret-0123456789";
  static final Behaviour HEALTHY = Behaviour.of("fake-model", 32).key(KEY);

  final ManualClock clock = new ManualClock();
  final OpenAiFaultServer server = OpenAiFaultServer.start(0, HEALTHY, 1);
  final OpenAiSettings settings;
  final LocalRateBudget budget;
  final OpenAiEmbedder embedder;

  Fixture() {
    this("");
  }

  /// @param overrides HOCON of `elysia.worker.openai`
  Fixture(String overrides) {
    settings = OpenAiSettings.from(config("url = \"" + server.url() + "\"\nkey = " + KEY
        + "\nmodel = fake-model, tokenizer = bytes, dimension = 32, timeout = 5s\n" + overrides));
    budget = new LocalRateBudget(settings.host(), settings.rate(), clock, clock);
    embedder = new OpenAiEmbedder(settings, budget, clock, new Random(1), clock);
  }

  static Config config(String overrides) {
    return ConfigFactory.parseString(overrides).atPath("elysia.worker.openai")
        .withFallback(ConfigFactory.parseResources("reference.conf")).resolve();
  }

  @Override
  public void close() {
    embedder.close();
    server.close();
  }
}
