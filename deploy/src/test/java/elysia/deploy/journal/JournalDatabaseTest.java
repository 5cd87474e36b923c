package elysia.deploy.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JournalDatabaseTest {
  private static Config at(String url) {
    return ConfigFactory
        .parseMap(Map.of("elysia.journal.url", url, "elysia.journal.schema", ""));
  }

  @ParameterizedTest
  @ValueSource(strings = {"jdbc:postgresql://user:s3cret@db/x", "jdbc:postgresql://s3cret@db:1/x",
      "postgres://user:s3cret@db/x"})
  void addressWithAPasswordInFrontOfItsHostIsRefusedWithoutShowingIt(String url) {
    assertThatThrownBy(() -> JournalDatabase.from(at(url), Path.of("home")))
        .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("ELYSIACTL_DB_URL")
        .hasMessageNotContaining("s3cret");
  }

  @Test
  void parametersMayHoldWhatTheyLike() {
    JournalDatabase database = JournalDatabase
        .from(at("jdbc:postgresql://db/x?user=me@home&password=p@ss"), Path.of("home"));
    assertThat(database.embedded()).isFalse();
    assertThat(database.url()).contains("user=me@home");
  }
}
