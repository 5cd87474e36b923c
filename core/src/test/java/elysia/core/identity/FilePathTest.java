package elysia.core.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FilePathTest {
  @Test
  void theTextOfAQuotedPathIsWhatItsBytesSay() {
    assertThat(new FilePath("\"caf\\351 \\377.py\"").text()).isEqualTo("caf\ufffd \ufffd.py");
    assertThat(new FilePath("\"\\303\\274/\\351.c\"").text()).isEqualTo("\u00fc/\ufffd.c");
    assertThat(new FilePath("\"\\\"a\\\\b\"").text()).isEqualTo("\"a\\b");
    assertThat(new FilePath("\"\\342\\202.c\"").text()).as("half a character")
        .isEqualTo("\ufffd\ufffd.c");
    assertThat(new FilePath("\"a\\360\\237\"").text()).as("half a character at the end")
        .isEqualTo("a\ufffd\ufffd");
    assertThat(new FilePath("\"src/caf\\351.py\"").fileName()).isEqualTo("caf\ufffd.py");
  }

  @Test
  void whatIsNotQuotedIsItsOwnText() {
    for (String path : new String[]{"a", "src/a.py", "a\".py\"", "\u00fc/\ud83d\ude00.md",
        "a\\351.py", "\"a", "\"", "\"a\"b\"", "\"\\9\""})
      assertThat(new FilePath(path).text()).isEqualTo(path);
  }

  @Test
  void quotesHideNoUnsafeSegment() {
    for (String path : new String[]{"\"../\\351\"", "\"\\351/..\"", "\".git/hooks/\\351\"",
        "\"\\351/.GIT\"", "\"/\\351\"", "\"\\351/\"", "\"\\351/\\056\\056/a\""})
      assertThat(new FilePath(path).safe()).as(path).isFalse();
    for (String path : new String[]{"\"\\351/..a\"", "\"\\351.git\"", "a/\"../b", "\"..\\351/a\""})
      assertThat(new FilePath(path).safe()).as(path).isTrue();
  }

  @Test
  void anyNameThatIsTextIsItsOwnText() {
    Random random = new Random(7);
    for (int i = 0; i < 20_000; i++) {
      String name = random.ints(1 + random.nextInt(12), 1, 0x3000)
          .filter(c -> c != '"').collect(() -> new StringBuilder("x"),
              StringBuilder::appendCodePoint, StringBuilder::append)
          .toString();
      FilePath path = FilePath.ofBytes(name.getBytes(StandardCharsets.UTF_8));
      assertThat(path.value()).isEqualTo(name);
      assertThat(path.text()).isEqualTo(name);
    }
  }

  @Test
  void anyBytesHaveATextAndStayWhatTheyAre() {
    Random random = new Random(11);
    for (int i = 0; i < 20_000; i++) {
      byte[] bytes = new byte[1 + random.nextInt(12)];
      random.nextBytes(bytes);
      for (int b = 0; b < bytes.length; b++)
        if (bytes[b] == 0)
          bytes[b] = 'x';
      FilePath path = FilePath.ofBytes(bytes);
      assertThat(path.bytes()).isEqualTo(bytes);
      assertThat(path.text().replaceAll("\ufffd+", "\ufffd"))
          .isEqualTo(new String(bytes, StandardCharsets.UTF_8).replaceAll("\ufffd+", "\ufffd"));
    }
  }
}
