package elysia.testkit.openai;

import java.util.Map;

/// A fault of the service, for some requests.
///
/// @param kind what goes wrong
/// @param times how many requests; negative for all until healed
/// @param probability the chance that a request is hit, from 0 to 1, drawn from the server's seed
/// @param status of [Kind#STATUS]
/// @param millis of [Kind#SLOW]
/// @param body of [Kind#STATUS] and [Kind#GARBAGE]
/// @param headers of [Kind#STATUS]
public record Fault(Kind kind, int times, double probability, int status, int millis, String body,
    Map<String, String> headers) {

  /// What goes wrong.
  public enum Kind {
    /// An answer with the status, headers and body given.
    STATUS,
    /// The right answer, late.
    SLOW,
    /// No answer; the connection stays open until the server ends.
    HANG,
    /// The connection is reset before an answer.
    RESET,
    /// The connection is reset in the middle of the right answer.
    RESET_IN_ANSWER,
    /// The body given, with status 200.
    GARBAGE,
    /// One vector less than texts.
    FEWER,
    /// One vector more than texts.
    MORE,
    /// All vectors with index 0.
    SAME_INDEX,
    /// Indexes beyond the number of texts.
    INDEX_BEYOND,
    /// No index at all.
    NO_INDEX,
    /// Right indexes, in another order: not a fault of the service.
    SHUFFLED,
    /// Vectors one longer than they should be.
    LONGER_VECTORS,
    /// The first text's vector has NaN in it.
    NAN,
    /// The first text's vector is all zeros.
    ZERO,
    /// An answer without end.
    ENDLESS
  }

  public Fault {
    headers = Map.copyOf(headers);
  }

  public static Fault of(Kind kind, int times) {
    return new Fault(kind, times, 1, 0, 0, "", Map.of());
  }

  public static Fault slow(int times, int millis) {
    return new Fault(Kind.SLOW, times, 1, 0, millis, "", Map.of());
  }

  public static Fault garbage(int times, String body) {
    return new Fault(Kind.GARBAGE, times, 1, 0, 0, body, Map.of());
  }

  public static Fault status(int times, int status, String body, Map<String, String> headers) {
    return new Fault(Kind.STATUS, times, 1, status, 0, body, headers);
  }

  Fault once() {
    return new Fault(kind, times < 0 ? times : times - 1, probability, status, millis, body,
        headers);
  }
}
