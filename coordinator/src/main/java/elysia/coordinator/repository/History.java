package elysia.coordinator.repository;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
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
import elysia.core.json.Json;
import elysia.core.repository.LogEntry;
import elysia.core.repository.RepositoryStatus.LastSync;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;

/// Events in words: the lines of a repository's history.
final class History {
  private History() {}

  /// The line of an event; none for what would be noise.
  ///
  /// @param after the state with the event applied
  static Optional<LogEntry> line(long seq, RepositoryEvent event, RepositoryState after) {
    return switch (event) {
      case Added(var settings, _) -> line(seq, event, "added", "added from "
          + settings.source().location() + " into collection " + settings.collection());
      case SettingsChanged _ -> line(seq, event, "updated", "settings changed");
      case Paused _ -> line(seq, event, "paused", "paused");
      case Resumed _ -> line(seq, event, "resumed", "resumed");
      case SyncRequested(var full, _) ->
        line(seq, event, "sync_requested", full ? "full sync requested" : "sync requested");
      case PullFailed(var problem, _, var attempt, var next, _) -> line(seq, event, "pull_failed",
          "pull failed, try " + attempt + ": " + problem.text()
              + next.map(t -> "; next try " + t).orElse(""));
      case Checked _ -> Optional.empty();
      case SyncStarted started -> line(seq, event, "sync_started",
          (started.from().isEmpty()
              ? "full sync"
              : "sync from " + Names.shortId(started.from().get())) + " to "
              + started.to().map(Names::shortId).orElse("no commit") + ", " + started.files()
              + " files, pulled by " + started.via());
      case BatchConfirmed confirmed -> confirmed.failures().isEmpty()
          ? Optional.empty()
          : line(seq, event, "files_failed",
              confirmed.failures().size() + " files failed, first: "
                  + confirmed.failures().getFirst().path() + ": "
                  + confirmed.failures().getFirst().message());
      case SyncCompleted _ -> after.lastResult().flatMap(last -> completed(seq, event, last));
      case SyncFailed(_, var problem, _, var attempt, var next, _) ->
        line(seq, event, "sync_failed",
            "sync failed, try " + attempt + ": " + problem.text()
                + next.map(t -> "; goes on " + t).orElse(""));
      case SyncAbandoned(_, var reason, _) -> line(seq, event, "sync_abandoned",
          "sync abandoned: " + reason + "; everything is listed again");
      case FilesSuspected(var paths, var reason, _) -> line(seq, event, "files_suspected",
          paths.size() + " files are written again by the next sync (" + reason + ")");
      case VerifyRequested(var deep, var repair, _) -> line(seq, event, "verify_requested",
          (deep ? "deep verify" : "verify") + (repair ? " with repair" : "") + " requested");
      case Verified v -> line(seq, event, "verified",
          v.error().map(e -> "verify failed: " + e)
              .orElseGet(() -> v.files() + " files, " + v.chunks() + " chunks: " + v.missing()
                  + " missing, " + v.stale() + " stale, " + v.wrongLines() + " with wrong lines, "
                  + v.extra() + " extra, " + v.unsearchable() + " unsearchable; "
                  + v.repaired() + " repaired"));
      case RemovalRequested _ -> line(seq, event, "removal_requested", "removal requested");
      case Removed _ -> line(seq, event, "removed", "removed");
    };
  }

  /// The same for the log of the node, of what an operator wants to see there.
  static void log(Logger log, String name, RepositoryEvent event, RepositoryState after) {
    switch (event) {
      case PullFailed(var problem, _, var attempt, var next, _) ->
        log.warn("{}: pull failed, try {}: {}; next try {}", name, attempt, problem.text(),
            next.map(Instant::toString).orElse("never"));
      case SyncFailed(_, var problem, _, var attempt, var next, _) ->
        log.warn("{}: sync failed, try {}: {}; resumes {}", name, attempt, problem.text(),
            next.map(Instant::toString).orElse("never"));
      case SyncCompleted _ -> after.lastResult().ifPresent(last -> log.info(
          "{}: synced to {} ({}): {} files indexed, {} removed, {} failed, {} chunks embedded, {} reused, {} ms",
          name, last.to(), last.mode(), last.counts().filesIndexed(),
          last.counts().filesRemoved(), last.counts().filesFailed(),
          last.counts().chunksEmbedded(), last.counts().chunksReused(),
          Duration.between(last.startedAt(), last.endedAt()).toMillis()));
      default -> {
      }
    }
  }

  private static Optional<LogEntry> completed(long seq, RepositoryEvent event, LastSync last) {
    var c = last.counts();
    return line(seq, event, "sync_completed",
        "synced to " + (last.to().isEmpty() ? "no commit" : Names.shortId(last.to())) + ": "
            + c.filesIndexed() + " files indexed, "
            + c.filesRemoved() + " removed, " + c.filesFailed() + " failed; " + c.chunksWritten()
            + " chunks written, " + c.chunksEmbedded() + " embedded, " + c.chunksReused()
            + " reused, " + c.chunksRemoved() + " removed; "
            + Duration.between(last.startedAt(), last.endedAt()).toMillis() + " ms");
  }

  private static Optional<LogEntry> line(long seq, RepositoryEvent event, String type,
      String message) {
    JsonNode data = event instanceof Added || event instanceof SettingsChanged
        ? JsonNodeFactory.instance.objectNode()
        : Json.mapper().valueToTree(event);
    if (data instanceof ObjectNode object)
      object.remove("at");
    return Optional.of(new LogEntry(seq, event.at(), type, message, data));
  }
}
