package elysia.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class VersionTest {
  @Test
  void commandPomAndChangelogNameTheSameVersion() throws IOException {
    String pom = first("<version>(.+)</version>", Path.of("..", "pom.xml"));
    String changelog = first("(?m)^## \\[(\\d.*)]", Path.of("..", "CHANGELOG.md"));

    assertThat(new Version().getVersion()).containsExactly("elysiactl " + changelog);
    assertThat(pom).isEqualTo(changelog);
  }

  private static String first(String pattern, Path file) throws IOException {
    Matcher found = Pattern.compile(pattern).matcher(Files.readString(file));
    assertThat(found.find()).as("%s in %s", pattern, file).isTrue();
    return found.group(1);
  }
}
