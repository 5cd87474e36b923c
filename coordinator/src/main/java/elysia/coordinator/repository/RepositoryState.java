package elysia.coordinator.repository;

import elysia.coordinator.repository.RepositoryEvent.Added;
import elysia.coordinator.repository.RepositoryEvent.BatchConfirmed;
import elysia.coordinator.repository.RepositoryEvent.Checked;
import elysia.coordinator.repository.RepositoryEvent.FilesSuspected;
import elysia.coordinator.repository.RepositoryEvent.Paused;
import elysia.coordinator.repository.RepositoryEvent.PullFailed;
import elysia.coordinator.repository.RepositoryEvent.RemovalRequested;
import elysia.coordinator.repository.RepositoryEvent.Removed;
import elysia.coordinator.repository.RepositoryEvent.Resumed;
import elysia.coordinator.repository.RepositoryEvent.SettingsChanged;
import elysia.coordinator.repository.RepositoryEvent.SyncAbandoned;
import elysia.coordinator.repository.RepositoryEvent.SyncCompleted;
import elysia.coordinator.repository.RepositoryEvent.SyncFailed;
import elysia.coordinator.repository.RepositoryEvent.SyncRequested;
import elysia.coordinator.repository.RepositoryEvent.SyncStarted;
import elysia.coordinator.repository.RepositoryEvent.Verified;
import elysia.coordinator.repository.RepositoryEvent.VerifyRequested;
import elysia.coordinator.sync.Checkpoint;
import elysia.core.outcome.Problem;
import elysia.core.repository.FileFailure;
import elysia.core.repository.RepositorySettings;
import elysia.core.repository.RepositoryStatus.Discovery;
import elysia.core.repository.RepositoryStatus.LastSync;
import elysia.core.repository.SyncCounts;
import elysia.core.wire.Wire;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// The durable state of a repository: a fold of its events. No clock, no I/O, no references.
///
/// @param settings empty before it is added and after it is removed
/// @param wanted what users asked for and is not done
/// @param lastCheck what the last pull found
/// @param indexed what the index holds
/// @param sync the sync that runs or waits for its next try
/// @param health how syncs went
public record RepositoryState(Optional<RepositorySettings> settings, Wanted wanted,
    LastCheck lastCheck, Indexed indexed, Optional<Sync> sync, Health health) implements Wire {

  /// What users asked for and is not done.
  ///
  /// @param paused no new work starts
  /// @param sync asked for and not started
  /// @param verify asked for and not ended
  /// @param removal asked for and not finished
  record Wanted(boolean paused, Optional<Request> sync, Optional<VerifyRequest> verify,
      Optional<Removal> removal) implements Wire {
    Wanted withPaused(boolean value) {
      return new Wanted(value, sync, verify, removal);
    }

    Wanted withSync(Optional<Request> value) {
      return new Wanted(paused, value, verify, removal);
    }

    /// One request stands for all that were made.
    Wanted plusSync(boolean full) {
      return withSync(Optional.of(new Request(full || sync.map(Request::full).orElse(false))));
    }

    Wanted withVerify(Optional<VerifyRequest> value) {
      return new Wanted(paused, sync, value, removal);
    }

    Wanted withRemoval(Removal value) {
      return new Wanted(paused, sync, verify, Optional.of(value));
    }
  }

  /// @param full list everything
  record Request(boolean full) implements Wire {}

  /// @param at when it was asked for; tells it from others
  record VerifyRequest(boolean deep, boolean repair, Instant at) implements Wire {}

  record Removal(boolean deleteCollection) implements Wire {}

  /// What the last pull that succeeded found.
  ///
  /// @param branch that was pulled
  /// @param notes for a person
  record LastCheck(Optional<Instant> at, Optional<String> branch,
      List<String> notes) implements Wire {
    LastCheck {
      notes = notes == null ? List.of() : List.copyOf(notes);
    }
  }

  /// What the index holds.
  ///
  /// @param synced what it is in step with
  /// @param failed files that are not in it as they should be
  /// @param writesPossibleUntil until when a write of a delivery that was given up may still arrive
  record Indexed(Optional<Synced> synced, long documents, long chunks, FailedFiles failed,
      Optional<Instant> writesPossibleUntil) implements Wire {
    Indexed withFailed(FailedFiles value) {
      return new Indexed(synced, documents, chunks, value, writesPossibleUntil);
    }
  }

  /// @param commit empty for a repository without commits
  /// @param indexing fingerprint of what is indexed and how it is cut
  record Synced(Optional<String> commit, String indexing, Instant at) implements Wire {}

  /// A sync in progress.
  ///
  /// @param through everything up to here is in the index
  record Sync(String id, Optional<String> from, Optional<String> to, String indexing, String via,
      Instant startedAt, Optional<Checkpoint> through, long filesDone, long filesTotal,
      long bytesDone, long bytesTotal, SyncCounts counts,
      Optional<Discovery> discovery) implements Wire {
    static Sync started(SyncStarted e) {
      return new Sync(e.syncId(), e.from(), e.to(), e.indexing(), e.via(), e.at(),
          Optional.empty(), 0, e.files(), 0, e.bytes(), SyncCounts.NONE, e.discovery());
    }

    Sync confirmed(BatchConfirmed e) {
      return new Sync(id, from, to, indexing, via, startedAt, e.through().or(this::through),
          filesDone + e.files(), filesTotal, bytesDone + e.bytes(), bytesTotal,
          counts.plus(e.counts()), discovery);
    }

    boolean full() {
      return from.isEmpty();
    }

    LastSync ended(String result, Instant at) {
      return new LastSync(id, result, full() ? "full" : "changes", from, to.orElse(""), via,
          startedAt, at, counts);
    }
  }

  /// How syncs went.
  ///
  /// @param lastError what went wrong last, while it lasts
  /// @param lastResult the last sync that ended
  /// @param recent the last results
  record Health(Optional<LastError> lastError, Optional<LastSync> lastResult,
      RecentResults recent) implements Wire {
    /// Nothing is wrong any more.
    Health recovered() {
      return new Health(Optional.empty(), lastResult, recent);
    }

    Health failed(Problem problem, boolean retryable, int attempt, Optional<Instant> nextTry,
        Instant at) {
      LastError error = new LastError(problem, retryable, attempt,
          lastError.map(LastError::since).orElse(at), nextTry);
      return new Health(Optional.of(error), lastResult, attempt == 1 ? recent.plus(false) : recent);
    }
  }

  /// @param retryable whether it may pass by itself
  /// @param attempt how many tries in a row have failed
  record LastError(Problem problem, boolean retryable, int attempt, Instant since,
      Optional<Instant> nextTry) implements Wire {}

  static RepositoryState empty() {
    return new RepositoryState(Optional.empty(),
        new Wanted(false, Optional.empty(), Optional.empty(), Optional.empty()),
        new LastCheck(Optional.empty(), Optional.empty(), List.of()),
        new Indexed(Optional.empty(), 0, 0, FailedFiles.NONE, Optional.empty()), Optional.empty(),
        new Health(Optional.empty(), Optional.empty(), RecentResults.NONE));
  }

  boolean paused() {
    return wanted.paused();
  }

  Optional<Request> request() {
    return wanted.sync();
  }

  Optional<Synced> synced() {
    return indexed.synced();
  }

  Optional<String> syncedCommit() {
    return indexed.synced().flatMap(Synced::commit);
  }

  Optional<LastError> lastError() {
    return health.lastError();
  }

  public Optional<LastSync> lastResult() {
    return health.lastResult();
  }

  List<FileFailure> failures() {
    return indexed.failed().files();
  }

  /// Everything is to be listed: nothing is synced, the last sync was abandoned, or failures
  /// were forgotten.
  boolean listingDue(String indexing) {
    return syncedCommit().isEmpty()
        || synced().filter(s -> s.indexing().equals(indexing)).isEmpty()
        || indexed.failed().forgotten() || request().map(Request::full).orElse(false);
  }

  /// A pull that found this commit leaves nothing to do.
  boolean inStepWith(Optional<String> commit, String indexing) {
    return synced().filter(s -> s.commit().equals(commit) && s.indexing().equals(indexing))
        .isPresent() && !request().map(Request::full).orElse(false)
        && indexed.failed().equals(FailedFiles.NONE);
  }

  RepositoryState apply(RepositoryEvent event) {
    return switch (event) {
      case Added(var added, _) -> added(added);
      case SettingsChanged(var changed, _) -> changed(changed);
      case Paused _ -> with(wanted.withPaused(true));
      case Resumed _ -> with(wanted.withPaused(false));
      case SyncRequested(var full, _) -> with(wanted.plusSync(full));
      case PullFailed(var problem, var retryable, var attempt, var nextTry, var at) ->
        with(health.failed(problem, retryable, attempt, nextTry, at));
      case Checked e -> new RepositoryState(settings, wanted.withSync(e.pending()),
          new LastCheck(Optional.of(e.at()), e.branch(), e.notes()), indexed, sync,
          health.recovered());
      case SyncStarted e -> started(e);
      case BatchConfirmed e -> new RepositoryState(settings, wanted, lastCheck,
          indexed.withFailed(indexed.failed().after(e.failures(), e.cleared())),
          sync.map(s -> s.confirmed(e)), health.recovered());
      case SyncCompleted e -> completed(e);
      case SyncFailed(_, var problem, var retryable, var attempt, var nextTry, var at) ->
        with(health.failed(problem, retryable, attempt, nextTry, at));
      case SyncAbandoned(_, _, var at) -> new RepositoryState(settings,
          wanted.withSync(Optional.of(new Request(true))), lastCheck, indexed, Optional.empty(),
          new Health(health.lastError(), sync.map(s -> s.ended("abandoned", at)),
              health.recent()));
      case FilesSuspected(var paths, var reason, var at) -> new RepositoryState(settings,
          wanted.plusSync(false), lastCheck,
          indexed.withFailed(indexed.failed().suspected(paths, reason, at)), sync, health);
      case VerifyRequested(var deep, var repair, var at) -> with(wanted.withVerify(Optional
          .of(new VerifyRequest(deep || wanted.verify().map(VerifyRequest::deep).orElse(false),
              repair || wanted.verify().map(VerifyRequest::repair).orElse(false), at))));
      case Verified ended -> // another may have been asked for meanwhile
        with(wanted.withVerify(
            wanted.verify().filter(asked -> !asked.at().equals(ended.startedAt()))));
      case RemovalRequested(var deleteCollection, _) ->
        with(wanted.withRemoval(new Removal(deleteCollection)));
      case Removed _ -> empty();
    };
  }

  private RepositoryState with(Wanted value) {
    return new RepositoryState(settings, value, lastCheck, indexed, sync, health);
  }

  private RepositoryState with(Health value) {
    return new RepositoryState(settings, wanted, lastCheck, indexed, sync, value);
  }

  private RepositoryState added(RepositorySettings added) {
    RepositoryState fresh = empty();
    Indexed nothing = new Indexed(Optional.empty(), 0, 0, FailedFiles.NONE,
        indexed.writesPossibleUntil());
    return new RepositoryState(Optional.of(added), fresh.wanted.plusSync(true), fresh.lastCheck,
        nothing, Optional.empty(), fresh.health);
  }

  private RepositoryState changed(RepositorySettings changed) {
    boolean other = settings
        .map(s -> !s.rules().equals(changed.rules()) || !s.source().equals(changed.source()))
        .orElse(true);
    return new RepositoryState(Optional.of(changed), other ? wanted.plusSync(false) : wanted,
        lastCheck, indexed, sync, health);
  }

  private RepositoryState started(SyncStarted e) {
    return new RepositoryState(settings, wanted.withSync(e.pending()),
        new LastCheck(Optional.of(e.at()), e.branch(), e.notes()),
        e.from().isEmpty() ? indexed.withFailed(indexed.failed().remembered()) : indexed,
        Optional.of(Sync.started(e)), health.recovered());
  }

  private RepositoryState completed(SyncCompleted e) {
    boolean good = sync.map(s -> s.counts().filesFailed() == 0).orElse(true);
    Optional<LastSync> result = sync
        .map(s -> s.ended(good ? "completed" : "completed_with_failures", e.at()));
    return new RepositoryState(settings, wanted, lastCheck,
        new Indexed(sync.map(s -> new Synced(s.to(), s.indexing(), e.at())), e.documents(),
            e.chunks(), indexed.failed(), e.writesPossibleUntil()),
        Optional.empty(), new Health(Optional.empty(), result, health.recent().plus(good)));
  }
}
