package elysia.coordinator.repository;

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
  /// @param activity
  ///          what it does now
  /// @param queued
  ///          it waits for a free slot of its node
  /// @param waiting
  ///          why batches wait, or are tried again when the time has come
  /// @param at
  ///          the wall clock
  /// @param monotonic
  ///          the clock of `waiting` and `since`
  record Now(Activity activity, boolean queued, Optional<SyncExecution.Waiting> waiting,
      Optional<Instant> next, Optional<Instant> fenced, SyncDelivery.Since since,
      Optional<VerifyReport> verify, String node, Instant at, Instant monotonic) {}

  private static final String PAUSED_SYNC = "paused in the middle of a sync, which goes on after resume";

  private StatusOf() {}

  /// @throws IllegalStateException
  ///           when the repository does not exist
  static RepositoryStatus of(RepositoryName name, RepositoryState s, Now now) {
    RepositorySettings settings = s.settings()
        .orElseThrow(() -> new IllegalStateException("no repository " + name));
    var source = settings.source();
    return new RepositoryStatus(name.value(), source.location(), settings.collection().value(),
        source.branch().or(s::branch), settings.schedule(),
        settings.rules().include(), settings.rules().exclude(), settings.rules().maxFileSize(),
        settings.model().vectorizer(), settings.model().name(), state(s, now),
        detail(s, now), s.paused(), s.request().isPresent() && now.activity() == Activity.SYNCING,
        s.synced().flatMap(RepositoryState.Synced::commit),
        s.synced().map(RepositoryState.Synced::at), s.lastChecked(),
        s.paused() ? Optional.empty() : now.next(), s.successRate(),
        s.synced().isEmpty() ? Optional.empty() : Optional.of(s.documents()),
        s.synced().isEmpty() ? Optional.empty() : Optional.of(s.chunks()),
        s.sync().map(sync -> progress(sync, now)), s.lastResult(),
        s.trouble().map(StatusOf::trouble), s.failures().size(), now.verify(), s.notes(),
        Optional.of(now.node()));
  }

  private static State state(RepositoryState s, Now now) {
    if (s.removal().isPresent())
      return State.REMOVING;
    return switch (now.activity()) {
      case PULLING, PREPARING -> State.PULLING;
      case SYNCING ->
        s.paused() ? State.PAUSED : now.waiting().isPresent() ? State.WAITING : State.SYNCING;
      case VERIFYING -> State.VERIFYING;
      case REMOVING -> State.REMOVING;
      case IDLE -> s.paused()
          ? State.PAUSED
          : s.trouble().isPresent()
              ? State.WAITING
              : now.queued() || now.fenced().isPresent() ? State.QUEUED : State.IDLE;
    };
  }

  private static String detail(RepositoryState s, Now now) {
    if (s.removal().isPresent())
      return "its chunks are being removed";
    if (now.waiting().isPresent() && now.activity() == Activity.SYNCING)
      return words(now.waiting().get(), now);
    return switch (now.activity()) {
      case PULLING -> "pulling";
      case PREPARING -> "finding out what changed";
      case SYNCING ->
        s.paused() ? PAUSED_SYNC : "syncing";
      case VERIFYING -> "comparing the index with the tree";
      case REMOVING -> "its chunks are being removed";
      case IDLE -> idle(s, now);
    };
  }

  private static String words(SyncExecution.Waiting waiting, Now now) {
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
    if (s.trouble().isPresent()) {
      Problem problem = s.trouble().get().problem();
      return s.trouble().get().nextTry().map(next -> words(problem.text(), next, now.at()))
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

  private static LastError trouble(RepositoryState.Trouble t) {
    return new LastError(t.problem().code(), t.problem().message(), t.problem().hint(), t.attempt(),
        t.since(), t.nextTry());
  }

  private static Progress progress(RepositoryState.Sync sync, Now now) {
    double seconds = Math.max(0.001,
        Duration.between(now.since().at(), now.monotonic()).toMillis() / 1000.0);
    double rate = (sync.counts().chunksWritten() - now.since().counts().chunksWritten()) / seconds;
    long bytes = sync.bytesDone() - now.since().bytes();
    Optional<Long> eta = now.activity() == Activity.SYNCING && bytes > 0 && seconds > 0.5
        ? Optional.of(Math.max(0,
            (long) Math.ceil((sync.bytesTotal() - sync.bytesDone()) / (bytes / seconds))))
        : Optional.empty();
    String phase = now.activity() == Activity.SYNCING ? "indexing" : "waiting";
    return new Progress(sync.id(), phase, sync.full() ? "full" : "changes", sync.from(),
        sync.to().orElse(""), sync.startedAt(), Math.min(sync.filesDone(), sync.filesTotal()),
        sync.filesTotal(), Math.min(sync.bytesDone(), sync.bytesTotal()), sync.bytesTotal(), rate,
        eta, sync.counts(),
        now.waiting().map(w -> words(w, now)),
        sync.discovery());
  }
}
