package elysia.core.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventFilterTest {
  private static final Event EVENT = new Event("sync:progress", "demo",
      JsonNodeFactory.instance.objectNode(), Instant.EPOCH);

  @Test
  void patternsMatchWholeNamesOrBeginnings() {
    assertThat(EventFilter.all().matches(EVENT)).isTrue();
    assertThat(new EventFilter(List.of("sync:*"), List.of("demo")).matches(EVENT)).isTrue();
    assertThat(new EventFilter(List.of("*"), List.of("x", "d*")).matches(EVENT)).isTrue();
    assertThat(new EventFilter(List.of("sync"), List.of()).matches(EVENT)).isFalse();
    assertThat(new EventFilter(List.of("repo:*"), List.of()).matches(EVENT)).isFalse();
    assertThat(new EventFilter(List.of(), List.of("dem")).matches(EVENT)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "a*b", "*a", "**"})
  void malformedPatternsAreRefused(String pattern) {
    assertThatThrownBy(() -> new EventFilter(List.of(pattern), List.of()))
        .isInstanceOf(IllegalArgumentException.class).hasMessageStartingWith("types: ");
  }
}
