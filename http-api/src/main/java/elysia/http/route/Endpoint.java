package elysia.http.route;

import elysia.core.auth.Scope;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.HttpMethod;
import org.apache.pekko.http.javadsl.model.HttpMethods;
import org.apache.pekko.http.javadsl.model.HttpResponse;

/// One method on one path: all that the router, the guards, the metrics and the API's description
/// need to know of it.
///
/// @param template such as `/v1/repositories/{name}`; a name in braces stands for one segment
/// @param scope what the caller must be allowed; absent for what anybody may ask
/// @param slow whether the answer may need a look at a remote or at a whole tree
/// @param parameters of the query; any other is refused
public record Endpoint(HttpMethod method, String template, Optional<Scope> scope, Body body,
    boolean slow, Set<String> parameters, Handler handler) {
  /// Treatment of a request's body.
  public enum Body {
    /// Read and dropped.
    NONE,
    /// Read whole, within the size limit; must be `application/json`.
    JSON,
    /// Left to the handler, without a limit.
    STREAM
  }

  /// Responses a request. An exception other than [ApiException] becomes a 500.
  @FunctionalInterface
  public interface Handler {
    CompletionStage<HttpResponse> handle(RequestContext context);
  }

  public Endpoint {
    parameters = Set.copyOf(parameters);
  }

  public static Endpoint get(String template, Handler handler, String... parameters) {
    return new Endpoint(HttpMethods.GET, template, Optional.of(Scope.READ), Body.NONE, false,
        Set.of(parameters), handler);
  }

  /// A change without a body.
  public static Endpoint act(HttpMethod method, String template, Handler handler,
      String... parameters) {
    return new Endpoint(method, template, Optional.of(Scope.WRITE), Body.NONE, false,
        Set.of(parameters),
        handler);
  }

  /// A change that is stated in the body.
  public static Endpoint change(HttpMethod method, String template, Body body, Handler handler,
      String... parameters) {
    return new Endpoint(method, template, Optional.of(Scope.WRITE), body, false, Set.of(parameters),
        handler);
  }

  public Endpoint needs(Scope other) {
    return new Endpoint(method, template, Optional.of(other), body, slow, parameters, handler);
  }

  /// Needs no token.
  public Endpoint open() {
    return new Endpoint(method, template, Optional.empty(), body, slow, parameters, handler);
  }

  /// Gets the long timeout.
  public Endpoint slowly() {
    return new Endpoint(method, template, scope, body, true, parameters, handler);
  }
}
