package elysia.http.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpSettingsTest {
  @Test
  void referenceAloneGivesTheDefaults() {
    HttpSettings settings = HttpSettings
        .from(ConfigFactory.defaultReference());
    assertThat(settings.bindAddress()).isEqualTo("127.0.0.1");
    assertThat(settings.port()).isEqualTo(3030);
    assertThat(settings.requestTimeout()).isEqualTo(Duration.ofSeconds(30));
    assertThat(settings.guard().requestsPerSecond()).isEqualTo(200);
    assertThat(settings.tls()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"port = 65536", "port = -1", "interface = \"\"", "request-timeout = 0s",
      "request-timeout = 1h", "idle-timeout = 10s", "max-body-size = 0", "drain-time = -1s",
      "rate-limit.requests-per-second = -1", "rate-limit.burst = 0", "websocket.buffer = 0",
      "tls.certificate = a.pem", "tls { certificate = a, key = b, keystore = c }",
      "tls { keystore = c, reload-interval = 0s }"})
  void unusableSettingsAreRefusedWithWhatIsExpected(String setting) {
    assertThatThrownBy(
        () -> HttpSettings.from(ConfigFactory.parseString("elysia.http { " + setting + " }")
            .withFallback(ConfigFactory.defaultReference())))
        .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("(expected: ");
  }
}
