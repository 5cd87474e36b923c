package elysia.worker.weaviate;

import elysia.core.identity.Printable;
import elysia.core.outcome.Outcome;
import elysia.core.outcome.Retry;
import elysia.core.outcome.Unit;
import elysia.core.rate.RateBudget;
import elysia.core.store.StoreHealth;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/// Calls of one address, whatever they are sent by: a few quick tries each, one circuit breaker for
/// all, and the server's budget. Thread-safe.
final class Calls {
  private final WeaviateSettings settings;
  private final String server;
  private final RandomGenerator random;
  private final CircuitBreaker breaker;
  private final RateBudget budget;
  private final boolean waits;

  /// @param server its name in messages
  /// @param budget of the server, shared with all who call it
  Calls(String server, WeaviateSettings settings, RateBudget budget, InstantSource clock,
      RandomGenerator random) {
    this.settings = settings;
    this.server = server;
    this.random = random;
    this.breaker = new CircuitBreaker(server, settings.breakerFailures(), settings.breakerPause(),
        clock, random);
    this.budget = budget;
    this.waits = true;
  }

  private Calls(Calls same, boolean waits) {
    this.settings = same.settings;
    this.server = same.server;
    this.random = same.random;
    this.breaker = same.breaker;
    this.budget = same.budget;
    this.waits = waits;
  }

  /// The same for requests that do not wait for their turn, also while the server asks for a pause.
  /// They are counted, so that others wait the longer.
  Calls atOnce() {
    return new Calls(this, false);
  }

  /// Waits for the turn of a request, a while; then the caller has to.
  Outcome<Unit> awaitPermit() {
    return switch (budget.acquire(1, 0, settings.longestWait())) {
      case RateBudget.Permit.Granted _ -> Unit.ok();
      case RateBudget.Permit.Wait(var time, var reason) ->
        new Outcome.Busy<>("store_unavailable", reason, time);
    };
  }

  private Outcome<Unit> admitted() {
    if (waits)
      return awaitPermit();
    budget.take(1, 0);
    return Unit.ok();
  }

  /// Sends a request until it has a result, as often as one call may.
  ///
  /// @param repeatable whether it may be sent again when it is unknown what became of it
  /// @param request sends it once, and says so with [#done], [#failed], [#limited] or [#interrupted]
  <T> Outcome<T> run(boolean repeatable, Supplier<RequestResult<T>> request) {
    for (int attempt = 1;; attempt++) {
      if (admitted() instanceof Outcome.Busy<Unit>(_, var reason, var wait))
        return new Outcome.Busy<>("store_unavailable", reason, wait);
      Optional<Duration> open = breaker.ask();
      if (open.isPresent())
        return new Outcome.Busy<>("store_unavailable", breaker.health().text(), open);
      switch (once(request)) {
        case RequestResult.Final<T>(var outcome) -> {
          return outcome;
        }
        case RequestResult.Retryable<T>(var reason, var wait, var maybeSent) -> {
          boolean may = attempt < settings.tries() && (repeatable || !maybeSent);
          if (!may || !waited(attempt, wait))
            return new Outcome.Busy<>("store_unavailable", reason, wait);
        }
      }
    }
  }

  private <T> RequestResult<T> once(Supplier<RequestResult<T>> request) {
    try {
      return request.get();
    } catch (RuntimeException | Error e) {
      breaker.failed("a request could not be made");
      throw e;
    }
  }

  /// The server works and has given its answer.
  <T> RequestResult<T> done(Outcome<T> outcome) {
    breaker.succeeded();
    return new RequestResult.Final<>(outcome);
  }

  /// It does not work, or cannot be reached.
  ///
  /// @param maybeSent whether the server may have done what was asked
  <T> RequestResult<T> failed(String reason, Optional<Duration> asked, boolean maybeSent) {
    breaker.failed(reason);
    return new RequestResult.Retryable<>(server + ": " + reason, asked, maybeSent);
  }

  /// It answered, and asks for a pause.
  <T> RequestResult<T> limited(Optional<Duration> asked, boolean maybeSent) {
    String reason = "rate limit of " + budget.name();
    breaker.succeeded();
    breaker.degraded("last answer: " + reason);
    pause(Retry.delay(settings.retry(), 1, asked, random), reason);
    return new RequestResult.Retryable<>(reason, asked, maybeSent);
  }

  /// All who wait for their turn wait so long.
  void pause(Duration time, String reason) {
    budget.throttled(time, reason);
  }

  /// This thread shall end.
  <T> RequestResult<T> interrupted() {
    Thread.currentThread().interrupt();
    breaker.failed("a request was interrupted");
    return new RequestResult.Final<>(new Outcome.Busy<>("store_unavailable", "interrupted"));
  }

  /// Waits before the next try of a call.
  ///
  /// @param asked what the server asked for
  /// @return false when that is too long for a call, or the thread was interrupted
  boolean waited(int attempt, Optional<Duration> asked) {
    if (asked.filter(time -> time.compareTo(settings.longestWait()) > 0).isPresent())
      return false;
    try {
      Thread.sleep(Retry.delay(settings.retry(), attempt, asked, random));
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /// The server works, but answered that it cannot do what was asked now.
  void degraded(String reason) {
    breaker.degraded(Printable.of(reason));
  }

  /// The server works, but answered that it takes no writes now.
  void unwritable(String reason) {
    breaker.unwritable(Printable.of(reason));
  }

  /// The server took a write.
  void wrote() {
    breaker.wrote();
  }

  StoreHealth health() {
    return breaker.health();
  }
}
