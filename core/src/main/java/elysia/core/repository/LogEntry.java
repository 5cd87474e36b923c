package elysia.core.repository;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;

/// One line of a repository's history.
///
/// @param seq position in the history, ascending; the cursor
/// @param type such as `sync_started`, `sync_completed`, `sync_failed`, `pull_failed`, `added`,
///          `paused`
/// @param message for a person
/// @param data for a program
public record LogEntry(long seq, Instant at, String type, String message, JsonNode data) {}
