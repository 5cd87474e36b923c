package elysia.core.search;

import java.util.Optional;

/// A found chunk, as the API shows it.
///
/// @param commit at which this chunk was written
/// @param indexedCommit the commit to which the chunk's repository is synced; absent when the
///          cluster does not manage it
public record SearchHit(double score, String collection, String repo, String path, int startLine,
    int endLine, String language, String content, String commit,
    Optional<String> indexedCommit) {}
