package elysia.core.store;

/// The health of the store, for the status page.
///
/// @param ok whether the last calls worked
/// @param text one line: what it is, or what is wrong and when the next try is
public record StoreHealth(boolean ok, String text) {}
