package elysia.worker.weaviate;

/// The answer of a server that works.
sealed interface HttpReply<T> {
  record Done<T>(T value) implements HttpReply<T> {}

  /// @param status 4xx, or 500 for the few that the server means as final
  record Denied<T>(int status, ServerMessage message) implements HttpReply<T> {}
}
