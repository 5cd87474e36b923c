package elysia.worker.weaviate;

/// What a server that works said.
sealed interface HttpReply<T> {
  record Done<T>(T value) implements HttpReply<T> {}

  /// @param status
  ///          4xx, or 500 for the few that the server means as final
  record Denied<T>(int status, ServerMessage message) implements HttpReply<T> {}
}
