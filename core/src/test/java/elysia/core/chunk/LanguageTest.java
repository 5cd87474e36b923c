package elysia.core.chunk;

import static org.assertj.core.api.Assertions.assertThat;

import elysia.core.identity.FilePath;
import org.junit.jupiter.api.Test;

class LanguageTest {
  @Test
  void nameAndExtensionTellTheLanguage() {
    assertThat(of("src/Main.java")).isEqualTo("java");
    assertThat(of("Dockerfile")).isEqualTo("dockerfile");
    assertThat(of("docker/Dockerfile.dev")).isEqualTo("dockerfile");
    assertThat(of("Makefile")).isEqualTo("make");
    assertThat(of("lib/a.min.JS")).isEqualTo("javascript");
    assertThat(of(".gitignore")).isEqualTo("gitignore");
    assertThat(of("a.d.ts")).isEqualTo("typescript");
    assertThat(of("docs/README.md")).isEqualTo("markdown");
    assertThat(of("a.unheard-of")).isEqualTo("text");
    assertThat(of("a.b/none")).isEqualTo("text");
  }

  @Test
  void aNameThatIsNoTextHasTheLanguageOfItsEnding() {
    assertThat(of("\"caf\\351 \\377.py\"")).isEqualTo("python");
    assertThat(of("\"\\351/Makefile\"")).isEqualTo("make");
    assertThat(of("\"\\351.d.ts\"")).isEqualTo("typescript");
    assertThat(of("a.py\"")).isEqualTo("text");
  }

  private static String of(String path) {
    return Language.of(new FilePath(path));
  }
}
