package elysia.core.event;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;

/// Something that happened to a repository.
///
/// @param type such as `repo:added`, `sync:progress`
/// @param repo the repository's name
/// @param data for a program; an object
public record Event(String type, String repo, JsonNode data, Instant timestamp) {}
