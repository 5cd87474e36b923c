package elysia.coordinator.repository;

import static org.assertj.core.api.Assertions.assertThat;

import elysia.coordinator.repository.Decision.AcquireSlot;
import elysia.coordinator.repository.Decision.Await;
import elysia.coordinator.repository.Decision.Conditions;
import elysia.coordinator.repository.Decision.Deliver;
import elysia.coordinator.repository.Decision.Prepare;
import elysia.coordinator.repository.Decision.Pull;
import elysia.coordinator.repository.Decision.Remove;
import elysia.coordinator.repository.Decision.Rest;
import elysia.coordinator.repository.Decision.Verify;
import elysia.coordinator.repository.Decision.WaitUntil;
import elysia.core.source.Pulled;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class DecisionTest {
  private static final Instant NOW = Samples.AT;
  private static final Instant LATER = NOW.plusSeconds(60);
  private static final Pulled TARGET = new Pulled(Optional.of("main"), Optional.of("c1"), "git",
      List.of());

  private static final RepositoryState NONE = RepositoryState.empty();
  private static final RepositoryState ADDED = after(NONE,
      new RepositoryEvent.Added(Samples.SETTINGS, NOW));
  private static final RepositoryState STARTED = after(ADDED, started());
  private static final RepositoryState SYNCED = after(STARTED,
      new RepositoryEvent.SyncCompleted("s1", 1, 1, Optional.empty(), NOW));
  private static final RepositoryState FAILED = after(SYNCED, pullFailed());
  private static final RepositoryState REQUESTED = after(SYNCED,
      new RepositoryEvent.SyncRequested(false, NOW));
  private static final RepositoryState VERIFY = after(SYNCED,
      new RepositoryEvent.VerifyRequested(false, false, NOW));
  private static final RepositoryState REMOVAL = after(SYNCED,
      new RepositoryEvent.RemovalRequested(true, NOW));

  private static final Activity IDLE = Activity.Idle.NEW;
  private static final Activity PULLED = new Activity.Pulled(TARGET, Optional.empty());

  private static RepositoryEvent started() {
    return new RepositoryEvent.SyncStarted("s1", Optional.empty(), Optional.of("c1"), "f00d",
        Optional.of("main"), "git", List.of(), 1, 1, Optional.empty(), Optional.empty(), NOW);
  }

  private static RepositoryEvent pullFailed() {
    return new RepositoryEvent.PullFailed(Samples.PROBLEM, true, 1, Optional.of(LATER), NOW);
  }

  private static RepositoryState after(RepositoryState state, RepositoryEvent event) {
    return state.apply(event);
  }

  private static RepositoryState paused(RepositoryState state) {
    return state.apply(new RepositoryEvent.Paused(NOW));
  }

  private static Conditions conditions(Optional<Instant> nextTry, Optional<Instant> scheduled,
      Optional<Instant> fenced, Slots.Kind... slot) {
    return new Conditions(nextTry, scheduled, fenced, Stream.of(slot).findFirst());
  }

  private static Conditions free(Slots.Kind... slot) {
    return conditions(Optional.empty(), Optional.empty(), Optional.empty(), slot);
  }

  private static Conditions scheduled(Instant at, Slots.Kind... slot) {
    return conditions(Optional.empty(), Optional.of(at), Optional.empty(), slot);
  }

  private static Conditions held(Slots.Kind... slot) {
    return conditions(Optional.of(LATER), Optional.empty(), Optional.empty(), slot);
  }

  private static Conditions fenced(Slots.Kind... slot) {
    return conditions(Optional.empty(), Optional.empty(), Optional.of(LATER), slot);
  }

  private static Arguments row(String what, RepositoryState state, Activity activity,
      Conditions conditions, Decision expected) {
    return Arguments.of(what, state, activity, conditions, expected);
  }

  static Stream<Arguments> decisions() {
    Slots.Kind pull = Slots.Kind.PULL;
    Slots.Kind first = Slots.Kind.FIRST_PULL;
    Slots.Kind sync = Slots.Kind.SYNC;
    Prepare resume = new Prepare(Optional.empty());
    Prepare prepare = new Prepare(Optional.of(TARGET));
    Verify verify = new Verify(VERIFY.wanted().verify().orElseThrow());
    Remove remove = new Remove(REMOVAL.wanted().removal().orElseThrow());
    WaitUntil wait = new WaitUntil(LATER);
    return Stream.of(
        row("what was never added rests", NONE, IDLE, free(), new Rest()),
        row("first pull needs a slot", ADDED, IDLE, free(), new AcquireSlot(first)),
        row("first pull in its slot", ADDED, IDLE, free(first), new Pull()),
        row("slot of another kind does not do", ADDED, IDLE, free(sync), new AcquireSlot(first)),
        row("paused rests", paused(ADDED), IDLE, free(), new Rest()),
        row("in step rests", SYNCED, IDLE, free(sync), new Rest()),
        row("schedule is waited for", SYNCED, IDLE, scheduled(LATER), wait),
        row("schedule is due", SYNCED, IDLE, scheduled(NOW, pull), new Pull()),
        row("request is due", REQUESTED, IDLE, free(pull), new Pull()),
        row("request waits for lost writes", REQUESTED, IDLE, fenced(pull), wait),
        row("failure is waited for", FAILED, IDLE, held(pull), wait),
        row("failure's wait is over", FAILED, IDLE, free(pull), new Pull()),
        row("user does not wait", FAILED, new Activity.Idle(true, 0), held(pull), new Pull()),
        row("interrupted sync needs a slot", STARTED, IDLE, free(), new AcquireSlot(sync)),
        row("interrupted sync is resumed", STARTED, IDLE, free(sync), resume),
        row("paused in the middle rests", paused(STARTED), IDLE, free(sync), new Rest()),
        row("failed sync waits", after(STARTED, syncFailed()), IDLE, held(sync), wait),
        row("what was pulled needs a slot", REQUESTED, PULLED, free(pull), new AcquireSlot(sync)),
        row("what was pulled is prepared", REQUESTED, PULLED, free(sync), prepare),
        row("pull has ended the failure's wait", FAILED, PULLED, held(sync), prepare),
        row("paused, what was pulled is forgotten", paused(REQUESTED), PULLED, free(sync),
            new Rest()),
        row("verify needs a slot", VERIFY, IDLE, free(), new AcquireSlot(sync)),
        row("verify in its slot", VERIFY, IDLE, free(sync), verify),
        row("paused is verified", paused(VERIFY), IDLE, free(sync), verify),
        row("paused is verified, what was pulled or not", paused(VERIFY), PULLED, free(sync),
            verify),
        row("requested sync comes before the verify",
            after(VERIFY, new RepositoryEvent.SyncRequested(false, NOW)), IDLE, free(pull),
            new Pull()),
        row("verify does not wait for a sync that cannot pull",
            after(after(REQUESTED, pullFailed()),
                new RepositoryEvent.VerifyRequested(false, false, NOW)),
            IDLE, held(sync), verify),
        row("running sync comes before the verify", after(VERIFY, started()), IDLE, free(sync),
            resume),
        row("what was pulled comes before the verify", VERIFY, PULLED, free(sync), prepare),
        row("verify does not wait for lost writes", VERIFY, IDLE, fenced(sync), verify),
        row("removal comes first", after(VERIFY, new RepositoryEvent.RemovalRequested(true, NOW)),
            IDLE, free(), remove),
        row("removal of what is paused", paused(REMOVAL), PULLED, free(sync), remove),
        row("removal waits for lost writes", REMOVAL, IDLE, fenced(sync), wait),
        row("sync goes on", STARTED, new Activity.Syncing(Deliveries.none()), free(sync),
            new Deliver()),
        row("pull goes on", REMOVAL, new Activity.Pulling(Optional.empty()), free(pull),
            new Await()),
        row("preparation goes on", REMOVAL,
            new Activity.Preparing(Optional.of(TARGET), Optional.empty()), free(sync),
            new Await()),
        row("verify goes on", REMOVAL, new Activity.Verifying(), free(sync), new Await()),
        row("removal goes on", REMOVAL, new Activity.Removing(0), free(), new Await()));
  }

  private static RepositoryEvent syncFailed() {
    return new RepositoryEvent.SyncFailed("s1", Samples.PROBLEM, true, 1, Optional.of(LATER), NOW);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void decisions(String what, RepositoryState state, Activity activity, Conditions conditions,
      Decision expected) {
    assertThat(Decision.next(state, activity, NOW, conditions)).as(what).isEqualTo(expected);
  }
}
