package elysia.core.rate;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.OptionalLong;

/// A budget within one JVM.
///
/// A caller that has to wait for the configured rate books its cost first and then sleeps, so that
/// nobody who comes later overtakes it, however cheap.
public final class LocalRateBudget implements RateBudget {
  private final String name;
  private final RateLimits limits;
  private final InstantSource clock;
  private final Sleeper sleeper;
  private final Bucket requests;
  private final Bucket tokens;
  private Instant pausedUntil = Instant.MIN;
  private String pauseReason = "";

  public LocalRateBudget(String name, RateLimits limits, InstantSource clock, Sleeper sleeper) {
    this.name = name;
    this.limits = limits;
    this.clock = clock;
    this.sleeper = sleeper;
    Instant now = clock.instant();
    this.requests = new Bucket(limits.requestsPerMinute(), limits.burst(), now);
    this.tokens = new Bucket(limits.tokensPerMinute(), limits.burst(), now);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Permit acquire(long requestCost, long tokenCost, Duration maxWait) {
    Instant deadline = clock.instant().plus(maxWait);
    Permit.Wait first = reserve(requestCost, tokenCost, maxWait);
    if (first.time().isZero())
      return new Permit.Granted();
    if (clock.instant().plus(first.time()).isAfter(deadline))
      return first;
    Permit.Wait rest = first;
    while (true) { // while this thread sleeps, an answer to another may say to wait longer
      try {
        sleeper.sleep(rest.time());
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
        return giveBack(requestCost, tokenCost, rest);
      }
      rest = paused();
      if (rest.time().isZero())
        return new Permit.Granted();
      if (clock.instant().plus(rest.time()).isAfter(deadline))
        return giveBack(requestCost, tokenCost, rest);
    }
  }

  /// The same for a caller that does its waiting itself: how long it has to wait, zero for not at
  /// all. Its cost is booked when that is not longer than `maxWait`.
  public synchronized Permit.Wait reserve(long requestCost, long tokenCost, Duration maxWait) {
    Instant now = clock.instant();
    Permit.Wait wait = paused();
    wait = longer(wait, requests.untilReset(requestCost, now), "rate limit of " + name);
    wait = longer(wait, tokens.untilReset(tokenCost, now), "rate limit of " + name);
    wait = longer(wait, requests.untilAllowed(requestCost, now),
        "own limit of " + limits.requestsPerMinute() + " requests a minute to " + name);
    wait = longer(wait, tokens.untilAllowed(tokenCost, now),
        "own limit of " + limits.tokensPerMinute() + " tokens a minute to " + name);
    if (wait.time().compareTo(maxWait) <= 0) {
      requests.take(requestCost, now);
      tokens.take(tokenCost, now);
    }
    return wait;
  }

  private Permit.Wait giveBack(long requestCost, long tokenCost, Permit.Wait wait) {
    giveBack(requestCost, tokenCost);
    return wait;
  }

  /// What was reserved is not used.
  public synchronized void giveBack(long requestCost, long tokenCost) {
    Instant now = clock.instant();
    requests.take(-requestCost, now);
    tokens.take(-tokenCost, now);
  }

  @Override
  public void take(long requestCost, long tokenCost) {
    giveBack(-requestCost, -tokenCost);
  }

  private synchronized Permit.Wait paused() {
    Instant now = clock.instant();
    return pausedUntil.isAfter(now)
        ? new Permit.Wait(Duration.between(now, pausedUntil), pauseReason)
        : new Permit.Wait(Duration.ZERO, "");
  }

  private static Permit.Wait longer(Permit.Wait wait, Duration time, String reason) {
    return time.compareTo(wait.time()) > 0 ? new Permit.Wait(time, reason) : wait;
  }

  @Override
  public synchronized void throttled(Duration retryAfter, String reason) {
    Instant until = clock.instant().plus(bounded(retryAfter));
    if (until.isAfter(pausedUntil)) {
      pausedUntil = until;
      pauseReason = reason;
    }
  }

  @Override
  public synchronized void observed(OptionalLong remainingRequests, OptionalLong remainingTokens,
      Duration reset) {
    if (!reset.isPositive())
      return;
    Instant end = clock.instant().plus(bounded(reset));
    requests.observed(remainingRequests, end);
    tokens.observed(remainingTokens, end);
  }

  private Duration bounded(Duration time) {
    return time.compareTo(limits.longestPause()) > 0 ? limits.longestPause() : time;
  }
}
