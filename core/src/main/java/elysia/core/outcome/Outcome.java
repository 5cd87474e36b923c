package elysia.core.outcome;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;

/// The outcome of a call to something that may be down, busy or unwilling.
///
/// Adapters decide which case it is, by type or status code; callers never look into texts. Never
/// serialized: generic records lose their type on the wire.
///
/// @param <T> the value of a success
public sealed interface Outcome<T> {
  /// It worked.
  record Ok<T>(T value) implements Outcome<T> {}

  /// It did not work now and may work later: the outcome of a write is then *unknown*.
  ///
  /// @param code stable, for programs and metrics: lower case words joined by `_`, such as
  ///          `store_unavailable`
  /// @param reason in words, for the status
  /// @param retryAfter what the other side asked for; empty when it said nothing
  record Busy<T>(String code, String reason, Optional<Duration> retryAfter) implements Outcome<T> {
    public Busy(String code, String reason) {
      this(code, reason, Optional.empty());
    }

    public Busy(String code, String reason, Duration retryAfter) {
      this(code, reason, Optional.of(retryAfter));
    }

    /// The code and the reason as a problem, where somebody waits for it to pass.
    public Problem problem() {
      return Problem.of(code, reason);
    }
  }

  /// It will not work until somebody changes something.
  record Refused<T>(Problem problem) implements Outcome<T> {}

  static <T> Outcome<T> ok(T value) {
    return new Ok<>(value);
  }

  static <T> Outcome<T> refused(String code, String message) {
    return new Refused<>(Problem.of(code, message));
  }

  static <T> Outcome<T> refused(String code, String message, String hint) {
    return new Refused<>(Problem.of(code, message, hint));
  }

  default <R> Outcome<R> map(Function<? super T, ? extends R> f) {
    return flatMap(value -> new Ok<>(f.apply(value)));
  }

  default <R> Outcome<R> flatMap(Function<? super T, Outcome<R>> f) {
    return switch (this) {
      case Ok<T>(var value) -> f.apply(value);
      case Busy<T>(var code, var reason, var retryAfter) -> new Busy<>(code, reason, retryAfter);
      case Refused<T>(var problem) -> new Refused<>(problem);
    };
  }

  /// The value of a success; anything else is a bug or a test that failed, and is thrown with
  /// its reason.
  default T orElseThrow() {
    return switch (this) {
      case Ok<T>(var value) -> value;
      case Busy<T>(_, var reason, _) -> throw new IllegalStateException(reason);
      case Refused<T>(var problem) -> throw new IllegalStateException(problem.text());
    };
  }
}
