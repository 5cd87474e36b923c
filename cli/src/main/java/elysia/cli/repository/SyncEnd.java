package elysia.cli.repository;

import elysia.core.repository.RepositoryStatus;
import elysia.core.repository.RepositoryStatus.LastError;
import java.time.Instant;
import java.util.Optional;

/// Tells from two statuses whether the sync that was asked for between them is over.
enum SyncEnd {
  RUNNING, COMPLETED,
  /// Nothing had changed since the last one.
  UP_TO_DATE,
  /// The node tries again later, or gave up.
  FAILED, PAUSED;

  /// What stood in the status before the sync was asked for.
  record Mark(Optional<String> syncId, Optional<Instant> checked, Optional<LastError> trouble) {
    static final Mark NEW = new Mark(Optional.empty(), Optional.empty(), Optional.empty());

    static Mark of(RepositoryStatus status) {
      return new Mark(status.lastResult().map(RepositoryStatus.LastSync::syncId),
          status.lastChecked(), status.trouble());
    }
  }

  /// @param active whether it was seen at work since it was asked for
  /// @param patient whether an idle repository may still begin
  static SyncEnd of(Mark before, RepositoryStatus now, boolean active, boolean patient) {
    Optional<String> ended = now.lastResult().map(RepositoryStatus.LastSync::syncId);
    Optional<String> running = now.progress().map(RepositoryStatus.Progress::syncId);
    if (ended.isPresent() && !ended.equals(before.syncId()) && !ended.equals(running))
      return now.lastResult().filter(sync -> sync.result().startsWith("fail")).isPresent()
          ? FAILED
          : COMPLETED;
    return switch (now.state()) {
      case WAITING -> !pausesInside(now) && now.trouble().isPresent()
          && (active || !now.trouble().equals(before.trouble())) ? FAILED : RUNNING;
      case PAUSED -> PAUSED;
      case IDLE -> {
        if (now.trouble().isPresent() && !now.trouble().equals(before.trouble()))
          yield FAILED;
        boolean checked = now.lastChecked().isPresent()
            && !now.lastChecked().equals(before.checked());
        yield active || checked || !patient ? UP_TO_DATE : RUNNING;
      }
      default -> RUNNING;
    };
  }

  /// A sync that waits, for the store say, and resumes by itself.
  private static boolean pausesInside(RepositoryStatus status) {
    return status.progress().flatMap(RepositoryStatus.Progress::waiting).isPresent();
  }

  static boolean working(RepositoryStatus status) {
    return switch (status.state()) {
      case PULLING, SYNCING -> true;
      default -> pausesInside(status);
    };
  }
}
