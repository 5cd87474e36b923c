package elysia.core.repository;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GlobsTest {
  @ParameterizedTest
  @ValueSource(strings = {"", " ", "[", "{a", "a\0b"})
  void whatIsNoGlobIsRefusedWithTheNameOfItsSetting(String glob) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Globs.compile("include_pattern", List.of(glob)))
        .withMessageStartingWith("include_pattern: ").withMessageContaining("expected: a glob");
  }

  @Test
  void commasInsideBracesDoNotSplit() {
    assertThat(Globs.split("*.{js,ts}, docs/ ,")).containsExactly("*.{js,ts}", "docs/");
  }
}
