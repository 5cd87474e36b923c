package elysia.coordinator.repository;

import elysia.coordinator.sync.Checkpoint;
import elysia.core.identity.FilePath;
import elysia.core.outcome.Problem;
import elysia.core.repository.FileFailure;
import elysia.core.repository.RepositorySettings;
import elysia.core.repository.RepositoryStatus.Discovery;
import elysia.core.repository.SyncCounts;
import elysia.core.wire.Wire;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// The events of a repository. Decisions and counts only: no contents, no secrets, nothing per file
/// but failures.
///
/// Names and components are stored: never rename or remove them without a migration; new components
/// are `Optional`.
public sealed interface RepositoryEvent extends Wire {
  Instant at();

  record Added(RepositorySettings settings, Instant at) implements RepositoryEvent {}

  record SettingsChanged(RepositorySettings settings, Instant at) implements RepositoryEvent {}

  record Paused(Instant at) implements RepositoryEvent {}

  record Resumed(Instant at) implements RepositoryEvent {}

  /// A sync was asked for; remembered until one starts.
  record SyncRequested(boolean full, Instant at) implements RepositoryEvent {}

  /// The pull or the preparation of a sync failed.
  ///
  /// @param retryable whether it may pass by itself
  record PullFailed(Problem problem, boolean retryable, int attempt, Optional<Instant> nextTry,
      Instant at) implements RepositoryEvent {}

  /// Pulled, and there was nothing to do.
  ///
  /// @param commit empty for an empty repository
  /// @param pending what was asked for since the pull began: this does not answer it
  record Checked(Optional<String> branch, Optional<String> commit, String via, List<String> notes,
      Optional<RepositoryState.Request> pending, Instant at) implements RepositoryEvent {
    public Checked {
      notes = notes == null ? List.of() : List.copyOf(notes);
    }
  }

  /// @param from synced commit whose difference to `to` is the plan; empty when everything is
  ///          listed
  /// @param to commit to come to; empty when the repository has none (everything of it leaves the
  ///          index)
  /// @param indexing fingerprint of what is indexed and how it is cut
  /// @param files changes planned
  /// @param bytes of content planned
  /// @param pending what was asked for since the pull began: this sync does not answer it
  record SyncStarted(String syncId, Optional<String> from, Optional<String> to, String indexing,
      Optional<String> branch, String via, List<String> notes, long files,
      long bytes, Optional<Discovery> discovery, Optional<RepositoryState.Request> pending,
      Instant at) implements RepositoryEvent {
    public SyncStarted {
      notes = notes == null ? List.of() : List.copyOf(notes);
    }
  }

  /// A batch is in the index.
  ///
  /// @param through everything up to here is in; empty while an earlier batch is not
  /// @param files changes of the batch
  /// @param cleared files that had failed and are right again
  record BatchConfirmed(String syncId, Optional<Checkpoint> through, long files, long bytes,
      SyncCounts counts, List<FileFailure> failures, List<FilePath> cleared, Instant at)
      implements
        RepositoryEvent {
    public BatchConfirmed {
      failures = failures == null ? List.of() : List.copyOf(failures);
      cleared = cleared == null ? List.of() : List.copyOf(cleared);
    }
  }

  /// @param writesPossibleUntil until when a write of a delivery that was given up may still arrive
  /// @param documents files in the index
  record SyncCompleted(String syncId, long documents, long chunks,
      Optional<Instant> writesPossibleUntil,
      Instant at) implements RepositoryEvent {}

  /// The sync stopped and resumes where it was.
  record SyncFailed(String syncId, Problem problem, boolean retryable, int attempt,
      Optional<Instant> nextTry, Instant at) implements RepositoryEvent {}

  /// The sync cannot be resumed (its commit is gone, what is indexed changed): the next one
  /// lists everything.
  record SyncAbandoned(String syncId, String reason, Instant at) implements RepositoryEvent {}

  /// These files may be wrong in the index and are written again by the next sync.
  ///
  /// @param reason `late_write`: a paused process wrote after its lease had ended; `verify`: a
  ///          verify found them different
  record FilesSuspected(List<FilePath> paths, String reason,
      Instant at) implements RepositoryEvent {
    public FilesSuspected {
      paths = List.copyOf(paths);
    }
  }

  /// A verify was asked for; it starts again after a restart until one has ended.
  record VerifyRequested(boolean deep, boolean repair, Instant at) implements RepositoryEvent {}

  /// A verify ended.
  ///
  /// @param startedAt when it was asked for
  record Verified(boolean deep, boolean repair, String commit, long files, long chunks,
      long missing, long stale, long wrongLines, long extra, long unsearchable,
      long repaired, Optional<String> error, Instant startedAt,
      Instant at) implements RepositoryEvent {}

  record RemovalRequested(boolean deleteCollection, Instant at) implements RepositoryEvent {}

  record Removed(Instant at) implements RepositoryEvent {}
}
