package elysia.cli.output;

import elysia.core.identity.Printable;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/// Figures and times as a person reads them, and text from outside made safe.
public final class Text {
  private static final int LONGEST_LINE = 2_000;

  private Text() {}

  /// Text from outside on one line, whole.
  public static String safe(String text) {
    return Printable.escape(text);
  }

  /// A line of a file: tabs stay, all else that could steer a terminal is escaped.
  public static String safeLine(String line) {
    String cut = line.length() > LONGEST_LINE ? line.substring(0, LONGEST_LINE) + "…" : line;
    return java.util.Arrays.stream(cut.split("\t", -1)).map(Printable::escape)
        .collect(Collectors.joining("\t"));
  }

  /// `1,234`.
  public static String number(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }

  /// `1 file`, `2 files`.
  public static String count(long value, String singular) {
    return number(value) + " " + singular + (value == 1 ? "" : "s");
  }

  /// In powers of 1,000.
  public static String bytes(long bytes) {
    if (bytes < 1_000)
      return bytes + " B";
    double value = bytes;
    int unit = -1;
    while (value >= 999.95 && unit < 4) {
      value /= 1_000;
      unit++;
    }
    return String.format(Locale.ROOT, "%.1f %cB", value, "kMGTP".charAt(unit));
  }

  /// `85 ms`, `4.2s`, `1m 20s`, `2h 05m`.
  public static String duration(Duration time) {
    long millis = Math.max(0, time.toMillis());
    if (millis < 1_000)
      return millis + "ms";
    if (millis < 10_000)
      return String.format(Locale.ROOT, "%.1fs", millis / 1_000.0);
    return seconds(Math.round(millis / 1_000.0));
  }

  /// `45s`, `1m 20s`, `2h 05m`, `3d 4h`.
  public static String seconds(long seconds) {
    if (seconds < 60)
      return seconds + "s";
    if (seconds < 3_600)
      return String.format(Locale.ROOT, "%dm %02ds", seconds / 60, seconds % 60);
    if (seconds < 86_400)
      return String.format(Locale.ROOT, "%dh %02dm", seconds / 3_600, seconds % 3_600 / 60);
    return seconds / 86_400 + "d " + seconds % 86_400 / 3_600 + "h";
  }

  /// `3m ago`, `in 12m`, `now`.
  public static String relative(Instant when, Instant now) {
    long seconds = Duration.between(when, now).toSeconds();
    if (Math.abs(seconds) < 5)
      return "now";
    String distance = coarse(Math.abs(seconds));
    return seconds > 0 ? distance + " ago" : "in " + distance;
  }

  private static String coarse(long seconds) {
    if (seconds < 60)
      return seconds + "s";
    if (seconds < 3_600)
      return seconds / 60 + "m";
    if (seconds < 86_400)
      return seconds / 3_600 + "h";
    return seconds / 86_400 + "d";
  }

  public static String percent(double share) {
    return Math.round(share * 100) + "%";
  }

  public static String shortCommit(String commit) {
    return safe(commit.length() > 8 ? commit.substring(0, 8) : commit);
  }

  /// `java 120, xml 8`, the largest first.
  public static String breakdown(Map<String, Long> counts) {
    return counts.entrySet().stream()
        .sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
            .thenComparing(Map.Entry.comparingByKey()))
        .map(entry -> safe(entry.getKey()) + " " + number(entry.getValue()))
        .collect(Collectors.joining(", "));
  }
}
