package elysia.core.feed;

/// One attempt at an upload.
///
/// @param key
///          that the client chose
/// @param owner
///          this attempt
/// @param attempt
///          its number: a later one is higher
/// @param acknowledged
///          lines that an earlier attempt has done
/// @param resumed
///          whether there was an earlier attempt
public record Upload(String key, String owner, long attempt, long acknowledged, boolean resumed) {}
