package elysia.worker.weaviate;

import static org.assertj.core.api.Assertions.assertThat;

import elysia.core.outcome.Outcome;
import elysia.core.rate.LocalRateBudget;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CallsTest {
  private final WeaviateSettings settings = TestStores.settings("http://h", "", Map.of("tries", 1,
      "breaker",
      Map.of("failures", 3, "pause", Map.of("first", "2s", "max", "2s", "floor", "2s"))));
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private final Calls calls = new Calls("it", settings,
      new LocalRateBudget(settings.service(), settings.rate(), () -> now, _ -> {}), () -> now,
      new Random(1)).atOnce();

  @Test
  void tryAfterAPauseThatIsToldToWaitLetsTheNextOneThrough() {
    for (int i = 0; i < 3; i++)
      assertThat(calls.<String>run(false, () -> calls.failed("down", Optional.empty(), true)))
          .isInstanceOf(Outcome.Busy.class);
    now = now.plus(Duration.ofSeconds(3));
    assertThat(calls.<String>run(false, () -> calls.limited(Optional.empty(), false)))
        .isInstanceOf(Outcome.Busy.class);
    now = now.plus(Duration.ofHours(1));
    assertThat(calls.run(false, () -> calls.done(Outcome.ok("answer"))).orElseThrow())
        .isEqualTo("answer");
    assertThat(calls.health().ok()).isTrue();
  }

  @Test
  void requestThatBreaksIsAFailure() {
    for (int i = 0; i < 3; i++)
      try {
        var _ = calls.run(false, () -> {
          throw new IllegalStateException("broken");
        });
        throw new AssertionError("nothing was thrown");
      } catch (IllegalStateException e) {
        assertThat(e).hasMessage("broken");
      }
    assertThat(calls.health().ok()).isFalse();
  }
}
