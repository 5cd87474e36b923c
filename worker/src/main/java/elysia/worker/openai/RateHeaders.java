package elysia.worker.openai;

import elysia.core.rate.RateBudget;
import java.net.http.HttpHeaders;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The service's limits as an answer's headers state them: `Retry-After` (RFC 9110, 10.2.3),
/// `retry-after-ms`, and OpenAI's `x-ratelimit-remaining-*` and `x-ratelimit-reset-*`.
final class RateHeaders {
  private static final Pattern NUMBER = Pattern.compile("\\d{1,12}(\\.\\d{1,9})?");
  private static final Pattern PART = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,9})?)(ms|h|m|s|d)");

  private RateHeaders() {}

  /// How long to wait after a 429 or 503: what is asked for, else until the window ends that has
  /// nothing left.
  static Optional<Duration> retryAfter(HttpHeaders headers, Instant now) {
    Optional<Duration> millis = value(headers, "retry-after-ms").filter(RateHeaders::number)
        .map(v -> seconds(Double.parseDouble(v) / 1000));
    if (millis.isPresent())
      return millis;
    Optional<Duration> asked = value(headers, "retry-after").flatMap(v -> retryAfter(v, now));
    if (asked.isPresent())
      return asked;
    Optional<Duration> requests = spent(headers, "requests");
    Optional<Duration> tokens = spent(headers, "tokens");
    if (requests.isEmpty() || tokens.isEmpty())
      return requests.or(() -> tokens);
    return requests.get().compareTo(tokens.get()) > 0 ? requests : tokens;
  }

  private static Optional<Duration> spent(HttpHeaders headers, String unit) {
    OptionalLong left = remaining(headers, unit);
    return left.isPresent() && left.getAsLong() == 0 ? reset(headers, unit) : Optional.empty();
  }

  private static Optional<Duration> retryAfter(String value, Instant now) {
    if (number(value))
      return Optional.of(seconds(Double.parseDouble(value)));
    try {
      Instant at = ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      return Optional.of(at.isAfter(now) ? Duration.between(now, at) : Duration.ZERO);
    } catch (DateTimeException _) {
      return Optional.empty();
    }
  }

  /// Tells the budget what the service has left.
  static void teach(HttpHeaders headers, RateBudget budget) {
    reset(headers, "requests").ifPresent(reset -> budget
        .observed(remaining(headers, "requests"), OptionalLong.empty(), reset));
    reset(headers, "tokens").ifPresent(
        reset -> budget.observed(OptionalLong.empty(), remaining(headers, "tokens"), reset));
  }

  private static OptionalLong remaining(HttpHeaders headers, String unit) {
    Optional<String> value = value(headers, "x-ratelimit-remaining-" + unit)
        .filter(RateHeaders::number);
    return value.isEmpty()
        ? OptionalLong.empty()
        : OptionalLong.of((long) Double.parseDouble(value.get()));
  }

  private static Optional<Duration> reset(HttpHeaders headers, String unit) {
    return value(headers, "x-ratelimit-reset-" + unit).flatMap(RateHeaders::duration);
  }

  /// `6m0s`, `1h2m3.5s`, `17ms`, or plain seconds.
  static Optional<Duration> duration(String value) {
    if (number(value))
      return Optional.of(seconds(Double.parseDouble(value)));
    Duration sum = Duration.ZERO;
    Matcher part = PART.matcher(value);
    int end = 0;
    while (part.find() && part.start() == end) {
      double amount = Double.parseDouble(part.group(1));
      sum = sum.plus(seconds(switch (part.group(2)) {
        case "ms" -> amount / 1000;
        case "m" -> amount * 60;
        case "h" -> amount * 3600;
        case "d" -> amount * 86_400;
        default -> amount;
      }));
      end = part.end();
    }
    return end == 0 || end != value.length() ? Optional.empty() : Optional.of(sum);
  }

  private static Duration seconds(double seconds) {
    return Duration.ofMillis((long) Math.ceil(seconds * 1000));
  }

  private static boolean number(String value) {
    return NUMBER.matcher(value).matches();
  }

  private static Optional<String> value(HttpHeaders headers, String name) {
    return headers.firstValue(name).map(String::strip);
  }
}
