package elysia.coordinator.repository;

import static org.assertj.core.api.Assertions.assertThat;

import elysia.core.repository.RepositoryStatus;
import elysia.core.repository.SyncCounts;
import elysia.testkit.store.TestChunks;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StatusOfTest {
  private static final List<RepositoryEvent> EVENTS = Samples.events();
  private static final RepositoryEvent ADDED = EVENTS.get(0);
  private static final RepositoryEvent PAUSED = EVENTS.get(2);
  private static final RepositoryEvent PULL_FAILED = EVENTS.get(5);
  private static final RepositoryEvent STARTED = new RepositoryEvent.SyncStarted("s1",
      Optional.of("c1"), Optional.of("c2"), "f00d", Optional.of("main"), "git", List.of("note"), 11,
      12, Optional.empty(), Optional.empty(), Samples.AT);
  private static final RepositoryEvent CONFIRMED = EVENTS.get(8);
  private static final RepositoryEvent COMPLETED = EVENTS.get(9);
  private static final RepositoryEvent REMOVAL = EVENTS.get(14);

  private static final Activity IDLE = Activity.Idle.NEW;
  private static final Activity PULLING = new Activity.Pulling(Optional.empty());
  private static final Activity PREPARING = new Activity.Preparing(Optional.empty(),
      Optional.empty());
  static final Activity SYNCING = new Activity.Syncing(Deliveries.none());
  private static final Activity VERIFYING = new Activity.Verifying();

  static StatusOf.Now now(Activity activity) {
    return now(activity, false, Optional.empty(), Optional.empty());
  }

  private static StatusOf.Now now(Activity activity, boolean queued,
      Optional<SyncDelivery.Waiting> waiting, Optional<java.time.Instant> fenced) {
    return new StatusOf.Now(activity, queued, waiting, Optional.of(Samples.AT.plusSeconds(60)),
        fenced, activity instanceof Activity.Syncing
            ? Optional.of(new SyncDelivery.Since(SyncCounts.NONE, 0, Samples.AT))
            : Optional.empty(),
        Optional.empty(), "node",
        Samples.AT.plusSeconds(2), Samples.AT.plusSeconds(2));
  }

  private static RepositoryState after(RepositoryEvent... events) {
    RepositoryState state = RepositoryState.empty();
    for (RepositoryEvent event : events)
      state = state.apply(event);
    return state;
  }

  private static String words(RepositoryState state, StatusOf.Now now) {
    RepositoryStatus status = StatusOf.of(TestChunks.REPO, state, now);
    return status.state() + ": " + status.detail();
  }

  @Test
  void everyStateIsSaidInWords() {
    assertThat(words(after(ADDED), now(IDLE))).isEqualTo("idle: a sync is about to start");
    assertThat(words(after(ADDED), now(PULLING))).isEqualTo("pulling: pulling");
    assertThat(words(after(ADDED), now(PREPARING)))
        .isEqualTo("pulling: finding out what changed");
    assertThat(words(after(ADDED), now(IDLE, true, Optional.empty(), Optional.empty())))
        .isEqualTo("queued: waiting for a free place on its node");
    assertThat(words(after(ADDED, STARTED), now(SYNCING))).isEqualTo("syncing: syncing");
    assertThat(words(after(ADDED, STARTED), now(SYNCING, false,
        Optional.of(new SyncDelivery.Waiting("store is down", Samples.AT.plusMillis(3001))),
        Optional.empty()))).isEqualTo("waiting: waiting 2 s: store is down");
    assertThat(words(after(ADDED, STARTED), now(SYNCING, false,
        Optional.of(new SyncDelivery.Waiting("store is down", Samples.AT)), Optional.empty())))
        .isEqualTo("waiting: trying again: store is down");
    assertThat(words(after(ADDED, STARTED, PAUSED), now(IDLE)))
        .isEqualTo("paused: paused in the middle of a sync, which goes on after resume");
    assertThat(words(after(ADDED, PAUSED), now(IDLE)))
        .isEqualTo("paused: paused: nothing is synced until resume");
    assertThat(words(after(ADDED, PULL_FAILED), now(IDLE)))
        .isEqualTo("waiting: waiting 7 s: no route — try later");
    assertThat(words(after(ADDED, STARTED, COMPLETED), now(IDLE)))
        .isEqualTo("idle: in step");
    assertThat(words(after(ADDED, STARTED, CONFIRMED, COMPLETED), now(IDLE)))
        .isEqualTo("idle: 1 files failed and are tried again by the next sync");
    assertThat(words(after(ADDED, STARTED, COMPLETED), now(IDLE, false, Optional.empty(),
        Optional.of(Samples.AT.plusSeconds(12)))))
        .isEqualTo("queued: waiting 10 s: a lost worker's last writes may still arrive");
    assertThat(words(after(ADDED, STARTED, COMPLETED), now(VERIFYING)))
        .isEqualTo("verifying: comparing the index with the tree");
    assertThat(words(after(ADDED, REMOVAL), now(IDLE)))
        .isEqualTo("removing: its chunks are being removed");
  }

  @Test
  void progressNeverGoesBeyondItsEnd() {
    RepositoryState state = after(ADDED, STARTED);
    for (int i = 0; i < 9; i++)
      state = state.apply(CONFIRMED);
    RepositoryStatus.Progress progress = StatusOf
        .of(TestChunks.REPO, state, now(SYNCING)).progress().orElseThrow();
    assertThat(progress.filesDone()).isEqualTo(progress.filesTotal());
    assertThat(progress.bytesDone()).isEqualTo(progress.bytesTotal());
    assertThat(progress.etaSeconds()).contains(0L);
    assertThat(progress.mode()).isEqualTo("changes");
  }

  @Test
  void pausedRepositoryHasNoNextSync() {
    assertThat(StatusOf.of(TestChunks.REPO, after(ADDED, PAUSED), now(IDLE)).nextSync())
        .isEmpty();
    assertThat(StatusOf.of(TestChunks.REPO, after(ADDED), now(IDLE)).nextSync())
        .isPresent();
  }
}
