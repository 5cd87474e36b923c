package elysia.http.route;

import java.util.Map;
import java.util.concurrent.CompletionStage;

/// A record of who changed what. Never throws synchronously.
public interface Audit {
  /// A request that could change something, or one that was refused.
  ///
  /// @param who name of the token; empty for a caller who was not recognized
  /// @param from address of the other end of the connection
  /// @param action method and route, such as `POST /v1/repositories/{name}/sync`
  /// @param what what it was about: the route's names, the query, what the handler told of the body
  /// @param code of the problem; empty when it went well
  record Entry(String who, String from, String action, Map<String, String> what, int status,
      String code) {}

  /// @return completed when it is written
  CompletionStage<Void> changed(Entry entry);

  /// A request that was not let in (401, 403, 429).
  void refused(Entry entry);
}
