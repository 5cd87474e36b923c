package elysia.core.repository;

import elysia.core.identity.FilePath;
import elysia.core.wire.Wire;
import java.time.Instant;

/// A file that could not be indexed; tried again by every sync until it works or leaves the tree.
///
/// @param reason stable code, a label of metrics
/// @param message for a person
/// @param attempts how many syncs have tried
/// @param since when it failed first
public record FileFailure(FilePath path, String reason, String message, int attempts,
    Instant since) implements Wire {}
