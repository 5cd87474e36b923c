package elysia.core.change;

import static org.assertj.core.api.Assertions.assertThat;

import elysia.core.change.PathRules.Checked;
import elysia.core.identity.FilePath;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PathRulesTest {
  @ParameterizedTest
  @CsvSource(quoteCharacter = '`', value = {"a,a", "src/a.py,src/a.py", "./a,a", "a//b,a/b",
      "a/./b,a/b", ".hidden,.hidden", "a/.b,a/.b", "...,...", "a/..b/c..,a/..b/c..",
      "src\\a.py,src/a.py", ".\\a\\.\\b,a/b", "ünï/ç,ünï/ç", ".gitignore,.gitignore",
      "\"a\\\\b\",a\\b", "\"\\303\\274\",ü", "\"./x\\351\",\"x\\351\"", "./\"q,\"\\\"q\"",
      "ab:c,ab:c"})
  void goodPathHasOneForm(String given, String path) {
    assertThat(PathRules.inRepository(given))
        .isEqualTo(new Checked.Good(new FilePath(path), false));
    assertThat(new FilePath(path).safe()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "./", "/", "/a", "//a", "\\\\host\\share", "C:\\a", "C:/a",
      "c:a",
      "..", "../a", "a/..", "a/../b", "a\\..\\b", "..\\a", ".git", ".git/config", "a/.GIT/b",
      "a\0b", "\"/a\"", "\"../a\"", "\"a\\000b\"", "\"", "\"a", "\"a\"b\"", "\"\\400\"",
      "\"\\056./a\"",
      "\"\""})
  void pathThatLeadsElsewhereOrNowhereIsRefused(String given) {
    assertThat(PathRules.inRepository(given)).isInstanceOf(Checked.Refused.class);
  }

  @Test
  void slashAtTheEndMeansAFolder() {
    assertThat(PathRules.inRepository("a/b//"))
        .isEqualTo(new Checked.Good(new FilePath("a/b"), true));
    assertThat(PathRules.inRepository("a\\")).isEqualTo(new Checked.Good(new FilePath("a"), true));
    assertThat(PathRules.asWritten("a/")).isEqualTo(new Checked.Good(new FilePath("a"), true));
    assertThat(PathRules.asWritten("/")).isEqualTo(new Checked.Good(new FilePath("/"), false));
  }

  @Test
  void pathIsNoLongerThanASystemAllows() {
    assertThat(PathRules.inRepository("ü".repeat(2048))).isInstanceOf(Checked.Good.class);
    assertThat(PathRules.inRepository("ü".repeat(2049))).isInstanceOf(Checked.Refused.class);
    assertThat(PathRules.asWritten("x".repeat(4097))).isInstanceOf(Checked.Refused.class);
  }

  @Test
  void messageShowsNoControlCharacters() {
    assertThat(PathRules.inRepository("../\u001b[31m"))
        .isInstanceOfSatisfying(Checked.Refused.class,
            refused -> assertThat(refused.wrong()).isEqualTo("\"../\\u001b[31m\" contains .."));
  }
}
