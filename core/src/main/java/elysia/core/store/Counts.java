package elysia.core.store;

/// How much is stored.
///
/// @param files
///          distinct (repository, path) pairs
public record Counts(long files, long chunks) {}
