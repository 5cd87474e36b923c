package elysia.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/// Output that stays as it is: compared with a file of src/test/resources/golden. After a wanted
/// change: `mvn test -pl cli -am -Dgolden.update=true`, then read the difference.
final class Golden {
  private Golden() {}

  static void check(String name, String actual) {
    try {
      if (Boolean.getBoolean("golden.update"))
        Files.writeString(Path.of("src/test/resources/golden", name), actual);
      else
        try (InputStream in = Golden.class.getResourceAsStream("/golden/" + name)) {
          assertThat(in).as("golden file " + name).isNotNull();
          assertThat(actual).isEqualTo(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
