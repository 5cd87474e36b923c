package elysia.http.route;

import elysia.core.auth.Scope;
import elysia.core.identity.Printable;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.HttpMethods;
import org.apache.pekko.http.javadsl.model.HttpRequest;

/// Facts of one request for the audit log, gathered on its way. Not thread-safe: a request is in
/// one place at a time.
final class AuditContext {
  private final Map<String, String> what = new TreeMap<>();
  private String who = "";
  private String code = "";

  void by(String name) {
    who = name;
  }

  void about(String name, String value) {
    what.put(name, Printable.of(value));
  }

  void failed(String problem) {
    code = problem;
  }

  /// Writes what there is to write.
  CompletionStage<Void> end(Audit audit, HttpRequest request, RouteTable.Match match, int status) {
    boolean refused = status == 401 || status == 403 || status == 429;
    if (!refused && !changes(match))
      return CompletableFuture.completedFuture(null);
    Audit.Entry entry = new Audit.Entry(who, Peer.of(request),
        request.method().value() + " " + Router.route(match), Map.copyOf(what), status, code);
    if (!refused)
      return audit.changed(entry);
    audit.refused(entry);
    return CompletableFuture.completedFuture(null);
  }

  private static boolean changes(RouteTable.Match match) {
    return match instanceof RouteTable.Match.Found(var endpoint, _)
        && !endpoint.method().equals(HttpMethods.GET)
        && endpoint.scope().filter(scope -> scope != Scope.READ).isPresent();
  }
}
