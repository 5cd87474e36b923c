package elysia.coordinator.repository;

import elysia.coordinator.schedule.Schedule;
import elysia.core.outcome.Retry;
import elysia.core.repository.RepositorySettings;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// The times before which a repository's actor starts nothing: its schedule, the wait after a
/// failure, and the writes of lost workers. Used by the actor's thread only.
final class Timing {
  /// A clock may be set: what it then says to be due is noticed within this time.
  private static final Duration LONGEST_SLEEP = Duration.ofMinutes(10);
  /// Nodes' clocks differ by less; what was written down later than that was by a clock that has
  /// been set back since.
  private static final Duration SKEW = Duration.ofMinutes(1);
  /// The longest wait between tries, also when a service asked for more.
  private static final Duration LONGEST_HOLD = Duration.ofHours(1);
  /// The node that wrote down a possible write had a clock that is no further off.
  private static final Duration FOREIGN = Duration.ofDays(1);

  private final RepositoryRuntime runtime;
  private final int seed;
  private final Deadline nextTry;
  /// By the monotonic clock.
  private Optional<Instant> writesPossibleUntil = Optional.empty();
  private Instant notBefore = Instant.EPOCH;

  /// @param seed tells repositories apart
  Timing(RepositoryRuntime runtime, int seed) {
    this.runtime = runtime;
    this.seed = seed;
    Duration longest = runtime.settings().retry().max();
    this.nextTry = new Deadline(longest.compareTo(LONGEST_HOLD) > 0 ? longest : LONGEST_HOLD);
  }

  private Instant now() {
    return runtime.clock().instant();
  }

  /// Deliveries of the last incarnation may still be written by a lost node for a while.
  void recovered(RepositoryState state) {
    boolean lost = state.sync().isPresent() || state.lastResult()
        .filter(last -> last.result().equals("abandoned")).isPresent();
    if (lost || state.indexed().writesPossibleUntil().filter(t -> t.plus(FOREIGN).isAfter(now()))
        .isPresent())
      writesPossibleUntil = Optional.of(runtime.monotonic().instant().plus(runtime.fence()));
    notBefore = now().plusMillis(
        (long) (runtime.random().nextDouble() * runtime.settings().restartSpread().toMillis()));
  }

  /// @param until by the monotonic clock
  void writesPossible(Optional<Instant> until) {
    if (until.isPresent()
        && (writesPossibleUntil.isEmpty() || writesPossibleUntil.get().isBefore(until.get())))
      writesPossibleUntil = until;
  }

  /// By the monotonic clock.
  Optional<Instant> writesPossibleUntil() {
    return writesPossibleUntil;
  }

  /// Until when a lost worker may still write, by the wall clock.
  Optional<Instant> fenced() {
    return fenced(writesPossibleUntil);
  }

  /// The same of a time by the monotonic clock; empty where only this node writes.
  Optional<Instant> fenced(Optional<Instant> until) {
    return runtime.store().shared()
        ? until.map(t -> Duration.between(runtime.monotonic().instant(), t))
            .filter(Duration::isPositive).map(now()::plus)
        : Optional.empty();
  }

  /// When the schedule says to pull.
  Optional<Instant> scheduled(RepositoryState state) {
    Optional<Instant> scheduled = state.settings().flatMap(RepositorySettings::schedule)
        .flatMap(s -> Schedule.parse(s).next(
            state.lastCheck().at().filter(t -> !t.isAfter(now().plus(SKEW)))
                .orElse(Instant.EPOCH),
            seed, runtime.zone()));
    boolean spread = !notBefore.isAfter(now().plus(runtime.settings().restartSpread()));
    return scheduled.map(t -> spread && t.isBefore(notBefore) ? notBefore : t);
  }

  Decision.Conditions conditions(RepositoryState state, Optional<Slots.Kind> slot) {
    return new Decision.Conditions(
        state.lastError().flatMap(RepositoryState.LastError::nextTry)
            .flatMap(t -> nextTry.ahead(t, now())),
        scheduled(state), fenced(), slot);
  }

  Ending.Tries tries() {
    return new Ending.Tries(now(), this::delay);
  }

  Duration delay(int attempt, Optional<Duration> retryAfter) {
    return Retry.delay(runtime.settings().retry(), attempt, retryAfter, runtime.random());
  }

  /// How long to sleep before looking again, for what is due then.
  Duration until(Instant at) {
    Duration delay = Duration.between(now(), at).plusMillis(5);
    return delay.isNegative()
        ? Duration.ZERO
        : delay.compareTo(LONGEST_SLEEP) > 0 ? LONGEST_SLEEP : delay;
  }
}
