package elysia.core.source;

import elysia.core.identity.RepositoryName;
import elysia.core.wire.Wire;
import java.util.Optional;

/// The source of a repository's content.
///
/// @param location URL (https, http, ssh, file, scp-like `user@host:path`) or absolute local path,
///          without credentials in it
/// @param branch to follow; the remote's default branch (or a local repository's current branch)
///          when absent
/// @param provider of mgit's configuration through which to clone
public record SourceSpec(RepositoryName name, String location, Optional<String> branch,
    Optional<String> provider) implements Wire {}
