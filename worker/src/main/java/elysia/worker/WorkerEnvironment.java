package elysia.worker;

import elysia.core.rate.RateBudget;
import elysia.core.rate.RateLimits;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;

/// The surroundings of a node's workers.
///
/// @param home folder of the node's own files
/// @param clock wall clock
/// @param monotonic clock for waits, never set
/// @param random thread-safe; spreads waits
/// @param blocking runs what blocks
public record WorkerEnvironment(Path home, InstantSource clock, InstantSource monotonic,
    RandomGenerator random, Budgets budgets, MeterRegistry registry, Executor blocking) {

  /// The node's budgets of the services that it calls.
  @FunctionalInterface
  public interface Budgets {
    /// The budget of a service, shared by all who call it.
    RateBudget of(String service, RateLimits limits);
  }
}
