package elysia.testkit.embed;

import static org.assertj.core.api.Assertions.assertThat;

import elysia.core.embed.Embedder;
import elysia.core.embed.Embedder.Embedded;
import elysia.core.embed.Embedding;
import elysia.core.outcome.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FakeEmbedderTest implements EmbedderContract {
  private final FakeEmbedder fake = new FakeEmbedder();

  @Override
  public Embedder embedder() {
    return fake;
  }

  @Test
  void commonWordsMakeVectorsNear() {
    Embedding query = fake.vectorOf("retry request");
    assertThat(EmbedderContract.cosine(query, fake.vectorOf("retry a failed request")))
        .isGreaterThan(EmbedderContract.cosine(query, fake.vectorOf("bake bread at home")));
  }

  @Test
  void faultsHappenAsToldAndEnd() {
    fake.failNext(new Outcome.Busy<>("embedder_unavailable", "down"));
    assertThat(fake.embed(List.of("a")))
        .isEqualTo(new Outcome.Busy<>("embedder_unavailable", "down"));
    assertThat(fake.embed(List.of("a")).orElseThrow()).hasSize(1);
    fake.fail(Outcome.refused("wrong_key", "no"));
    assertThat(fake.embed(List.of("a"))).isInstanceOf(Outcome.Refused.class);
    assertThat(fake.embed(List.of("a"))).isInstanceOf(Outcome.Refused.class);
    fake.heal();
    assertThat(fake.embed(List.of("a", "b")).orElseThrow()).hasSize(2);
    assertThat(fake.embedded()).isEqualTo(3);
    assertThat(fake.calls()).isEqualTo(5);
  }

  @Test
  void whatWasEmbeddedBeforeAFaultReachesTheSink() {
    fake.failNextAfter(2, new Outcome.Busy<>("embedder_unavailable", "down"));
    List<Integer> seen = new ArrayList<>();
    assertThat(fake.embed(List.of("a", "b", "c"), (i, _) -> seen.add(i)))
        .isEqualTo(new Outcome.Busy<>("embedder_unavailable", "down"));
    assertThat(seen).containsExactly(0, 1);
  }

  @Test
  void aPoisonousTextIsRejectedAlone() {
    fake.reject(text -> text.equals("b") ? Optional.of("bad") : Optional.empty());
    assertThat(fake.embed(List.of("a", "b")).orElseThrow().get(1))
        .isEqualTo(new Embedded.Rejected("bad"));
    assertThat(fake.embedded()).isOne();
  }
}
