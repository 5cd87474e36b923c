package elysia.worker.openai;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpHeaders;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RateHeadersTest {
  private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");

  private static Optional<Duration> retryAfter(String name, String value) {
    return RateHeaders.retryAfter(HttpHeaders.of(Map.of(name, List.of(value)), (_, _) -> true),
        NOW);
  }

  @ParameterizedTest
  @CsvSource({"17ms,17", "1s,1000", "6m0s,360000", "1h2m3.5s,3723500", "1d,86400000", "2.5,2500",
      "0s,0"})
  void durationsAreReadAsServicesWriteThem(String text, long millis) {
    assertThat(RateHeaders.duration(text)).contains(Duration.ofMillis(millis));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "soon", "1x", "1s later", "-5", "1e9", "9999999999999999999s"})
  void whatIsNoDurationIsNone(String text) {
    assertThat(RateHeaders.duration(text)).isEmpty();
    assertThat(retryAfter("Retry-After", text)).isEmpty();
  }

  @Test
  void retryAfterIsSecondsOrADate() {
    assertThat(retryAfter("retry-after", "42")).contains(Duration.ofSeconds(42));
    assertThat(retryAfter("Retry-After", "Sat, 21 Nov 2026 12:01:30 GMT"))
        .contains(Duration.ofSeconds(90));
    assertThat(retryAfter("Retry-After", "Sat, 21 Nov 2026 11:00:00 GMT")).contains(Duration.ZERO);
    assertThat(retryAfter("retry-after-ms", "1500")).contains(Duration.ofMillis(1500));
  }
}
