package elysia.worker.weaviate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WeaviateSettingsTest {
  @Test
  void theDefaultsAreComplete() {
    WeaviateSettings settings = WeaviateSettings
        .from(ConfigFactory.parseResources("reference.conf"));
    assertThat(settings.apiKey()).isEmpty();
    assertThat(settings.indexType()).isEqualTo(WeaviateSettings.IndexType.FLAT);
    assertThat(settings.keepAlive()).isLessThan(Duration.ofSeconds(10));
  }

  @ParameterizedTest
  @ValueSource(strings = {"weaviate:8080", "ftp://host", "http://user:key@host",
      "http://user:a key@host", "http://"})
  void anAddressThatIsNoneIsRefusedWithoutShowingIt(String url) {
    assertThatThrownBy(() -> TestStores.settings(url, "", Map.of()))
        .isInstanceOf(IllegalArgumentException.class).hasMessageNotContaining("key@");
  }

  @ParameterizedTest
  @ValueSource(strings = {"weaviate:50051", "http://user:key@host:1", "http://host:1/v1",
      "http://host:1?key@", "http://host:1#key@"})
  void aGrpcAddressIsAHostAndAPort(String url) {
    assertThatThrownBy(() -> TestStores.settings("http://h", "", Map.of("grpc-url", url)))
        .hasMessageStartingWith("grpc-url (expected: http://host:port")
        .hasMessageNotContaining("key@");
  }

  @Test
  void aKeyIsNotSentInClearBesideTls() {
    assertThatThrownBy(
        () -> TestStores.settings("https://h", "s3cret", Map.of("grpc-url", "http://h:50051")))
        .hasMessageContaining("in clear").hasMessageNotContaining("s3cret");
    assertThatThrownBy(() -> TestStores.settings("http://h", "s3c\tret", Map.of()))
        .hasMessage("api-key (expected: visible ASCII, without blanks)");
    assertThat(TestStores.settings("https://h", "s3cret",
        Map.of("grpc-url", "https://[::1]:50051/")).grpc()).contains(
            URI.create("https://[::1]:50051"));
  }

  @Test
  void whatIsOutOfRangeIsNamed() {
    assertThatThrownBy(() -> TestStores.settings("http://h", "", Map.of("batch-size", 0)))
        .hasMessage("batch-size: 0 (expected: 1 to 1000)");
    assertThatThrownBy(() -> TestStores.settings("http://h", "", Map.of("index-type", "tree")))
        .hasMessage("index-type: tree (expected: flat or hnsw)");
  }
}
