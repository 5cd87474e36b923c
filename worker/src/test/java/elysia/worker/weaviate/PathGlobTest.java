package elysia.worker.weaviate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import elysia.core.identity.FilePath;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PathGlobTest {
  private static final List<String> PATHS = List.of("A.java", "src/A.java", "src/main/B.java",
      "src/main/deep/C.java", "src/main/c.py", "a-b.txt", "a^b.txt", "x/a.b", "x/ab", "[x].txt",
      "x.txt", "a+b(c)|d.e", "!.x", "a,b", "b", "-", "]");

  @ParameterizedTest
  @ValueSource(strings = {"*.java", "**", "src/**", "src/*", "**/deep/*", "{src,x}/*", "[a-c]*",
      "[!a-c]*", "[a^-]-b.txt", "a[-^]b.txt", "\\[x].txt", "a?b", "*.{java,py}", "a+b(c)|d.e",
      "[-]", "a,b", "{a,b}", "**.b", "src/**/C.java"})
  void aGlobMatchesAsJavasOwn(String glob) {
    PathGlob ours = PathGlob.of(glob);
    var javas = FileSystems.getDefault().getPathMatcher("glob:" + glob);
    for (String path : PATHS) {
      FilePath file = new FilePath(path);
      Path whole = Path.of(glob.contains("/") ? path : file.fileName());
      assertThat(ours.matches(file)).as("%s on %s", glob, path).isEqualTo(javas.matches(whole));
    }
  }

  @ParameterizedTest
  @CsvSource({"*.java,*.java", "src/**/x?.md,src/*/x?.md", "src/[ab]/{c;d}e,src/?/*e",
      "a\\*b,*a*b"})
  void theServerIsGivenWhatItUnderstands(String glob, String like) {
    assertThat(PathGlob.of(glob.replace(';', ',')).like()).contains(like);
  }

  @ParameterizedTest
  @CsvSource({"*.py,\"*.py\"", "caf?.py,\"*caf*.py\"", "src/\u00fc/x.c,\"src/*/x.c\"",
      "a\"b\\\\c,\"*a*b*c\""})
  void theServerIsGivenTheQuotedSpelling(String glob, String like) {
    assertThat(PathGlob.of(glob).like().map(PathGlob::quoted)).contains(like);
  }

  @Test
  void aQuotedPathMatchesByItsName() {
    FilePath path = new FilePath("\"src/caf\\351.py\"");
    for (String glob : List.of("*.py", "caf?.py", "src/*", "**/caf[!a].py"))
      assertThat(PathGlob.of(glob).matches(path)).as(glob).isTrue();
    for (String glob : List.of("*.py\"", "*351*", "\"src/*"))
      assertThat(PathGlob.of(glob).matches(path)).as(glob).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"**", "*", " a/b"})
  void theServerIsGivenNothingThatWouldNotHelp(String glob) {
    assertThat(PathGlob.of(glob).like()).isEmpty();
    assertThat(PathGlob.of(glob).where()).isEmpty();
  }

  @Test
  void textThatIsNoGlobIsRefused() {
    for (String glob : List.of("[a", "{a,b", "a\\", "[z-a]", "{a,{b,c}}", "[!]*", "[]a]",
        "[a/b]"))
      assertThatThrownBy(() -> PathGlob.of(glob)).isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining(glob);
  }
}
