package elysia.core.repository;

import java.util.Map;
import java.util.Optional;

/// The effect that adding a repository would have, found without writing anything.
///
/// @param chunks of all indexable files
/// @param chunksToEmbed those whose vector the index does not have yet
/// @param tokensToEmbed in them
/// @param costUsd when a price per million tokens is set
public record Estimate(String name, String collection, String commit,
    RepositoryStatus.Discovery discovery, long files, Map<String, Long> skipped, long chunks,
    long chunksToEmbed, long tokensToEmbed, double estimatedSeconds, Optional<Double> costUsd) {}
