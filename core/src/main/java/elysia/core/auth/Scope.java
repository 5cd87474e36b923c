package elysia.core.auth;

/// What a caller may do. Each stands alone: a token that may change things needs `READ` as well to
/// look at them.
public enum Scope {
  /// Look and search.
  READ,
  /// Add, change, sync and remove repositories.
  WRITE,
  /// Delete collections, manage tokens.
  ADMIN
}
