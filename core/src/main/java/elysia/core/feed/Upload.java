package elysia.core.feed;

import java.util.Optional;

/// One attempt at an upload.
///
/// @param key that the client chose
/// @param owner this attempt
/// @param attempt its number: a later one is higher
/// @param acknowledged lines that an earlier attempt has done
/// @param fingerprint SHA-256 of the body up to the end of the last acknowledged line, hex; empty
///          where nothing is acknowledged
/// @param resumed whether there was an earlier attempt
public record Upload(String key, String owner, long attempt, long acknowledged,
    Optional<String> fingerprint, boolean resumed) {}
