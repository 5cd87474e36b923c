package elysia.core.store;

/// The number of files and chunks that are stored.
///
/// @param files distinct (repository, path) pairs
public record Counts(long files, long chunks) {}
