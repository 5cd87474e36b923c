package elysia.coordinator.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;

class ScheduleTest {
  private static final Instant LAST = Instant.parse("2026-03-04T05:06:07Z");

  private static Instant next(String schedule, Instant last, int seed) {
    return Schedule.parse(schedule).next(last, seed, ZoneOffset.UTC).orElseThrow();
  }

  @Test
  void intervalsCountFromTheLastPull() {
    assertThat(next("30m", LAST, 0)).isEqualTo(LAST.plus(Duration.ofMinutes(30)));
    assertThat(next(" 45s ", LAST, 0)).isEqualTo(LAST.plusSeconds(45));
    assertThat(next("6h", LAST, 0)).isEqualTo(LAST.plus(Duration.ofHours(6)));
    assertThat(next("1d", LAST, 0)).isEqualTo(LAST.plus(Duration.ofDays(1)));
  }

  @Test
  void cronFieldsAreInTheZone() {
    assertThat(next("*/10 * * * *", LAST, 0)).isEqualTo(Instant.parse("2026-03-04T05:10:00Z"));
    assertThat(Schedule.parse("0 8 * * *").next(LAST, 0, ZoneId.of("Europe/Berlin")))
        .contains(Instant.parse("2026-03-04T07:00:00Z"));
  }

  @Test
  void hourThatSummerTimeSkipsDoesNotStopTheSchedule() {
    Instant before = Instant.parse("2026-03-28T12:00:00Z");
    Instant next = Schedule.parse("30 2 * * *").next(before, 0, ZoneId.of("Europe/Berlin"))
        .orElseThrow();
    assertThat(next).isAfter(before).isBefore(before.plus(Duration.ofDays(2)));
  }

  @Test
  void repositoriesWithOneScheduleAreSpreadButNotFar() {
    for (int seed : new int[]{1, 77, -5, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
      assertThat(next("30m", LAST, seed)).isBetween(LAST.plus(Duration.ofMinutes(30)),
          LAST.plus(Duration.ofMinutes(33)));
      assertThat(next("*/10 * * * *", LAST, seed)).isBetween(
          Instant.parse("2026-03-04T05:10:00Z"), Instant.parse("2026-03-04T05:11:00Z"));
    }
    assertThat(next("30m", LAST, 40_000)).isNotEqualTo(next("30m", LAST, 1));
  }

  /// The jitter of one time must not be taken for the next time.
  @Test
  void pullAtItsJitteredTimeIsFollowedByTheNextOne() {
    Instant first = next("*/10 * * * *", LAST, 65_535);
    assertThat(next("*/10 * * * *", first, 65_535)).isEqualTo(first.plus(Duration.ofMinutes(10)));
  }

  @Test
  void neverCheckedIsDueAtOnce() {
    for (String schedule : List.of("30m", "0 0 1 1 *", "999999d"))
      assertThat(Schedule.parse(schedule).next(Instant.EPOCH, 5, ZoneOffset.UTC)).isPresent();
    assertThat(next("30m", Instant.EPOCH, 9)).isBefore(LAST);
  }

  @Test
  void whatIsNeitherIsRefused() {
    for (String text : List.of("", "1s", "0m", "abc", "* * * *", "61 * * * *", "-5m",
        "1234567890123s", "30 m"))
      assertThatIllegalArgumentException().as(text).isThrownBy(() -> Schedule.parse(text))
          .withMessageContaining("schedule").withMessageContaining("expected");
  }
}
