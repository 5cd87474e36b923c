package elysia.worker.weaviate;

import static org.assertj.core.api.Assertions.assertThat;

import elysia.core.outcome.Backoff;
import java.time.Duration;
import java.time.Instant;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class CircuitBreakerTest {
  private static final Duration PAUSE = Duration.ofSeconds(10);

  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private final CircuitBreaker breaker = new CircuitBreaker("it", 3,
      new Backoff(PAUSE, PAUSE, PAUSE), () -> now, new SplittableRandom(1));

  private void fail(int times) {
    for (int i = 0; i < times; i++) {
      assertThat(breaker.ask()).isEmpty();
      breaker.failed("down");
    }
  }

  @Test
  void aFewFailuresAndASuccessLeaveItClosed() {
    for (int i = 0; i < 5; i++) {
      fail(2);
      breaker.succeeded();
    }
    assertThat(breaker.ask()).isEmpty();
    assertThat(breaker.health().ok()).isTrue();
  }

  @Test
  void afterFailuresInARowNothingPassesUntilThePauseIsOver() {
    fail(3);
    assertThat(breaker.ask()).contains(PAUSE);
    assertThat(breaker.health().text()).isEqualTo("it: down; next try at 2026-01-01T00:00:10Z");
    now = now.plusSeconds(4);
    assertThat(breaker.ask()).contains(Duration.ofSeconds(6));
  }

  @Test
  void thenOneTries() {
    fail(3);
    now = now.plus(PAUSE);
    assertThat(breaker.ask()).isEmpty();
    assertThat(breaker.ask()).isPresent();
    breaker.succeeded();
    assertThat(breaker.ask()).isEmpty();
    assertThat(breaker.ask()).isEmpty();
  }

  @Test
  void aTryThatFailsOpensItAgain() {
    fail(3);
    now = now.plus(PAUSE);
    assertThat(breaker.ask()).isEmpty();
    breaker.failed("still down");
    assertThat(breaker.ask()).contains(PAUSE);
    now = now.plus(PAUSE);
    assertThat(breaker.ask()).isEmpty();
  }

  @Test
  void aServerThatIsOnlyAilingIsNotLeftAlone() {
    for (int i = 0; i < 10; i++)
      breaker.degraded("too many requests");
    assertThat(breaker.ask()).isEmpty();
    assertThat(breaker.health().ok()).isFalse();
    breaker.succeeded();
    assertThat(breaker.health().ok()).isTrue();
  }

  @Test
  void aServerThatTakesNoWritesIsSaidToUntilItDoes() {
    breaker.unwritable("store is read-only");
    breaker.succeeded();
    assertThat(breaker.ask()).isEmpty();
    assertThat(breaker.health().ok()).isFalse();
    assertThat(breaker.health().text()).endsWith(" takes no writes: store is read-only");
    breaker.wrote();
    assertThat(breaker.health().ok()).isTrue();
  }

  @Test
  void nobodyWritesAnyMoreSoThatNothingIsKnown() {
    breaker.unwritable("store is read-only");
    now = now.plus(Duration.ofMinutes(3));
    assertThat(breaker.health().ok()).isTrue();
  }
}
