package elysia.worker.weaviate;

import static org.assertj.core.api.Assertions.assertThat;

import elysia.core.glob.Glob;
import elysia.testkit.glob.GlobContract;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GlobFilterTest implements GlobContract {
  /// What the server lets through and the filter then takes.
  @Override
  public boolean matches(String glob, String path) {
    Glob parsed = Glob.parse(glob);
    return of(glob).like().map(like -> letsThrough(like, path)).orElse(true)
        && parsed.matches(path);
  }

  private static boolean letsThrough(String like, String path) {
    StringBuilder regex = new StringBuilder();
    like.codePoints().forEach(c -> regex.append(
        c == '*' ? ".*" : c == '?' ? "." : Pattern.quote(Character.toString(c))));
    return path.matches("(?s)" + regex);
  }

  private static GlobFilter of(String glob) {
    return GlobFilter.of(Glob.parse(glob));
  }

  @ParameterizedTest
  @CsvSource({"*.java,*.java", "src/**/x?.md,src/*/x?.md", "src/[ab]/{c;d}e,src/?/*e",
      "a\\*b,*a*b"})
  void theServerIsGivenWhatItUnderstands(String glob, String like) {
    assertThat(of(glob.replace(';', ',')).like()).contains(like);
  }

  @ParameterizedTest
  @CsvSource({"*.py,\"*.py\"", "caf?.py,\"*caf*.py\"", "src/\u00fc/x.c,\"src/*/x.c\"",
      "a\"b\\\\c,\"*a*b*c\""})
  void theServerIsGivenTheQuotedSpelling(String glob, String like) {
    assertThat(of(glob).like().map(GlobFilter::quoted)).contains(like);
  }

  @ParameterizedTest
  @ValueSource(strings = {"**", "*", " a/b"})
  void theServerIsGivenNothingThatWouldNotHelp(String glob) {
    assertThat(of(glob).like()).isEmpty();
    assertThat(of(glob).where()).isEmpty();
  }
}
