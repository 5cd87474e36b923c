package elysia.bench;

import java.util.Locale;
import java.util.Optional;

/// One figure of a benchmark.
///
/// @param limit what the same work costs without this program, in the same run
/// @param goal what is to be reached
/// @param note circumstances, for a person
public record Figure(String benchmark, String what, double value, String unit,
    Optional<Limit> limit, Optional<Goal> goal, String note) {
  /// @param what was measured
  public record Limit(String what, double value) {}

  /// @param text for a person
  public record Goal(String text, boolean reached) {}

  /// A figure without limit and goal.
  public static Figure of(String benchmark, String what, double value, String unit) {
    return new Figure(benchmark, what, value, unit, Optional.empty(), Optional.empty(), "");
  }

  public Figure beside(String limitName, double limitValue) {
    return new Figure(benchmark, what, value, unit, Optional.of(new Limit(limitName, limitValue)),
        goal, note);
  }

  /// To be no more.
  public Figure atMost(double most) {
    return goal("<= " + number(most), value <= most);
  }

  /// To be no less.
  public Figure atLeast(double least) {
    return goal(">= " + number(least), value >= least);
  }

  /// To be at least this share of the limit.
  public Figure atLeastOfLimit(double share) {
    double most = limit.map(Limit::value).orElse(0.0);
    return goal(">= " + number(share) + " of the limit", value >= share * most);
  }

  private Figure goal(String text, boolean reached) {
    return new Figure(benchmark, what, value, unit, limit, Optional.of(new Goal(text, reached)),
        note);
  }

  public Figure noting(String text) {
    return new Figure(benchmark, what, value, unit, limit, goal, text);
  }

  /// Three digits that count.
  public static String number(double value) {
    double size = Math.abs(value);
    if (size >= 100 || value == Math.rint(value))
      return String.format(Locale.ROOT, "%,.0f", value);
    return String.format(Locale.ROOT, size >= 10 ? "%.1f" : size >= 1 ? "%.2f" : "%.3f", value);
  }
}
