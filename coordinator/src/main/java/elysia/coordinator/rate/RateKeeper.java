package elysia.coordinator.rate;

import elysia.core.rate.LocalRateBudget;
import elysia.core.rate.RateBudget.Permit;
import elysia.core.rate.RateLimits;
import elysia.core.wire.Wire;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractMatchingBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/// Keeps the budgets of external services for all nodes: one of it lives in the cluster. What it
/// knows dies with it; its successor begins with full buckets, so that a burst may come twice.
public final class RateKeeper extends AbstractMatchingBehavior<RateKeeper.Command> {
  /// From any node.
  public sealed interface Command extends Wire {}

  /// Its node leaves. Without a message of its own for this the keeper would not hear of it, and
  /// hold up the leave for ten seconds.
  public enum Stop implements Command {
    STOP
  }

  /// A wish to call the service. `requests` and `tokens` are booked when the wait is not longer
  /// than `maxWait`.
  ///
  /// @param limits of the asking node's configuration; the newest holds
  public record Reserve(String service, Limits limits, long requests, long tokens,
      Duration maxWait, ActorRef<Reserved> replyTo) implements Command {}

  /// What was reserved is not used; negative for what was used without having been reserved.
  public record Refund(String service, long requests, long tokens) implements Command {}

  /// The service said that it takes no call for a time.
  public record Throttled(String service, Limits limits, Duration retryAfter,
      String reason) implements Command {}

  /// The service said what it has left.
  public record Observed(String service, Limits limits, Optional<Long> remainingRequests,
      Optional<Long> remainingTokens, Duration reset) implements Command {}

  /// The service takes no call for a time: one node learned it, all are told.
  public record Paused(String service, Duration time, String reason) implements Wire {}

  /// How long to wait before the call; zero for not at all.
  public record Reserved(Duration time, String reason) implements Wire {}

  /// Limits on their way between nodes.
  public record Limits(long requestsPerMinute, long tokensPerMinute, Duration burst,
      Duration longestPause) {
    static Limits of(RateLimits limits) {
      return new Limits(limits.requestsPerMinute(), limits.tokensPerMinute(), limits.burst(),
          limits.longestPause());
    }

    RateLimits limits() {
      return new RateLimits(requestsPerMinute, tokensPerMinute, burst, longestPause);
    }
  }

  private record Kept(Limits limits, LocalRateBudget budget) {}

  private final InstantSource clock;
  private final Map<String, Kept> budgets = new HashMap<>();

  private RateKeeper(ActorContext<Command> context, InstantSource clock) {
    super(context);
    this.clock = clock;
  }

  public static Behavior<Command> create(InstantSource clock) {
    return Behaviors.setup(context -> new RateKeeper(context, clock));
  }

  @Override
  public Behavior<Command> onMessage(Command message) {
    switch (message) {
      case Reserve(var service, var limits, var requests, var tokens, var maxWait, var replyTo) -> {
        Permit.Wait wait = budget(service, limits).reserve(requests, tokens, maxWait);
        replyTo.tell(new Reserved(wait.time(), wait.reason()));
      }
      case Refund(var service, var requests, var tokens) -> {
        Kept kept = budgets.get(service);
        if (kept != null)
          kept.budget().giveBack(requests, tokens);
      }
      case Throttled(var service, var limits, var retryAfter, var reason) ->
        budget(service, limits).throttled(retryAfter, reason);
      case Observed(var service, var limits, var requests, var tokens, var reset) ->
        budget(service, limits).observed(units(requests), units(tokens), reset);
      case Stop.STOP -> {
        return Behaviors.stopped();
      }
    }
    return this;
  }

  private static OptionalLong units(Optional<Long> units) {
    return units.isPresent() ? OptionalLong.of(units.get()) : OptionalLong.empty();
  }

  private LocalRateBudget budget(String service, Limits limits) {
    Kept kept = budgets.get(service);
    if (kept == null || !kept.limits().equals(limits)) {
      kept = new Kept(limits, new LocalRateBudget(service, limits.limits(), clock, _ -> {
        throw new IllegalStateException("the keeper never waits");
      }));
      budgets.put(service, kept);
    }
    return kept.budget();
  }
}
