package elysia.cli.token;

import elysia.cli.process.Failure;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// When a token ends, as a person says it.
final class Expiry {
  private static final Pattern SPAN = Pattern.compile("([1-9][0-9]{0,5})([mhdw])");
  private static final int WEEK = 7;

  private Expiry() {}

  static Instant parse(String text, Instant now) {
    Matcher span = SPAN.matcher(text.strip().toLowerCase(Locale.ROOT));
    if (span.matches()) {
      long count = Long.parseLong(span.group(1));
      return now.plus(switch (span.group(2)) {
        case "m" -> Duration.ofMinutes(count);
        case "h" -> Duration.ofHours(count);
        case "d" -> Duration.ofDays(count);
        default -> Duration.ofDays(WEEK * count);
      });
    }
    try {
      return OffsetDateTime.parse(text.strip()).toInstant();
    } catch (DateTimeException e) {
      throw Failure.usage("--expires: \"" + text
          + "\" (expected: 30m, 12h, 90d, 52w, or a time such as 2027-01-31T00:00:00Z)", "");
    }
  }
}
