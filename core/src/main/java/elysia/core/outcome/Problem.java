package elysia.core.outcome;

import elysia.core.wire.Wire;

/// Why something was refused, in words for the person who can change it.
///
/// @param code stable, for programs: lower case words joined by `_`
/// @param message what is wrong, `name: value (expected: rule)` where a value is to blame
/// @param hint what to do next; empty when the message says it all
public record Problem(String code, String message, String hint) implements Wire {
  public static Problem of(String code, String message) {
    return new Problem(code, message, "");
  }

  public static Problem of(String code, String message, String hint) {
    return new Problem(code, message, hint);
  }

  /// Message and hint as one sentence for a log line or a terminal.
  public String text() {
    return hint.isEmpty() ? message : message + " — " + hint;
  }
}
