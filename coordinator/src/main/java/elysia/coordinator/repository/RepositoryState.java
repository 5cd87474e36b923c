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
import elysia.core.identity.FilePath;
import elysia.core.outcome.Problem;
import elysia.core.repository.FileFailure;
import elysia.core.repository.RepositorySettings;
import elysia.core.repository.RepositoryStatus.Discovery;
import elysia.core.repository.RepositoryStatus.LastSync;
import elysia.core.repository.SyncCounts;
import elysia.core.wire.Wire;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What is known of a repository: a fold of its events. No clock, no I/O, no references.
///
/// @param settings
///          empty before it is added and after it is removed
/// @param paused
///          no new work starts
/// @param request
///          a sync that was asked for and has not started
/// @param synced
///          what the index is in step with
/// @param sync
///          the sync that runs or waits for its next try
/// @param trouble
///          what went wrong last, while it lasts
/// @param failures
///          files that failed, by path; at most [#MAX_FAILURES]
/// @param failuresLost
///          more failed than are remembered: the next sync lists everything
/// @param removal
///          asked for and not finished
/// @param history
///          the last 50 results, newest in bit 0, 1 for a good one
/// @param verify
///          asked for and not ended
public record RepositoryState(Optional<RepositorySettings> settings, boolean paused,
    Optional<Request> request, Optional<Synced> synced, Optional<Sync> sync,
    Optional<Trouble> trouble, List<FileFailure> failures, boolean failuresLost,
    Optional<Removal> removal, Optional<LastSync> lastResult,
    Optional<Instant> lastChecked, Optional<String> branch, List<String> notes,
    Optional<Instant> lastWrite, long history, int historyLength, long documents,
    long chunks, Optional<VerifyRequest> verify) implements Wire {
  static final int MAX_FAILURES = 1_000;
  static final int HISTORY = 50;

  /// @param full
  ///          list everything
  record Request(boolean full) implements Wire {}

  /// @param commit
  ///          empty for a repository without commits
  /// @param indexing
  ///          fingerprint of what is indexed and how it is cut
  record Synced(Optional<String> commit, String indexing, Instant at) implements Wire {}

  /// @param through
  ///          everything up to here is in the index
  record Sync(String id, Optional<String> from, Optional<String> to, String indexing, String via,
      Instant startedAt, Optional<Checkpoint> through, long filesDone, long filesTotal,
      long bytesDone, long bytesTotal, SyncCounts counts,
      Optional<Discovery> discovery) implements Wire {
    boolean full() {
      return from.isEmpty();
    }

    LastSync ended(String result, Instant at) {
      return new LastSync(id, result, full() ? "full" : "changes", from, to.orElse(""), via,
          startedAt, at, counts);
    }
  }

  record Trouble(Problem problem, boolean retryable, int attempt, Instant since,
      Optional<Instant> nextTry) implements Wire {}

  /// @param at
  ///          when it was asked for; tells it from others
  record VerifyRequest(boolean deep, boolean repair, Instant at) implements Wire {}

  record Removal(boolean deleteCollection) implements Wire {}

  public RepositoryState {
    failures = failures == null ? List.of() : List.copyOf(failures);
    notes = notes == null ? List.of() : List.copyOf(notes);
  }

  static RepositoryState empty() {
    return new RepositoryState(Optional.empty(), false, Optional.empty(), Optional.empty(),
        Optional.empty(), Optional.empty(), List.of(), false, Optional.empty(),
        Optional.empty(), Optional.empty(), Optional.empty(), List.of(), Optional.empty(), 0, 0, 0,
        0, Optional.empty());
  }

  /// A full listing is due: nothing is synced, the last sync was abandoned, or failures
  /// were forgotten.
  boolean listingDue(String indexing) {
    return synced.isEmpty() || synced.get().commit().isEmpty()
        || !synced.get().indexing().equals(indexing) || failuresLost
        || request.map(Request::full).orElse(false);
  }

  Optional<Double> successRate() {
    return historyLength == 0
        ? Optional.empty()
        : Optional.of((double) Long.bitCount(history) / historyLength);
  }

  RepositoryState apply(RepositoryEvent event) {
    Edit next = new Edit(this);
    switch (event) {
      case Added(var added, _) -> {
        Optional<Instant> fence = lastWrite;
        next = new Edit(empty());
        next.lastWrite = fence;
        next.settings = Optional.of(added);
        next.request = Optional.of(new Request(true));
      }
      case SettingsChanged(var changed, _) -> {
        boolean other = settings
            .map(s -> !s.rules().equals(changed.rules()) || !s.source().equals(changed.source()))
            .orElse(true);
        next.settings = Optional.of(changed);
        if (other && request.isEmpty())
          next.request = Optional.of(new Request(false));
      }
      case Paused _ -> next.paused = true;
      case Resumed _ -> next.paused = false;
      case SyncRequested(var full, _) ->
        next.request = Optional.of(new Request(full || request.map(Request::full).orElse(false)));
      case PullFailed(var problem, var retryable, var attempt, var nextTry, var at) -> {
        next.trouble = Optional.of(new Trouble(problem, retryable, attempt,
            trouble.map(Trouble::since).orElse(at), nextTry));
        if (attempt == 1)
          next.note(false);
      }
      case Checked checked -> {
        next.lastChecked = Optional.of(checked.at());
        next.branch = checked.branch();
        next.notes = checked.notes();
        next.trouble = Optional.empty();
        next.request = Optional.empty();
      }
      case SyncStarted started -> next.started(started);
      case BatchConfirmed confirmed -> next.confirmed(confirmed);
      case SyncCompleted completed -> next.completed(this, completed);
      case SyncFailed(_, var problem, var retryable, var attempt, var nextTry, var at) -> {
        next.trouble = Optional.of(new Trouble(problem, retryable, attempt,
            trouble.map(Trouble::since).orElse(at), nextTry));
        if (attempt == 1)
          next.note(false);
      }
      case SyncAbandoned(_, _, var at) -> {
        next.lastResult = sync.map(s -> s.ended("abandoned", at));
        next.sync = Optional.empty();
        next.request = Optional.of(new Request(true));
      }
      case FilesSuspected(var paths, var reason, var at) -> {
        Map<FilePath, FileFailure> byPath = next.failuresByPath();
        for (FilePath path : paths)
          byPath.putIfAbsent(path,
              new FileFailure(path, reason, "looked at again by the next sync", 0, at));
        next.failures(byPath);
        if (request.isEmpty())
          next.request = Optional.of(new Request(false));
      }
      case VerifyRequested(var deep, var repair, var at) ->
        next.verify = Optional.of(new VerifyRequest(
            deep || verify.map(VerifyRequest::deep).orElse(false),
            repair || verify.map(VerifyRequest::repair).orElse(false), at));
      case Verified ended -> // another may have been asked for meanwhile
        next.verify = verify.filter(asked -> !asked.at().equals(ended.startedAt()));
      case RemovalRequested(var deleteCollection, _) ->
        next.removal = Optional.of(new Removal(deleteCollection));
      case Removed _ -> next = new Edit(empty());
    }
    return next.state();
  }

  /// A mutable copy, so that each event says only what it changes.
  private static final class Edit {
    private Optional<RepositorySettings> settings;
    private boolean paused;
    private Optional<Request> request;
    private Optional<Synced> synced;
    private Optional<Sync> sync;
    private Optional<Trouble> trouble;
    private List<FileFailure> failures;
    private boolean failuresLost;
    private Optional<Removal> removal;
    private Optional<LastSync> lastResult;
    private Optional<Instant> lastChecked;
    private Optional<String> branch;
    private List<String> notes;
    private Optional<Instant> lastWrite;
    private long history;
    private int historyLength;
    private long documents;
    private long chunks;
    private Optional<VerifyRequest> verify;

    Edit(RepositoryState s) {
      settings = s.settings;
      paused = s.paused;
      request = s.request;
      synced = s.synced;
      sync = s.sync;
      trouble = s.trouble;
      failures = s.failures;
      failuresLost = s.failuresLost;
      removal = s.removal;
      lastResult = s.lastResult;
      lastChecked = s.lastChecked;
      branch = s.branch;
      notes = s.notes;
      lastWrite = s.lastWrite;
      history = s.history;
      historyLength = s.historyLength;
      documents = s.documents;
      chunks = s.chunks;
      verify = s.verify;
    }

    void started(SyncStarted e) {
      sync = Optional.of(new Sync(e.syncId(), e.from(), e.to(), e.indexing(), e.via(), e.at(),
          Optional.empty(), 0, e.files(), 0, e.bytes(), SyncCounts.NONE,
          e.discovery()));
      request = Optional.empty();
      lastChecked = Optional.of(e.at());
      branch = e.branch();
      notes = e.notes();
      trouble = Optional.empty();
      if (e.from().isEmpty())
        failuresLost = false;
    }

    void confirmed(BatchConfirmed e) {
      sync = sync.map(s -> new Sync(s.id(), s.from(), s.to(), s.indexing(), s.via(), s.startedAt(),
          e.through().or(s::through), s.filesDone() + e.files(),
          s.filesTotal(), s.bytesDone() + e.bytes(), s.bytesTotal(), s.counts().plus(e.counts()),
          s.discovery()));
      trouble = Optional.empty();
      if (e.failures().isEmpty() && e.cleared().isEmpty())
        return;
      Map<FilePath, FileFailure> byPath = failuresByPath();
      e.cleared().forEach(byPath::remove);
      for (FileFailure failure : e.failures())
        byPath.put(failure.path(), failure);
      failures(byPath);
    }

    void completed(RepositoryState before, SyncCompleted e) {
      Optional<Sync> done = before.sync();
      synced = done.map(s -> new Synced(s.to(), s.indexing(), e.at()));
      lastResult = done.map(s -> s
          .ended(s.counts().filesFailed() == 0 ? "completed" : "completed_with_failures", e.at()));
      sync = Optional.empty();
      trouble = Optional.empty();
      lastWrite = e.lastWrite();
      documents = e.documents();
      chunks = e.chunks();
      note(done.map(s -> s.counts().filesFailed() == 0).orElse(true));
    }

    void note(boolean good) {
      history = ((history << 1) | (good ? 1 : 0)) & ((1L << HISTORY) - 1);
      historyLength = Math.min(HISTORY, historyLength + 1);
    }

    Map<FilePath, FileFailure> failuresByPath() {
      Map<FilePath, FileFailure> byPath = new LinkedHashMap<>();
      for (FileFailure failure : failures)
        byPath.put(failure.path(), failure);
      return byPath;
    }

    void failures(Map<FilePath, FileFailure> byPath) {
      failuresLost = failuresLost || byPath.size() > MAX_FAILURES;
      failures = byPath.values().stream().limit(MAX_FAILURES).toList();
    }

    RepositoryState state() {
      return new RepositoryState(settings, paused, request, synced, sync, trouble, failures,
          failuresLost, removal, lastResult, lastChecked, branch, notes, lastWrite,
          history, historyLength, documents, chunks, verify);
    }
  }
}
