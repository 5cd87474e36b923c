package elysia.worker.openai;

import static org.assertj.core.api.Assertions.assertThat;

import elysia.core.embed.Embedder.Embedded;
import elysia.core.embed.EmbeddingModel;
import elysia.core.outcome.Outcome;
import elysia.testkit.embed.EmbedderContract;
import elysia.testkit.embed.FakeEmbedder;
import elysia.testkit.openai.Fault;
import elysia.testkit.openai.Fault.Kind;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class OpenAiFaultsIT {
  private static final List<String> TEXTS = IntStream.range(0, 10).mapToObj(i -> "text " + i)
      .toList();

  private final Fixture s = new Fixture();

  @AfterEach
  void end() {
    s.close();
  }

  private Outcome<List<Embedded>> embed() {
    return s.embedder.embed(TEXTS);
  }

  private static void assertRight(List<String> texts, List<Embedded> results) {
    FakeEmbedder fake = new FakeEmbedder(new EmbeddingModel("openai", "fake-model", 32, 8191));
    assertThat(results).hasSameSizeAs(texts);
    for (int i = 0; i < texts.size(); i++)
      if (results.get(i) instanceof Embedded.Vector(var vector))
        assertThat(EmbedderContract.cosine(vector, fake.vectorOf(texts.get(i))))
            .isGreaterThan(0.9999);
  }

  private static Fault throttled(int times, String retryAfter) {
    return Fault.status(times, 429, "", Map.of("Retry-After", retryAfter));
  }

  private Outcome.Busy<List<Embedded>> busy() {
    Outcome<List<Embedded>> outcome = embed();
    assertThat(outcome).isInstanceOf(Outcome.Busy.class);
    return (Outcome.Busy<List<Embedded>>) outcome;
  }

  private String refused() {
    Outcome<List<Embedded>> outcome = embed();
    assertThat(outcome).isInstanceOf(Outcome.Refused.class);
    var problem = ((Outcome.Refused<List<Embedded>>) outcome).problem();
    assertThat(problem.toString()).doesNotContain(Fixture.KEY);
    assertThat(problem.hint()).isNotBlank();
    return problem.code();
  }

  @Test
  void aShortRateLimitIsWaitedOut() {
    s.server.add(throttled(2, "2"));
    assertRight(TEXTS, embed().orElseThrow());
    assertThat(s.clock.slept()).isEqualTo(Duration.ofSeconds(4));
    assertThat(s.server.batches()).hasSize(3);
  }

  @Test
  void aLongRateLimitIsToldAndNobodyAsksAgainBeforeItsEnd() {
    s.server.add(throttled(-1, "120"));
    String reason = "rate limit of " + s.settings.host();
    assertThat(busy())
        .isEqualTo(new Outcome.Busy<>("embedder_unavailable", reason, Duration.ofMinutes(2)));
    s.clock.advance(Duration.ofSeconds(100));
    assertThat(busy())
        .isEqualTo(new Outcome.Busy<>("embedder_unavailable", reason, Duration.ofSeconds(20)));
    assertThat(s.server.batches()).hasSize(1);
    assertThat(s.clock.slept()).isZero();
    s.server.heal();
    s.clock.advance(Duration.ofSeconds(17));
    assertRight(TEXTS, embed().orElseThrow());
    assertThat(s.clock.slept()).isEqualTo(Duration.ofSeconds(3));
  }

  @Test
  void minutesOfRateLimitCostOneRequestAPause() {
    s.server.add(throttled(-1, "30"));
    for (int minute = 0; minute < 5; minute++)
      for (int second = 0; second < 60; second += 6) {
        assertThat(busy().retryAfter()).isPresent();
        s.clock.advance(Duration.ofSeconds(6));
      }
    assertThat(s.server.batches()).hasSizeBetween(8, 12);
    s.server.heal();
    s.clock.advance(Duration.ofSeconds(30));
    assertRight(TEXTS, embed().orElseThrow());
  }

  @Test
  void retryAfterMayBeADate() {
    String date = DateTimeFormatter.RFC_1123_DATE_TIME
        .format(s.clock.instant().plusSeconds(90).atOffset(ZoneOffset.UTC));
    s.server.add(Fault.status(1, 503, "", Map.of("Retry-After", date)));
    assertThat(busy())
        .isEqualTo(new Outcome.Busy<>("embedder_unavailable", s.settings.host() + " is overloaded",
            Duration.ofSeconds(90)));
  }

  @Test
  void aRateLimitWithoutATimeTakesItFromTheWindow() {
    s.server.add(Fault.status(1, 429, "", Map.of("x-ratelimit-remaining-requests", "3",
        "x-ratelimit-reset-requests", "9m", "x-ratelimit-remaining-tokens", "0",
        "x-ratelimit-reset-tokens", "1m1s")));
    assertThat(busy().retryAfter()).contains(Duration.ofSeconds(61));
  }

  @Test
  void whatTheServiceHasLeftIsNotExceeded() {
    s.server.behave(Fixture.HEALTHY.headers(
        Map.of("x-ratelimit-remaining-requests", "0", "x-ratelimit-reset-requests", "42s")));
    assertRight(TEXTS, embed().orElseThrow());
    assertThat(busy()).isEqualTo(
        new Outcome.Busy<>("embedder_unavailable", "rate limit of " + s.settings.host(),
            Duration.ofSeconds(42)));
    assertThat(s.server.batches()).hasSize(1);
    s.clock.advance(Duration.ofSeconds(42));
    assertRight(TEXTS, embed().orElseThrow());
  }

  @Test
  void anEmptyAccountIsNoRateLimit() {
    s.server.add(Fault.status(1, 429,
        "{\"error\":{\"message\":\"quota\",\"code\":\"insufficient_quota\"}}", Map.of()));
    assertThat(refused()).isEqualTo("embeddings_quota");
  }

  @ParameterizedTest
  @ValueSource(ints = {500, 502, 503, 504, 408, 424, 204})
  void aFaultThatPassesIsTriedAgainAndOneThatStaysIsBusy(int status) {
    s.server.add(Fault.status(2, status, "", Map.of()));
    assertRight(TEXTS, embed().orElseThrow());
    s.server.add(Fault.status(-1, status, "{\"error\":\"out of order\"}", Map.of()));
    assertThat(busy().reason()).contains(s.settings.host());
    assertThat(s.server.batches().size()).isLessThan(10);
    s.server.heal();
    assertRight(TEXTS, embed().orElseThrow());
  }

  @ParameterizedTest
  @EnumSource(value = Kind.class, names = {"RESET", "RESET_IN_ANSWER", "FEWER", "MORE",
      "SAME_INDEX", "INDEX_BEYOND",
      "NO_INDEX"})
  void aBrokenAnswerIsAskedForAgainAndNeverBelieved(Kind kind) {
    s.server.add(Fault.of(kind, 2));
    assertRight(TEXTS, embed().orElseThrow());
    s.server.add(Fault.of(kind, -1));
    switch (embed()) { // a single result of a single text is beyond doubt
      case Outcome.Ok<List<Embedded>>(var results) -> assertRight(TEXTS, results);
      case Outcome.Busy<List<Embedded>> _ -> {
      }
      case Outcome.Refused<List<Embedded>>(var problem) -> throw new AssertionError(problem.text());
    }
    s.server.heal();
    assertRight(TEXTS, embed().orElseThrow());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "<html>proxy</html>", "{}", "[]", "null", "{\"data\":7}",
      "{\"data\":[1,2,3,4,5,6,7,8,9,0]}",
      "{\"data\":[{\"index\":0,\"embedding\":\"!\"}]}", "{\"data\":[{\"index\":0}]}"})
  void garbageIsBusy(String garbage) {
    s.server.add(Fault.garbage(-1, garbage));
    assertThat(busy().reason()).contains(s.settings.host());
    s.server.heal();
    assertRight(TEXTS, embed().orElseThrow());
  }

  @Test
  void noAnswerIsBusyAfterItsTime() {
    try (Fixture quick = new Fixture("timeout = 200ms, tries = 2")) {
      quick.server.add(Fault.of(Kind.HANG, 1));
      quick.server.add(Fault.slow(1, 2_000));
      assertThat(quick.embedder.embed(TEXTS)).isInstanceOf(Outcome.Busy.class);
      assertRight(TEXTS, quick.embedder.embed(TEXTS).orElseThrow());
    }
  }

  @Test
  void anAnswerWithoutEndIsNotRead() {
    try (Fixture small = new Fixture("max-response = 1MiB, tries = 1")) {
      small.server.add(Fault.of(Kind.ENDLESS, 2));
      assertThat(small.embedder.embed(TEXTS)).isInstanceOf(Outcome.Busy.class);
      assertRight(TEXTS, small.embedder.embed(TEXTS).orElseThrow());
    }
  }

  @Test
  void aServiceThatIsNotThereIsBusy() {
    s.server.close();
    assertThat(busy().reason()).isEqualTo(s.settings.host() + " cannot be reached");
  }

  @Test
  void aWrongKeyIsRefusedWithoutShowingIt() {
    s.server.behave(Fixture.HEALTHY.key("another"));
    assertThat(refused()).isEqualTo("embeddings_unauthorized");
    s.server.behave(Fixture.HEALTHY);
    for (int status : new int[]{402, 403, 404, 405, 418}) {
      s.server.add(Fault.status(1, status, "no " + Fixture.KEY, Map.of()));
      assertThat(refused()).startsWith("embeddings_");
    }
    s.server.add(Fault.status(-1, 500, "{\"error\":\"no " + Fixture.KEY + "\"}", Map.of()));
    assertThat(busy().reason()).endsWith("no ***");
    assertThat(s.settings.toString()).doesNotContain(Fixture.KEY);
  }

  @Test
  void anUnknownModelIsRefused() {
    try (Fixture other = new Fixture("model = other")) {
      assertThat(other.embedder.embed(TEXTS)).isInstanceOf(Outcome.Refused.class);
    }
  }

  @Test
  void aRedirectIsNotFollowed() {
    try (Fixture elsewhere = new Fixture()) {
      s.server.add(Fault.status(1, 307, "",
          Map.of("Location", elsewhere.server.url() + "/v1/embeddings")));
      assertThat(refused()).isEqualTo("embeddings_redirected");
      assertThat(elsewhere.server.batches()).isEmpty();
    }
  }

  @Test
  void aVectorOfAnotherLengthIsRefused() {
    s.server.add(Fault.of(Kind.LONGER_VECTORS, 1));
    assertThat(refused()).isEqualTo("embeddings_dimension");
  }

  @ParameterizedTest
  @EnumSource(value = Kind.class, names = {"NAN", "ZERO"})
  void aUselessVectorIsRejectedAlone(Kind kind) {
    s.server.add(Fault.of(kind, 1));
    List<Embedded> results = embed().orElseThrow();
    assertThat(results.getFirst()).isInstanceOf(Embedded.Rejected.class);
    assertThat(results.stream().filter(r -> r instanceof Embedded.Vector)).hasSize(9);
  }

  @Test
  void aPoisonousTextIsFoundAndReportedWithTheServicesReason() {
    s.server.behave(Fixture.HEALTHY.poison("text 6"));
    assertOnlySixRejected("400: '$.input' is invalid");
    assertThat(s.server.batches().size()).isLessThan(12);
  }

  @Test
  void aTextThatMakesTheServiceFailIsFoundToo() {
    s.server.behave(Fixture.HEALTHY.fatal("text 6"));
    assertOnlySixRejected("500: internal error: unsupported value: NaN");
  }

  private void assertOnlySixRejected(String reason) {
    List<Embedded> results = embed().orElseThrow();
    assertRight(TEXTS, results);
    for (int i = 0; i < results.size(); i++)
      if (i != 6)
        assertThat(results.get(i)).isInstanceOf(Embedded.Vector.class);
    assertThat(results.get(6)).isInstanceOf(Embedded.Rejected.class);
    assertThat(results.get(6).toString()).contains(reason);
  }

  @Test
  void aPoisonousTextAloneIsToldFromARequestThatIsAlwaysRefused() {
    s.server.behave(Fixture.HEALTHY.poison("text 6"));
    assertThat(s.embedder.embed(List.of("text 6")).orElseThrow().getFirst())
        .isInstanceOf(Embedded.Rejected.class);
    s.server.behave(Fixture.HEALTHY);
    s.server.add(Fault.status(-1, 400, "{\"error\":\"unknown parameter\"}", Map.of()));
    assertThat(refused()).isEqualTo("embeddings_refused");
    assertThat(s.server.batches().size()).isLessThan(10);
  }

  @Test
  void tooManyTextsAreHalvedAndTheSizeRemembered() {
    s.server.behave(Fixture.HEALTHY.maxTexts(3));
    assertRight(TEXTS, embed().orElseThrow());
    int first = s.server.batches().size();
    assertRight(TEXTS, embed().orElseThrow());
    List<Integer> second = s.server.batches().subList(first, s.server.batches().size());
    assertThat(second).allMatch(size -> size <= 3);
  }

  @Test
  void whatWasEmbeddedBeforeAFaultIsHandedOn() {
    try (Fixture small = new Fixture("batch-texts = 3")) {
      assertThat(small.embedder.embed(TEXTS.subList(0, 1)).orElseThrow()).hasSize(1);
      List<Integer> seen = new ArrayList<>();
      Outcome<List<Embedded>> outcome = small.embedder.embed(TEXTS, (i, result) -> {
        seen.add(i);
        if (seen.size() == 6)
          small.server.add(throttled(1, "60"));
      });
      assertThat(outcome).isEqualTo(
          new Outcome.Busy<>("embedder_unavailable", "rate limit of " + small.settings.host(),
              Duration.ofMinutes(1)));
      assertThat(seen).containsExactly(0, 1, 2, 3, 4, 5);
    }
  }

  @Test
  void theConfiguredRateIsKept() {
    try (Fixture slow = new Fixture("batch-texts = 1, short-wait = 1h\n"
        + "rate { requests-per-minute = 60, burst = 1s }")) {
      assertRight(TEXTS, slow.embedder.embed(TEXTS).orElseThrow());
      assertThat(slow.clock.slept()).isCloseTo(Duration.ofSeconds(9), Duration.ofMillis(10));
    }
  }

  @Test
  void anInterruptEndsTheCall() {
    Thread.currentThread().interrupt();
    assertThat(embed()).isInstanceOf(Outcome.Busy.class);
    assertThat(Thread.interrupted()).isTrue();
    assertRight(TEXTS, embed().orElseThrow());
  }
}
