package elysia.worker.constant;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConstantEmbedderTest {
  @Test
  void equalTextsGiveEqualVectors() {
    var vectors = new ConstantEmbedder(64, Duration.ZERO).embed(List.of("a", "b", "a"))
        .orElseThrow();
    assertThat(vectors.get(0)).isEqualTo(vectors.get(2)).isNotEqualTo(vectors.get(1));
  }

  @Test
  void eachTextTakesItsTime() {
    long start = System.nanoTime();
    new ConstantEmbedder(4, Duration.ofMillis(5)).embed(List.of("a", "b", "c", "d")).orElseThrow();
    assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(20_000_000);
  }
}
