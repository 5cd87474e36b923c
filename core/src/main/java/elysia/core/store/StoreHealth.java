package elysia.core.store;

/// How the store fares, for the status page.
///
/// @param ok
///          whether the last calls worked
/// @param text
///          one line: what it is, or what is wrong and when the next try is
public record StoreHealth(boolean ok, String text) {}
