package elysia.testkit.glob;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The contract of every rendering of a glob: it matches exactly the paths that Java's own
/// matcher matches.
public interface GlobContract {
  List<String> GLOBS = List.of("*.java", "**", "*", "src/**", "src/*", "**/deep/*", "{src,x}/*",
      "[a-c]*", "[!a-c]*", "[a^-]-b.txt", "a[-^]b.txt", "\\[x].txt", "a?b", "*.{java,py}",
      "a+b(c)|d.e", "[-]", "a,b", "{a,b}", "**.b", "src/**/C.java", "*.{java,}", "{,src/}*.java",
      "[+-:]*", "[!-]*", "}", "]", "a\\*b", "a\\?b", "***", "src/[A-Z].java", "?.py", "[ü-ÿ].py",
      "{*.py,src/**}", "\\{a,b\\}", "[a-]", "[[]x].txt", "[&&a]", "a.b$", "(?i)A.java", "src/?*",
      "\\😀.md", "?.md", "[😀].md", "[a\\]", "**e");
  List<String> PATHS = List.of("A.java", "src/A.java", "src/main/B.java", "src/main/deep/C.java",
      "src/main/c.py", "a-b.txt", "a^b.txt", "x/a.b", "x/ab", "[x].txt", "x.txt", "a+b(c)|d.e",
      "!.x", "a,b", "b", "-", "]", "a", "}", "a*b", "a?b", "axb", "ü.py", "{a,b}", "[", "&", "\\",
      "a.b$", "😀.md", "deep/a/b/c/d/e", "src", "+x", ".b");
  List<String> NO_GLOBS = List.of("[a", "{a,b", "a\\", "[z-a]", "{a,{b,c}}", "[!]*", "[]a]",
      "[a/b]", "[", "{", "[!", "[a-c-e]");

  /// Whether the rendering of this glob matches the whole of this path.
  ///
  /// @throws IllegalArgumentException when it is no glob
  boolean matches(String glob, String path);

  @Test
  default void matchesAsJavasOwnMatcherDoes() {
    for (String glob : GLOBS) {
      var javas = FileSystems.getDefault().getPathMatcher("glob:" + glob);
      for (String path : PATHS)
        assertThat(matches(glob, path)).as("%s on %s", glob, path)
            .isEqualTo(javas.matches(Path.of(path)));
    }
  }

  @Test
  default void whatIsNoGlobIsRefused() {
    for (String text : NO_GLOBS)
      assertThatIllegalArgumentException().as(text).isThrownBy(() -> matches(text, "a"))
          .withMessageContaining(text);
  }
}
