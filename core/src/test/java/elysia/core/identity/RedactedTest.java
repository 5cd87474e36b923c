package elysia.core.identity;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RedactedTest {
  @ParameterizedTest
  @CsvSource({"https://user:s3cret@example.org/x,https://***@example.org/x",
      "https://s3cret@example.org,https://***@example.org",
      "https://user:s3/cret@example.org:1/x,https://***@example.org:1/x",
      "https://user:s3cret@home@example.org/x,https://***@example.org/x",
      "https://user:s3cret of mine@example.org/x,https://***@example.org/x",
      "user:s3cret@example.org,***@example.org", "//s3cret@example.org,//***@example.org",
      "jdbc:postgresql://user:s3cret@db/x?password=s3cret,jdbc:postgresql://***@db/x?***",
      "https://example.org/x?token=s3cret,https://example.org/x?***"})
  void secretsOfAnAddressAreLeftOut(String address, String shown) {
    assertThat(Redacted.address(address)).isEqualTo(shown);
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://127.0.0.1:3030", "git@example.org:a/b.git", "/home/a@b/c:d@e",
      "./x", "alias:b.git", "C:\\x", ""})
  void whatHoldsNoSecretIsWhole(String address) {
    assertThat(Redacted.address(address)).isEqualTo(address);
  }

  @Test
  void addressesInATextLoseTheirSecretsAndTheRestStays() {
    assertThat(Redacted.text("Unmatched argument at index 1: 'https://u:s3cret@host/x', 'u:s3@h'"))
        .isEqualTo("Unmatched argument at index 1: 'https://***@host/x', '***@h'");
    assertThat(Redacted.text("bad: https://u:s3/cret@host/x")).isEqualTo("bad: https://***@host/x");
    String harmless = "mail me@example.org: see http://host:1/a@b and http://h/c@d and git@host:b at 12:30 @home";
    assertThat(Redacted.text(harmless)).isEqualTo(harmless);
  }
}
