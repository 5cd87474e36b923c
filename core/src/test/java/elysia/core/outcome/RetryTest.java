package elysia.core.outcome;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RetryTest {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration MINUTE = Duration.ofMinutes(1);
  /// Without jitter: the floor is the whole delay.
  private static final Backoff BACKOFF = new Backoff(SECOND, SECOND, SECOND);

  private static Duration delay(Optional<Duration> asked) {
    return Retry.delay(BACKOFF, 1, asked, new Random(1));
  }

  @Test
  void withoutAWishItIsTheBackoff() {
    assertThat(delay(Optional.empty())).isEqualTo(SECOND);
  }

  @Test
  void theOtherSideIsNotAskedBeforeItSaid() {
    assertThat(delay(Optional.of(MINUTE))).isEqualTo(MINUTE);
  }

  @Test
  void aWishForLessDoesNotShortenTheBackoff() {
    assertThat(delay(Optional.of(Duration.ZERO))).isEqualTo(SECOND);
    assertThat(delay(Optional.of(SECOND.negated()))).isEqualTo(SECOND);
  }

  @Test
  void everyFurtherFailureDoublesTheBound() {
    Backoff growing = new Backoff(SECOND, MINUTE, Duration.ZERO);
    for (int failed = 1; failed < 10; failed++)
      assertThat(Retry.delay(growing, failed, Optional.empty(), new Random(failed)))
          .isLessThanOrEqualTo(SECOND.multipliedBy(1L << (failed - 1)));
  }
}
