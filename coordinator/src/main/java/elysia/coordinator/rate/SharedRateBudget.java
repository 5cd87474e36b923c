package elysia.coordinator.rate;

import elysia.core.rate.LocalRateBudget;
import elysia.core.rate.RateBudget;
import elysia.core.rate.RateLimits;
import elysia.core.rate.Sleeper;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/// A budget that all nodes of the cluster share: each call is asked for at the cluster's one
/// [RateKeeper], unless nothing is limited, by configuration or by what the service said it has
/// left: then a node only waits for the pauses of which all nodes are told. While that does not
/// answer (its node was lost, or this one is cut off) the node keeps to its own part: the configured
/// rate divided by the number of nodes.
public final class SharedRateBudget implements RateBudget {
  /// How long a node goes by its own part after the keeper did not answer.
  private static final Duration ALONE = Duration.ofSeconds(5);
  /// A pause is news when it ends later by this part of its length.
  private static final int NEWS = 10;

  /// The way to the cluster's keeper.
  public interface Keeper {
    /// Asks, and blocks for a short while at most.
    ///
    /// @return empty when there was no answer
    Optional<RateKeeper.Reserved> reserve(String service, RateKeeper.Limits limits, long requests,
        long tokens, Duration maxWait);

    void tell(RateKeeper.Command command);

    /// Tells all nodes, this one included.
    void announce(RateKeeper.Paused pause);

    /// Nodes that are there, this one included.
    int nodes();
  }

  private final String name;
  private final RateLimits limits;
  private final RateKeeper.Limits sent;
  private final InstantSource clock;
  private final Sleeper sleeper;
  private volatile @Nullable Keeper keeper;
  /// Whether calls have to be counted.
  private volatile boolean counted;
  private volatile Instant aloneUntil = Instant.MIN;
  private LocalRateBudget own;
  private int parts = 1;
  private Instant pausedUntil = Instant.MIN;
  private String pauseReason = "";

  public SharedRateBudget(String name, RateLimits limits, InstantSource clock, Sleeper sleeper) {
    this.name = name;
    this.limits = limits;
    this.sent = RateKeeper.Limits.of(limits);
    this.clock = clock;
    this.sleeper = sleeper;
    this.counted = !limits.unlimited();
    this.own = new LocalRateBudget(name, limits, clock, sleeper);
  }

  /// From now on the budget is that of the cluster.
  public void share(Keeper with) {
    keeper = with;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Permit acquire(long requests, long tokens, Duration maxWait) {
    Keeper asked = keeper;
    if (!counted)
      return own(null).acquire(requests, tokens, maxWait);
    if (asked == null || clock.instant().isBefore(aloneUntil))
      return own(asked).acquire(requests, tokens, maxWait);
    Instant deadline = clock.instant().plus(maxWait);
    Optional<RateKeeper.Reserved> answer = reserve(asked, requests, tokens, maxWait);
    if (answer.isEmpty())
      return own(asked).acquire(requests, tokens, remaining(deadline));
    Permit.Wait wait = new Permit.Wait(answer.get().time(), answer.get().reason());
    if (wait.time().compareTo(maxWait) > 0)
      return wait;
    while (!wait.time().isZero()) { // meanwhile an answer to another may say to wait longer
      try {
        sleeper.sleep(wait.time());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        asked.tell(new RateKeeper.Refund(name, requests, tokens));
        return wait;
      }
      wait = reserve(asked, 0, 0, Duration.ZERO)
          .map(r -> new Permit.Wait(r.time(), r.reason())).orElse(paused());
      if (clock.instant().plus(wait.time()).isAfter(deadline) && !wait.time().isZero()) {
        asked.tell(new RateKeeper.Refund(name, requests, tokens));
        return wait;
      }
    }
    return new Permit.Granted();
  }

  @Override
  public void take(long requests, long tokens) {
    Keeper told = keeper;
    if (!counted)
      return;
    if (told == null || clock.instant().isBefore(aloneUntil))
      own(told).take(requests, tokens);
    else
      told.tell(new RateKeeper.Refund(name, -requests, -tokens));
  }

  private Duration remaining(Instant deadline) {
    Duration left = Duration.between(clock.instant(), deadline);
    return left.isNegative() ? Duration.ZERO : left;
  }

  private Optional<RateKeeper.Reserved> reserve(Keeper asked, long requests, long tokens,
      Duration maxWait) {
    Optional<RateKeeper.Reserved> answer;
    try {
      answer = asked.reserve(name, sent, requests, tokens, maxWait);
    } catch (CompletionException e) {
      answer = Optional.empty();
    }
    if (answer.isEmpty())
      aloneUntil = clock.instant().plus(ALONE);
    return answer;
  }

  /// This node's own part, for as long as the keeper does not answer; what the service said last
  /// holds for it as well.
  private synchronized LocalRateBudget own(@Nullable Keeper asked) {
    int now = asked == null ? 1 : Math.max(1, asked.nodes());
    if (now != parts) {
      parts = now;
      own = new LocalRateBudget(name, new RateLimits(part(limits.requestsPerMinute(), now),
          part(limits.tokensPerMinute(), now), limits.burst(), limits.longestPause()), clock,
          sleeper);
      Permit.Wait pause = paused();
      if (!pause.time().isZero())
        own.throttled(pause.time(), pause.reason());
    }
    return own;
  }

  private static long part(long rate, int nodes) {
    return rate == 0 ? 0 : Math.max(1, rate / nodes);
  }

  private synchronized Permit.Wait paused() {
    Instant now = clock.instant();
    return pausedUntil.isAfter(now)
        ? new Permit.Wait(Duration.between(now, pausedUntil), pauseReason)
        : new Permit.Wait(Duration.ZERO, "");
  }

  @Override
  public void throttled(Duration retryAfter, String reason) {
    boolean news = pause(retryAfter, reason);
    Keeper told = keeper;
    if (told == null)
      return;
    told.tell(new RateKeeper.Throttled(name, sent, retryAfter, reason));
    if (news)
      told.announce(new RateKeeper.Paused(name, retryAfter, reason));
  }

  /// Another node learned it.
  void heard(RateKeeper.Paused pause) {
    pause(pause.time(), pause.reason());
  }

  /// @return whether that is worth a message to all: many calls meet the same limit at once
  private synchronized boolean pause(Duration time, String reason) {
    Duration bounded = time.compareTo(limits.longestPause()) > 0 ? limits.longestPause() : time;
    Instant until = clock.instant().plus(bounded);
    boolean news = until.isAfter(pausedUntil.plus(bounded.dividedBy(NEWS)));
    if (until.isAfter(pausedUntil)) {
      pausedUntil = until;
      pauseReason = reason;
    }
    own.throttled(bounded, reason);
    return news;
  }

  @Override
  public void observed(OptionalLong remainingRequests, OptionalLong remainingTokens,
      Duration reset) {
    counted = true;
    Keeper told = keeper;
    if (told == null)
      own.observed(remainingRequests, remainingTokens, reset);
    else
      told.tell(new RateKeeper.Observed(name, sent, units(remainingRequests),
          units(remainingTokens), reset));
  }

  private static Optional<Long> units(OptionalLong units) {
    return units.isPresent() ? Optional.of(units.getAsLong()) : Optional.empty();
  }
}
