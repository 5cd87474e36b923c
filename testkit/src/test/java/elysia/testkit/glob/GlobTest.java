package elysia.testkit.glob;

import static org.assertj.core.api.Assertions.assertThat;

import elysia.core.glob.Glob;
import elysia.core.identity.FilePath;
import java.util.List;
import org.junit.jupiter.api.Test;

class GlobTest implements GlobContract {
  @Override
  public boolean matches(String glob, String path) {
    return Glob.parse(glob).matches(path);
  }

  @Test
  void withoutASlashItIsHeldAgainstTheFileName() {
    assertThat(Glob.parse("*.py").matches(new FilePath("src/a.py"))).isTrue();
    assertThat(Glob.parse("*/a.py").matches(new FilePath("src/a.py"))).isTrue();
    assertThat(Glob.parse("a/*.py").matches(new FilePath("src/a.py"))).isFalse();
  }

  @Test
  void aQuotedPathMatchesByItsName() {
    FilePath path = new FilePath("\"src/caf\\351.py\"");
    for (String glob : List.of("*.py", "caf?.py", "src/*", "**/caf[!a].py"))
      assertThat(Glob.parse(glob).matches(path)).as(glob).isTrue();
    for (String glob : List.of("*.py\"", "*351*", "\"src/*"))
      assertThat(Glob.parse(glob).matches(path)).as(glob).isFalse();
  }

  @Test
  void anyTextCrossesLineEnds() {
    assertThat(Glob.parse("**.py").matches("a\nb/c.py")).isTrue();
  }
}
