package elysia.core.repository;

import static org.assertj.core.api.Assertions.assertThat;

import elysia.core.chunk.SkipReason;
import elysia.core.identity.FilePath;
import java.util.List;
import org.junit.jupiter.api.Test;

class IndexingRulesTest {
  private static final FilePath QUOTED = new FilePath("\"src/caf\\351 \\377.py\"");

  @Test
  void patternsLookAtANameThatIsNoTextWithoutItsQuotes() {
    for (String glob : List.of("*.py", "src/*.py", "src/", "caf? ?.py", "src/caf*"))
      assertThat(chosen(glob, QUOTED)).as(glob).isTrue();
    for (String glob : List.of("*.py\"", "\"*", "caf?.py", "*351*", "*.p"))
      assertThat(chosen(glob, QUOTED)).as(glob).isFalse();
  }

  @Test
  void patternsLookAtNamesThatAreTextAsTheyAre() {
    assertThat(chosen("*.py\"", new FilePath("a.py\""))).isTrue();
    assertThat(chosen("*.py", new FilePath("a.py\""))).isFalse();
    assertThat(chosen("?.py", new FilePath("\u00fc.py"))).isTrue();
    assertThat(chosen("src/*.py", new FilePath("src/a.py"))).isTrue();
  }

  /// Whether the pattern takes the file in, and as an exclude pattern leaves it out.
  private static boolean chosen(String glob, FilePath path) {
    boolean in = skips(List.of(glob), List.of(), path);
    boolean out = skips(List.of(), List.of(glob), path);
    assertThat(out).as(glob).isNotEqualTo(in);
    return !in;
  }

  private static boolean skips(List<String> include, List<String> exclude, FilePath path) {
    return new IndexingRules(include, exclude, 1_000).matcher().skip(path, 1)
        .filter(SkipReason.PATTERN::equals).isPresent();
  }
}
