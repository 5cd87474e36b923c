package elysia.core.auth;

/// A permission of a caller. Each stands alone: a token that may change things needs `READ` as well
/// to look at them.
public enum Scope {
  /// Look and search.
  READ,
  /// Add, change, sync and remove repositories.
  WRITE,
  /// Delete collections, manage tokens.
  ADMIN
}
