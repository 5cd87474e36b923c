package elysia.coordinator.repository;

import elysia.coordinator.dispatch.Dispatcher;
import elysia.coordinator.schedule.Schedule;
import elysia.coordinator.sync.SyncPlan;
import elysia.core.identity.RepositoryName;
import elysia.core.outcome.Outcome;
import elysia.core.repository.LogEntry;
import elysia.core.repository.RepositorySettings;
import elysia.core.repository.RepositoryStatus;
import elysia.core.source.Pulled;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What one incarnation of a repository's actor is doing: its activity, its timers, its slots, the
/// batches that are out. Used by the actor's thread only; persists nothing.
final class RepositoryWork implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RepositoryWork.class);
  private static final String WAKE = "wake";
  /// A clock may be set: what it then says to be due is noticed within this time.
  private static final Duration LONGEST_SLEEP = Duration.ofMinutes(10);
  /// Nodes' clocks differ by less; what was written down later than that was by a clock that has
  /// been set back since.
  private static final Duration SKEW = Duration.ofMinutes(1);
  /// The longest wait between tries, also when a service asked for more.
  private static final Duration LONGEST_HOLD = Duration.ofHours(1);
  /// Whoever wrote down a late write had a clock that is no further off.
  private static final Duration FOREIGN = Duration.ofDays(1);

  private final TimerScheduler<RepositoryCommand> timers;
  private final RepositoryName name;
  private final RepositoryRuntime runtime;
  private final LongSupplier lastSequence;
  private final SyncPreparation preparation;
  private final Background background;
  private final SyncDelivery delivery;
  private final VerifyRounds verify;
  private final Place place;

  private Activity activity = Activity.IDLE;
  private int stamp;
  private @Nullable Pulled pulled;
  private Optional<Boolean> request = Optional.empty();
  private boolean retryNow;
  private int removals;
  /// Until when a lost worker may still write, by the monotonic clock.
  private Optional<Instant> fence = Optional.empty();
  private Instant notBefore = Instant.EPOCH;
  private final Deadline nextTry;

  RepositoryWork(ActorContext<RepositoryCommand> context, TimerScheduler<RepositoryCommand> timers,
      String name, RepositoryRuntime runtime, LongSupplier lastSequence) {
    this.timers = timers;
    this.name = new RepositoryName(name);
    this.runtime = runtime;
    this.lastSequence = lastSequence;
    this.preparation = new SyncPreparation(runtime.source(), runtime.store(), runtime.chunker(),
        runtime.settings().expectedChunksPerSecond());
    this.background = new Background(context, name, runtime);
    this.delivery = new SyncDelivery(context, timers, this.name, runtime, background);
    this.verify = new VerifyRounds(runtime, background);
    this.place = new Place(runtime.slots(), context.getSelf());
    Duration longest = runtime.settings().retry().max();
    this.nextTry = new Deadline(longest.compareTo(LONGEST_HOLD) > 0 ? longest : LONGEST_HOLD);
  }

  private Instant now() {
    return runtime.clock().instant();
  }

  /// Takes up what the last incarnation left; its deliveries may still be written by a lost node
  /// for a while.
  void recovered(RepositoryState state) {
    reset();
    boolean lost = state.sync().isPresent() || state.lastResult()
        .filter(last -> last.result().equals("abandoned")).isPresent();
    if (lost || state.lastWrite().filter(t -> t.plus(FOREIGN).isAfter(now())).isPresent())
      fence = Optional.of(runtime.monotonic().instant().plus(runtime.fence()));
    notBefore = now().plusMillis(
        (long) (runtime.random().nextDouble() * runtime.settings().restartSpread().toMillis()));
    if (state.settings().isPresent())
      publish(state, Optional.empty());
    drive(state);
  }

  /// The actor starts anew after its journal failed: what it thought it was doing may not be what
  /// the journal says.
  private void reset() {
    delivery.withdraw();
    idle();
    verify.reset();
    request = Optional.empty();
    retryNow = false;
    timers.cancelAll();
    place.reset();
  }

  /// An event was persisted: tell the world, then go on.
  void happened(RepositoryEvent event, RepositoryState after) {
    runtime.listener().happened(name.value(), event, after);
    if (activity == Activity.PULLING || activity == Activity.PREPARING || pulled != null)
      remember(event);
    drive(after);
    if (after.settings().isPresent())
      publish(after, History.line(lastSequence.getAsLong(), event, after));
  }

  private void remember(RepositoryEvent event) {
    boolean asks = event instanceof RepositoryEvent.SyncRequested
        || event instanceof RepositoryEvent.SettingsChanged
        || event instanceof RepositoryEvent.FilesSuspected;
    boolean full = event instanceof RepositoryEvent.SyncRequested(var everything, _)
        && everything;
    if (asks)
      request = Optional.of(full || request.orElse(false));
  }

  /// Whether another sync was asked for since the pull began, and whether a full one.
  Optional<Boolean> takeRequest() {
    Optional<Boolean> taken = request;
    request = Optional.empty();
    return taken;
  }

  private void publish(RepositoryState state, Optional<LogEntry> entry) {
    runtime.listener().changed(name.value(), lastSequence.getAsLong(), status(state), entry);
  }

  RepositoryStatus status(RepositoryState state) {
    Optional<Instant> fenced = fenced();
    return StatusOf.of(name, state,
        new StatusOf.Now(activity, place.waitedFor(), delivery.waiting(), next(state),
            state.request().isPresent() ? fenced : Optional.empty(), delivery.since(),
            verify.report(state), runtime.node(), now(), runtime.monotonic().instant()));
  }

  SyncDelivery delivery() {
    return delivery;
  }

  VerifyRounds verify() {
    return verify;
  }

  boolean current(int activityStamp) {
    return activityStamp == stamp;
  }

  String indexing(RepositoryState state) {
    return state.settings().map(preparation::indexing).orElse("");
  }

  /// What waits for its next try has it now; what is being tried is not tried twice.
  void retryNow() {
    if (activity == Activity.IDLE)
      retryNow = true;
  }

  Duration delay(int attempt, Optional<Duration> retryAfter) {
    Duration delay = runtime.settings().retry().delay(attempt, runtime.random());
    return retryAfter.filter(asked -> asked.compareTo(delay) > 0).orElse(delay);
  }

  /// Decides what comes next and starts it; called whenever anything changed.
  void drive(RepositoryState state) {
    if (activity == Activity.SYNCING) {
      goOn(state);
      return;
    }
    if (activity != Activity.IDLE || state.settings().isEmpty())
      return;
    timers.cancel(WAKE);
    RepositorySettings settings = state.settings().get();
    if (state.removal().isPresent()) {
      startRemoval(settings, state.removal().get().deleteCollection());
      return;
    }
    if (state.verify().isPresent() && state.sync().isEmpty()
        && (state.request().isEmpty() || state.paused())
        && pulled == null) {
      if (place.acquire(Slots.Kind.SYNC))
        startVerify(state.verify().get(), state, settings);
      return;
    }
    if (state.paused()) {
      pulled = null;
      place.release();
      return;
    }
    Optional<Instant> hold = retryNow || pulled != null
        ? Optional.empty()
        : state.trouble().flatMap(RepositoryState.Trouble::nextTry)
            .flatMap(t -> nextTry.ahead(t, now()));
    if (hold.isPresent()) {
      place.release();
      wakeAt(hold.get());
    } else if (state.sync().isPresent()) {
      if (place.acquire(Slots.Kind.SYNC))
        startPreparation(() -> preparation.resumed(settings, state.sync().get(), state.failures()));
    } else if (pulled != null) {
      Pulled target = pulled;
      if (place.acquire(Slots.Kind.SYNC))
        startPreparation(() -> preparation.fresh(settings, state, target));
    } else if (due(state)) {
      Optional<Instant> fenced = fenced();
      if (fenced.isPresent())
        wakeAt(fenced.get());
      else if (place.acquire(
          state.synced().isPresent() ? Slots.Kind.PULL : Slots.Kind.FIRST_PULL))
        startPull(settings);
    } else {
      place.release();
      next(state).ifPresent(this::wakeAt);
    }
  }

  private boolean due(RepositoryState state) {
    return state.request().isPresent() || state.trouble().isPresent() || retryNow
        || next(state).filter(t -> !t.isAfter(now())).isPresent();
  }

  /// When the schedule says to pull.
  private Optional<Instant> next(RepositoryState state) {
    Optional<Instant> scheduled = state.settings().flatMap(RepositorySettings::schedule)
        .flatMap(s -> Schedule.parse(s).next(
            state.lastChecked().filter(t -> !t.isAfter(now().plus(SKEW))).orElse(Instant.EPOCH),
            name.value().hashCode(), runtime.zone()));
    boolean spread = !notBefore.isAfter(now().plus(runtime.settings().restartSpread()));
    return scheduled.map(t -> spread && t.isBefore(notBefore) ? notBefore : t);
  }

  /// Until when a lost worker may still write.
  private Optional<Instant> fenced() {
    return runtime.store().shared() ? byWall(fence) : Optional.empty();
  }

  /// What is still to come by the monotonic clock, by the wall clock as it is now.
  private Optional<Instant> byWall(Optional<Instant> monotonic) {
    return monotonic.map(t -> Duration.between(runtime.monotonic().instant(), t))
        .filter(Duration::isPositive).map(now()::plus);
  }

  private void wakeAt(Instant at) {
    Duration delay = Duration.between(now(), at).plusMillis(5);
    Duration bounded = delay.compareTo(LONGEST_SLEEP) > 0 ? LONGEST_SLEEP : delay;
    timers.startSingleTimer(WAKE, RepositoryCommand.Wake.WAKE,
        bounded.isNegative() ? Duration.ZERO : bounded);
  }

  void granted(Slots.Kind kind) {
    place.granted(kind);
  }

  private int begin(Activity next) {
    activity = next;
    retryNow = false;
    return ++stamp;
  }

  /// Whatever was going on has ended.
  void idle() {
    activity = Activity.IDLE;
    stamp++;
    pulled = null;
    fence = later(fence, delivery.lastWrite());
    delivery.end();
  }

  private static Optional<Instant> later(Optional<Instant> a, Optional<Instant> b) {
    return b.isPresent() && (a.isEmpty() || a.get().isBefore(b.get())) ? b : a;
  }

  private void startPull(RepositorySettings settings) {
    request = Optional.empty();
    background.run(begin(Activity.PULLING),
        background.timed("pull", () -> runtime.source().pull(settings.source())),
        RepositoryCommand.PullEnded::new);
  }

  void pulled(Pulled target) {
    activity = Activity.IDLE;
    pulled = target;
  }

  Optional<Pulled> takePulled() {
    Optional<Pulled> taken = Optional.ofNullable(pulled);
    pulled = null;
    return taken;
  }

  boolean nothingToDo(RepositoryState state, Pulled now) {
    boolean full = state.request().map(RepositoryState.Request::full).orElse(false);
    boolean same = state.synced()
        .map(s -> s.commit().equals(now.commit()) && s.indexing().equals(indexing(state)))
        .orElse(false);
    return same && !full && state.failures().isEmpty() && !state.failuresLost();
  }

  private void startPreparation(Supplier<Outcome<SyncPreparation.Prepared>> blocking) {
    background.run(begin(Activity.PREPARING), background.timed("detect", blocking),
        RepositoryCommand.PreparationEnded::new);
  }

  /// Starts giving out batches.
  ///
  /// @param resumed
  ///          an earlier incarnation, or try, may have written part of the first batches
  void sync(RepositoryState state, SyncPlan plan, boolean resumed) {
    delivery.start(state, plan, fence, resumed, begin(Activity.SYNCING));
    goOn(state);
  }

  private void goOn(RepositoryState state) {
    if (delivery.advance(state))
      return;
    idle(); // its place is for another meanwhile
    place.release();
    publish(state, Optional.empty());
    drive(state);
  }

  Optional<RepositoryEvent> reported(RepositoryState state, Dispatcher.Report report) {
    Optional<RepositoryEvent> event = delivery.reported(state, report);
    if (event.isEmpty() && delivery.waiting().isPresent())
      publish(state, Optional.empty());
    return event;
  }

  Optional<Instant> lastWrite() {
    return runtime.store().shared() ? byWall(delivery.lastWrite()) : Optional.empty();
  }

  private void startVerify(RepositoryState.VerifyRequest asked, RepositoryState state,
      RepositorySettings settings) {
    verify.start(asked, state, settings, begin(Activity.VERIFYING));
    publish(state, Optional.empty());
  }

  private void startRemoval(RepositorySettings settings, boolean deleteCollection) {
    place.release();
    Optional<Instant> fenced = fenced();
    if (fenced.isPresent()) {
      wakeAt(fenced.get());
      return;
    }
    background.run(begin(Activity.REMOVING), () -> runtime.store()
        .removeRepository(settings.collection(), name)
        .flatMap(
            _ -> deleteCollection ? runtime.store().drop(settings.collection()) : Outcome.ok(false))
        .flatMap(dropped -> runtime.source().forget(settings.source()).map(_ -> dropped)),
        RepositoryCommand.RemovalEnded::new);
  }

  void removalFailed(Outcome<Boolean> outcome) {
    Duration delay = delay(++removals, Optional.empty());
    LOG.warn("{}: removal failed, next try in {} ms: {}", name, delay.toMillis(), outcome);
    wakeAt(now().plus(delay));
  }

  @Override
  public void close() {
    delivery.end();
  }
}
