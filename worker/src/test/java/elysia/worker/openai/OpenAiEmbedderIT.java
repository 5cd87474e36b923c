package elysia.worker.openai;

import static org.assertj.core.api.Assertions.assertThat;

import elysia.core.embed.Embedder;
import elysia.core.outcome.Outcome;
import elysia.testkit.embed.EmbedderContract;
import elysia.testkit.openai.Behaviour;
import elysia.testkit.openai.Fault;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OpenAiEmbedderIT implements EmbedderContract {
  private final Fixture service = new Fixture("dimension = 0");

  @Override
  public Embedder embedder() {
    return service.embedder;
  }

  @AfterEach
  void end() {
    service.close();
  }

  @Test
  void anUnknownDimensionIsAskedForOnceAndOnlyWhenNeeded() {
    assertThat(service.embedder.model().dimension()).isZero();
    assertThat(service.server.batches()).isEmpty();
    assertThat(service.embedder.ready().orElseThrow().dimension()).isEqualTo(32);
    assertThat(service.embedder.embed(List.of("a")).orElseThrow()).hasSize(1);
    assertThat(service.embedder.model().dimension()).isEqualTo(32);
    assertThat(service.server.batches()).containsExactly(1, 1);
  }

  @Test
  void batchesAreBoundedByTextsAndByTokens() {
    try (Fixture small = new Fixture("batch-texts = 4, batch-tokens = 30")) {
      List<String> texts = List.of("aa", "bb", "cc", "dd", "ee", "0123456789",
          "01234567890123456789", "0123456789012345678901234567890123456789", "x");
      assertThat(small.embedder.embed(texts).orElseThrow()).hasSize(9);
      // two special tokens a text: 4 * 4 | 4 + 12 | 22 | 42 alone | 3
      assertThat(small.server.batches()).containsExactly(4, 2, 1, 1, 1);
    }
  }

  @Test
  void vectorsAskedForAsBase64AreTheSame() {
    try (Fixture base64 = new Fixture("encoding = base64")) {
      assertThat(EmbedderContract.vectors(base64.embedder, List.of("one text"))).isEqualTo(
          EmbedderContract.vectors(service.embedder, List.of("one text")));
      assertThat(base64.server.lastBody()).contains("\"encoding_format\":\"base64\"");
    }
  }

  @Test
  void anotherDimensionIsAskedForWhereTheServiceCanShorten() {
    try (Fixture shortened = new Fixture("model = text-embedding-3-small, dimension = 64")) {
      shortened.server.behave(Behaviour.of("text-embedding-3-small", 1536));
      assertThat(EmbedderContract.vectors(shortened.embedder, List.of("x")).getFirst().dimension())
          .isEqualTo(64);
      assertThat(shortened.server.lastBody()).contains("\"dimensions\":64");
    }
  }

  @Test
  void resultsInAnotherOrderStillReachTheirTexts() {
    List<String> texts = List.of("one", "two", "three");
    var expected = EmbedderContract.vectors(service.embedder, texts);
    service.server.add(Fault.of(Fault.Kind.SHUFFLED, 1));
    assertThat(EmbedderContract.vectors(service.embedder, texts)).isEqualTo(expected);
  }

  @Test
  void halfASurrogatePairDoesNotSpoilABatch() {
    assertThat(EmbedderContract.vectors(service.embedder, List.of("half \uD83D", "x"))).hasSize(2);
  }

  @Test
  void aDimensionThatCannotBeAskedForNowIsAskedForLater() {
    service.server.add(Fault.status(1, 429, "", Map.of("Retry-After", "60")));
    assertThat(service.embedder.embed(List.of("a"))).isEqualTo(new Outcome.Busy<>(
        "embedder_unavailable", "rate limit of " + service.settings.host(), Duration.ofMinutes(1)));
    assertThat(service.embedder.model().dimension()).isZero();
    service.clock.advance(Duration.ofMinutes(1));
    assertThat(service.embedder.embed(List.of("a")).orElseThrow()).hasSize(1);
  }

  @Test
  void whatOneEmbedderIsToldHoldsBackAllThatShareTheBudget() {
    try (OpenAiEmbedder other = new OpenAiEmbedder(service.settings, service.budget, service.clock,
        new Random(2), service.clock)) {
      service.server.add(Fault.status(1, 429, "", Map.of("Retry-After", "60")));
      assertThat(service.embedder.embed(List.of("a"))).isInstanceOf(Outcome.Busy.class);
      assertThat(other.embed(List.of("a"))).isInstanceOf(Outcome.Busy.class);
      assertThat(service.server.batches()).hasSize(1);
    }
  }
}
