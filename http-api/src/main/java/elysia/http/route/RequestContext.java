package elysia.http.route;

import elysia.core.auth.Principal;
import elysia.core.auth.Scope;
import elysia.core.identity.Printable;
import elysia.core.outcome.Outcome;
import elysia.core.outcome.Unit;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.util.ByteString;

/// A request that was let in, as its handler sees it. Every accessor rejects with 400 what
/// is malformed.
public final class RequestContext {
  private final HttpRequest request;
  private final Principal principal;
  private final Map<String, String> path;
  private final Map<String, List<String>> query;
  private final ByteString body;
  private final AuditContext auditContext;
  private final Supplier<Outcome<Unit>> admitted;

  RequestContext(HttpRequest request, Principal principal, Map<String, String> path,
      Map<String, List<String>> query, ByteString body, AuditContext auditContext,
      Supplier<Outcome<Unit>> admitted) {
    this.request = request;
    this.principal = principal;
    this.path = path;
    this.query = query;
    this.body = body;
    this.auditContext = auditContext;
    this.admitted = admitted;
  }

  public HttpRequest request() {
    return request;
  }

  public Principal principal() {
    return principal;
  }

  /// Whether the caller would still be let in; to be asked again and again by what goes on for
  /// long. `Busy` while that cannot be known.
  public Outcome<Unit> stillAdmitted() {
    return admitted.get();
  }

  /// A segment of the path, by its name in the template.
  public String path(String name) {
    String value = path.get(name);
    if (value == null)
      throw new IllegalStateException(name + ": not in the template");
    return value;
  }

  public Optional<String> text(String parameter) {
    List<String> values = query.getOrDefault(parameter, List.of());
    if (values.size() > 1)
      throw ApiException
          .invalid(parameter + ": given " + values.size() + " times (expected: once)");
    return values.stream().filter(value -> !value.isEmpty()).findFirst();
  }

  /// Given once or often, each with one or more values between commas.
  public List<String> texts(String parameter) {
    return query.getOrDefault(parameter, List.of()).stream()
        .flatMap(value -> Arrays.stream(value.split(",", -1))).map(String::strip)
        .filter(value -> !value.isEmpty()).toList();
  }

  /// False when absent; true for a parameter without a value.
  public boolean flag(String parameter) {
    if (!query.containsKey(parameter))
      return false;
    return switch (text(parameter).orElse("true")) {
      case "true", "1" -> true;
      case "false", "0" -> false;
      case String other -> throw ApiException
          .invalid(parameter + ": " + Printable.of(other) + " (expected: true or false)");
    };
  }

  public int number(String parameter, int otherwise, int min, int max) {
    Optional<String> text = text(parameter);
    if (text.isEmpty())
      return otherwise;
    try {
      int value = Integer.parseInt(text.get());
      if (value >= min && value <= max)
        return value;
    } catch (NumberFormatException e) { // told below
    }
    throw ApiException.invalid(
        parameter + ": " + Printable.of(text.get()) + " (expected: " + min + " to " + max + ")");
  }

  /// Tells the audit log what the request is about, beyond its path and query; never a secret.
  public void about(String name, String value) {
    auditContext.about(name, value);
  }

  public <T> T json(Class<T> type) {
    return JsonBody.read(body.toArray(), type);
  }

  /// Rejects a caller who lacks a scope that only this form of the request needs.
  public void require(Scope scope) {
    if (!principal.may(scope))
      throw forbidden(scope);
  }

  static ApiException forbidden(Scope scope) {
    String label = scope.name().toLowerCase(Locale.ROOT);
    return new ApiException(403, "forbidden", "this token lacks the scope " + label,
        "use a token with the scope " + label);
  }
}
