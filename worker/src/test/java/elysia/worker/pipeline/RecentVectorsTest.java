package elysia.worker.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import elysia.core.embed.Embedding;
import elysia.core.embed.EmbeddingModel;
import elysia.testkit.embed.FakeEmbedder;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RecentVectorsTest {
  private static final EmbeddingModel MODEL = new FakeEmbedder().model();
  private static final Embedding VECTOR = Embedding.of(new float[]{0.6f, 0.8f});

  private final RecentVectors recent = new RecentVectors(6);

  @Test
  void whatWasUsedLastStays() {
    recent.used(MODEL, Map.of("a", VECTOR));
    recent.used(MODEL, Map.of("b", VECTOR));
    recent.used(MODEL, Map.of("c", VECTOR));
    assertThat(recent.recall(MODEL, Set.of("a"))).containsOnlyKeys("a");
    recent.used(MODEL, Map.of("d", VECTOR));
    assertThat(recent.recall(MODEL, Set.of("a", "b", "c", "d"))).containsOnlyKeys("a", "c", "d");
  }

  @Test
  void sameVectorTwiceTakesItsRoomOnce() {
    for (int i = 0; i < 10; i++)
      recent.used(MODEL, Map.of("a", VECTOR));
    recent.used(MODEL, Map.of("b", VECTOR));
    assertThat(recent.recall(MODEL, Set.of("a", "b"))).containsOnlyKeys("a", "b");
  }

  @Test
  void vectorOfAnotherModelIsNotGiven() {
    recent.used(MODEL, Map.of("a", VECTOR));
    EmbeddingModel other = new EmbeddingModel("openai", "other", 2, 512);
    assertThat(recent.recall(other, Set.of("a"))).isEmpty();
  }
}
