package elysia.core.feed;

import elysia.core.identity.FilePath;
import elysia.core.outcome.Problem;

/// A change that was not applied.
///
/// @param line of the input, from 1
public record LineFailure(long line, FilePath path, Problem error) {}
