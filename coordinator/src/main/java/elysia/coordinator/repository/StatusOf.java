package elysia.coordinator.repository;

import elysia.coordinator.repository.Activity.Idle;
import elysia.coordinator.repository.Activity.Preparing;
import elysia.coordinator.repository.Activity.Pulled;
import elysia.coordinator.repository.Activity.Pulling;
import elysia.coordinator.repository.Activity.Removing;
import elysia.coordinator.repository.Activity.Syncing;
import elysia.coordinator.repository.Activity.Verifying;
import elysia.core.identity.RepositoryName;
import elysia.core.outcome.Problem;
import elysia.core.repository.RepositorySettings;
import elysia.core.repository.RepositoryStatus;
import elysia.core.repository.RepositoryStatus.LastError;
import elysia.core.repository.RepositoryStatus.Progress;
import elysia.core.repository.RepositoryStatus.State;
import elysia.core.repository.VerifyReport;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// A repository's state in the words of the API.
final class StatusOf {
  /// What the actor knows beyond its state.
  ///
  /// @param activity what it does now
  /// @param queued it waits for a free slot of its node
  /// @param waiting why batches wait, or are tried again when the time has come
  /// @param at the wall clock
  /// @param since where its delivery began; empty when none goes on
  /// @param monotonic the clock of `waiting` and `since`
  record Now(Activity activity, boolean queued, Optional<SyncDelivery.Waiting> waiting,
      Optional<Instant> next, Optional<Instant> fenced, Optional<SyncDelivery.Since> since,
      Optional<VerifyReport> verify, String node, Instant at, Instant monotonic) {}

  private static final String PAUSED_SYNC = "paused in the middle of a sync, which goes on after resume";

  private StatusOf() {}

  /// @throws IllegalStateException when the repository does not exist
  static RepositoryStatus of(RepositoryName name, RepositoryState s, Now now) {
    RepositorySettings settings = s.settings()
        .orElseThrow(() -> new IllegalStateException("no repository " + name));
    var source = settings.source();
    return new RepositoryStatus(name.value(), source.location(), settings.collection().value(),
        source.branch().or(s.lastCheck()::branch), settings.schedule(),
        settings.rules().include(), settings.rules().exclude(), settings.rules().maxFileSize(),
        settings.model().vectorizer(), settings.model().name(), state(s, now),
        detail(s, now), s.paused(), s.request().isPresent() && now.activity() instanceof Syncing,
        s.syncedCommit(),
        s.synced().map(RepositoryState.Synced::at), s.lastCheck().at(),
        s.paused() ? Optional.empty() : now.next(), s.health().recent().successRate(),
        s.synced().isEmpty() ? Optional.empty() : Optional.of(s.indexed().documents()),
        s.synced().isEmpty() ? Optional.empty() : Optional.of(s.indexed().chunks()),
        s.sync().map(sync -> progress(sync, now)), s.lastResult(),
        s.lastError().map(StatusOf::lastError), s.failures().size(), now.verify(),
        s.lastCheck().notes(),
        Optional.of(now.node()));
  }

  private static State state(RepositoryState s, Now now) {
    if (s.wanted().removal().isPresent())
      return State.REMOVING;
    return switch (now.activity()) {
      case Pulling _,Preparing _ -> State.PULLING;
      case Syncing _ -> s.paused()
          ? State.PAUSED
          : now.waiting().isPresent() ? State.WAITING : State.SYNCING;
      case Verifying _ -> State.VERIFYING;
      case Removing _ -> State.REMOVING;
      case Idle _,Pulled _ -> s.paused()
          ? State.PAUSED
          : s.lastError().isPresent()
              ? State.WAITING
              : now.queued() || now.fenced().isPresent() ? State.QUEUED : State.IDLE;
    };
  }

  private static String detail(RepositoryState s, Now now) {
    if (s.wanted().removal().isPresent())
      return "its chunks are being removed";
    if (now.waiting().isPresent() && now.activity() instanceof Syncing)
      return words(now.waiting().get(), now);
    return switch (now.activity()) {
      case Pulling _ -> "pulling";
      case Preparing _ -> "finding out what changed";
      case Syncing _ ->
        s.paused() ? PAUSED_SYNC : "syncing";
      case Verifying _ -> "comparing the index with the tree";
      case Removing _ -> "its chunks are being removed";
      case Idle _,Pulled _ -> idle(s, now);
    };
  }

  private static String words(SyncDelivery.Waiting waiting, Now now) {
    return words(waiting.reason(), waiting.until(), now.monotonic());
  }

  private static String words(String reason, Instant until, Instant now) {
    return until.isAfter(now)
        ? "waiting " + seconds(now, until) + " s: " + reason
        : "trying again: " + reason;
  }

  private static String idle(RepositoryState s, Now now) {
    if (s.paused())
      return s.sync().isPresent() ? PAUSED_SYNC : "paused: nothing is synced until resume";
    if (s.lastError().isPresent()) {
      Problem problem = s.lastError().get().problem();
      return s.lastError().get().nextTry().map(next -> words(problem.text(), next, now.at()))
          .orElseGet(problem::text);
    }
    if (now.fenced().isPresent())
      return "waiting " + seconds(now.at(), now.fenced().get())
          + " s: a lost worker's last writes may still arrive";
    if (now.queued())
      return "waiting for a free place on its node";
    if (s.request().isPresent())
      return "a sync is about to start";
    if (!s.failures().isEmpty())
      return s.failures().size() + " files failed and are tried again by the next sync";
    return s.synced().isPresent() ? "in step" : "not synced yet";
  }

  private static long seconds(Instant now, Instant until) {
    return Math.max(0, (Duration.between(now, until).toMillis() + 999) / 1000);
  }

  private static LastError lastError(RepositoryState.LastError t) {
    return new LastError(t.problem().code(), t.problem().message(), t.problem().hint(), t.attempt(),
        t.since(), t.nextTry());
  }

  private static Progress progress(RepositoryState.Sync sync, Now now) {
    double rate = 0;
    Optional<Long> eta = Optional.empty();
    if (now.since().isPresent()) {
      SyncDelivery.Since since = now.since().get();
      double seconds = Math.max(0.001,
          Duration.between(since.at(), now.monotonic()).toMillis() / 1000.0);
      rate = (sync.counts().chunksWritten() - since.counts().chunksWritten()) / seconds;
      long bytes = sync.bytesDone() - since.bytes();
      if (bytes > 0 && seconds > 0.5)
        eta = Optional.of(Math.max(0,
            (long) Math.ceil((sync.bytesTotal() - sync.bytesDone()) / (bytes / seconds))));
    }
    String phase = now.activity() instanceof Syncing ? "indexing" : "waiting";
    return new Progress(sync.id(), phase, sync.full() ? "full" : "changes", sync.from(),
        sync.to().orElse(""), sync.startedAt(), Math.min(sync.filesDone(), sync.filesTotal()),
        sync.filesTotal(), Math.min(sync.bytesDone(), sync.bytesTotal()), sync.bytesTotal(), rate,
        eta, sync.counts(),
        now.waiting().map(w -> words(w, now)),
        sync.discovery());
  }
}
