package elysia.coordinator.schedule;

import com.cronutils.model.Cron;
import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import elysia.core.identity.Printable;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A five-field cron expression (`*/10 * * * *`, in the node's time zone) or an interval (`45s`,
/// `30m`, `6h`, `1d`).
///
/// Each repository's time is moved by a jitter that depends on its name only, so that thousands with
/// one schedule do not fire at once: up to a tenth of the interval, up to a minute for cron.
public sealed interface Schedule {
  /// @param every at least 5 seconds
  record Every(Duration every) implements Schedule {
    public Every {
      if (every.compareTo(MIN_INTERVAL) < 0)
        throw new IllegalArgumentException(
            "schedule: " + every + " (expected: at least " + MIN_INTERVAL.toSeconds() + "s)");
    }
  }

  /// @param expression five fields
  record At(String expression, ExecutionTime times) implements Schedule {}

  Duration MIN_INTERVAL = Duration.ofSeconds(5);
  Duration CRON_JITTER = Duration.ofMinutes(1);

  /// @throws IllegalArgumentException when the text is neither, saying what is expected
  static Schedule parse(String text) {
    Matcher interval = Intervals.PATTERN.matcher(text.strip());
    if (interval.matches()) {
      long n = Long.parseLong(interval.group(1));
      return new Every(switch (interval.group(2)) {
        case "s" -> Duration.ofSeconds(n);
        case "m" -> Duration.ofMinutes(n);
        case "h" -> Duration.ofHours(n);
        default -> Duration.ofDays(n);
      });
    }
    try {
      Cron cron = new CronParser(CronDefinitionBuilder.instanceDefinitionFor(CronType.UNIX))
          .parse(text.strip()).validate();
      return new At(cron.asString(), ExecutionTime.forCron(cron));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "schedule: \"" + Printable.of(text)
              + "\" (expected: an interval such as 30m, or five cron fields such as */15 * * * *): "
              + e.getMessage(),
          e);
    }
  }

  /// When to pull next; empty when the expression never comes true again.
  ///
  /// @param last the last pull
  /// @param seed tells repositories apart, usually a hash of the name
  default Optional<Instant> next(Instant last, int seed, ZoneId zone) {
    double share = (seed & 0xffff) / 65536.0;
    return switch (this) {
      case Every(var every) ->
        Optional.of(last.plus(every).plusMillis((long) (every.toMillis() * 0.1 * share)));
      case At(_, var times) -> times.nextExecution(ZonedDateTime.ofInstant(last, zone))
          .map(next -> next.toInstant().plusMillis((long) (CRON_JITTER.toMillis() * share)));
    };
  }

  /// The form of intervals.
  final class Intervals {
    private static final Pattern PATTERN = Pattern.compile("(\\d{1,6})([smhd])");

    private Intervals() {}
  }
}
