package elysia.worker.cache;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import elysia.core.embed.Embedding;
import elysia.core.embed.EmbeddingModel;
import elysia.core.identity.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VectorCacheTest {
  private static final EmbeddingModel MODEL = new EmbeddingModel("constant", "m", 384, 256);
  private static final EmbeddingModel OTHER = new EmbeddingModel("constant", "n", 384, 256);
  private static final VectorCacheSettings SETTINGS = VectorCacheSettings
      .from(ConfigFactory.defaultReference());

  @TempDir
  Path folder;

  @Test
  void vectorsAreFoundAgainAfterReopening() {
    Map<String, Embedding> some = vectors(0, 10);
    try (VectorCache cache = open(SETTINGS)) {
      cache.remember(MODEL, some);
    }
    try (VectorCache cache = open(SETTINGS)) {
      assertThat(cache.recall(MODEL, some.keySet())).isEqualTo(some);
      assertThat(cache.recall(MODEL, Set.of(Sha256.hex("unknown")))).isEmpty();
      assertThat(cache.recall(OTHER, some.keySet())).isEmpty();
    }
  }

  @Test
  void whatIsRememberedSurvivesAKill() throws IOException {
    Map<String, Embedding> some = vectors(0, 500);
    Path copy = folder.resolve("copy");
    try (VectorCache cache = open(SETTINGS)) {
      cache.remember(MODEL, some);
      Files.copy(folder.resolve("cache"), copy);
    }
    try (VectorCache cache = VectorCache.open(copy, SETTINGS)) {
      assertThat(cache.recall(MODEL, some.keySet())).isEqualTo(some);
    }
  }

  @Test
  void theOldestGoFirstAndTheFileStaysInItsBound() throws IOException {
    VectorCacheSettings small = new VectorCacheSettings(4 << 20, 1 << 20);
    try (VectorCache cache = open(small)) {
      for (int i = 0; i < 10_000; i += i % 1_000 == 0 ? 990 : 10) {
        cache.remember(MODEL, vectors(i, i + (i % 1_000 == 0 ? 990 : 10)));
        assertThat(Files.size(folder.resolve("cache"))).isLessThanOrEqualTo(4 << 20);
      }
      assertThat(cache.recall(MODEL, vectors(0, 100).keySet())).isEmpty();
      assertThat(cache.recall(MODEL, vectors(9_900, 10_000).keySet())).hasSize(100);
      assertThat(cache.size()).isGreaterThan(1_000);
    }
    assertThat(Files.size(folder.resolve("cache"))).isLessThanOrEqualTo(4 << 20);
  }

  @Test
  void aFileThatCannotBeReadIsPutAside() throws IOException {
    byte[] noise = new byte[20_000];
    new Random(1).nextBytes(noise);
    Files.write(folder.resolve("cache"), noise);
    try (VectorCache cache = open(SETTINGS)) {
      cache.remember(MODEL, vectors(0, 3));
      assertThat(cache.size()).isEqualTo(3);
    }
    try (var files = Files.list(folder)) {
      assertThat(files.map(f -> f.getFileName().toString()))
          .anyMatch(name -> name.startsWith("cache.corrupt-"));
    }
  }

  @Test
  void aPlaceThatCannotBeWrittenMeansNoCache() throws IOException {
    Files.writeString(folder.resolve("file"), "not a folder");
    try (VectorCache cache = VectorCache.open(folder.resolve("file/cache"), SETTINGS)) {
      cache.remember(MODEL, vectors(0, 3));
      assertThat(cache.recall(MODEL, vectors(0, 3).keySet())).isEmpty();
    }
  }

  @Test
  void aSecondOwnerOfTheFileGoesWithoutIt() {
    try (VectorCache first = open(SETTINGS); VectorCache second = open(SETTINGS)) {
      first.remember(MODEL, vectors(0, 3));
      second.remember(MODEL, vectors(0, 3));
      assertThat(first.size()).isEqualTo(3);
      assertThat(second.size()).isZero();
    }
  }

  @Test
  void threadsMayShareIt() throws InterruptedException {
    try (VectorCache cache = open(SETTINGS)) {
      List<Thread> threads = new ArrayList<>();
      for (int t = 0; t < 4; t++) {
        int from = t * 250;
        threads.add(Thread.ofPlatform().start(() -> {
          cache.remember(MODEL, vectors(from, from + 500));
        }));
      }
      for (Thread thread : threads)
        thread.join();
      assertThat(cache.recall(MODEL, vectors(0, 1_250).keySet())).isEqualTo(vectors(0, 1_250));
    }
  }

  private VectorCache open(VectorCacheSettings settings) {
    return VectorCache.open(folder.resolve("cache"), settings);
  }

  private static Map<String, Embedding> vectors(int from, int to) {
    Map<String, Embedding> vectors = new HashMap<>();
    for (int i = from; i < to; i++) {
      float[] values = new float[384];
      Random random = new Random(i);
      for (int d = 0; d < values.length; d++)
        values[d] = random.nextFloat();
      vectors.put(Sha256.hex("text " + i), Embedding.of(values));
    }
    return vectors;
  }
}
