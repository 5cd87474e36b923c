package elysia.worker.weaviate;

import elysia.core.outcome.Backoff;
import elysia.core.store.StoreHealth;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// Leaves a server alone that fails again and again, and lets one request try after a pause.
///
/// Closed: every request passes. Open: none, after `threshold` failures in a row. Half open: the
/// pause is over and one request is on its way; its success closes, its failure opens for
/// longer. Thread-safe.
final class CircuitBreaker {
  /// A writer tries again sooner: what was met longer ago tells nothing of now.
  private static final Duration NEWS = Duration.ofMinutes(2);

  private final String name;
  private final int threshold;
  private final Backoff pauses;
  private final InstantSource clock;
  private final RandomGenerator random;

  private int failures;
  private int openings;
  private boolean probing;
  private Instant openUntil = Instant.MIN;
  private String lastError = "";
  private String unwritable = "";
  private Instant unwritableAt = Instant.MIN;

  CircuitBreaker(String name, int threshold, Backoff pauses, InstantSource clock,
      RandomGenerator random) {
    this.name = name;
    this.threshold = threshold;
    this.pauses = pauses;
    this.clock = clock;
    this.random = random;
  }

  /// Asks to send a request. Who is let through must report with [#succeeded()] or
  /// [#failed(String)].
  ///
  /// @return empty: go ahead; else how long to wait
  synchronized Optional<Duration> ask() {
    if (failures < threshold)
      return Optional.empty();
    Instant now = clock.instant();
    if (now.isBefore(openUntil))
      return Optional.of(Duration.between(now, openUntil));
    if (probing)
      return Optional.of(pauses.first());
    probing = true;
    return Optional.empty();
  }

  synchronized void succeeded() {
    failures = 0;
    openings = 0;
    probing = false;
    lastError = "";
  }

  synchronized void failed(String reason) {
    failures++;
    lastError = reason;
    probing = false;
    if (failures < threshold || clock.instant().isBefore(openUntil))
      return;
    openings++;
    openUntil = clock.instant().plus(pauses.delay(openings, random));
  }

  /// The server answered, but cannot do what was asked now (too many requests): shown, but no
  /// reason to leave it alone.
  synchronized void degraded(String reason) {
    lastError = reason;
  }

  /// It works, but took no write (read-only, out of memory): shown until it does, whatever becomes
  /// of reads meanwhile.
  synchronized void unwritable(String reason) {
    unwritable = reason;
    unwritableAt = clock.instant();
  }

  /// It took a write.
  synchronized void wrote() {
    unwritable = "";
  }

  synchronized StoreHealth health() {
    if (lastError.isEmpty())
      return unwritable.isEmpty() || clock.instant().isAfter(unwritableAt.plus(NEWS))
          ? new StoreHealth(true, name)
          : new StoreHealth(false, name + " takes no writes: " + unwritable);
    String next = failures >= threshold && clock.instant().isBefore(openUntil)
        ? "; next try at " + openUntil.truncatedTo(ChronoUnit.SECONDS)
        : "";
    return new StoreHealth(false, name + ": " + lastError + next);
  }
}
