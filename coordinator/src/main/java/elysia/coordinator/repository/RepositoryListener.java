package elysia.coordinator.repository;

import elysia.core.repository.LogEntry;
import elysia.core.repository.RepositoryStatus;
import java.time.Duration;
import java.util.Optional;

/// Where a repository tells what happened to it: the read side, metrics and listeners. Never
/// blocks, never throws.
public interface RepositoryListener {
  /// A repository's status changed.
  ///
  /// @param seq number of its last event: later statuses replace earlier ones
  /// @param entry the line of its history that belongs to this event
  void changed(String name, long seq, RepositoryStatus status, Optional<LogEntry> entry);

  /// An event was persisted.
  void happened(String name, RepositoryEvent event, RepositoryState after);

  /// Its activity changed.
  default void moved(String name, Transition transition) {}

  /// A stage of a sync took this long.
  ///
  /// @param stage `pull` or `detect`
  void timed(String stage, Duration duration);

  /// It is not managed any more.
  void removed(String name, long seq);
}
