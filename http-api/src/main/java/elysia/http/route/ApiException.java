package elysia.http.route;

import elysia.core.outcome.Problem;
import java.util.List;
import java.util.OptionalLong;
import org.apache.pekko.http.javadsl.model.HttpHeader;

/// A request that gets a problem document for an answer. Carries no stack: it is an answer, not
/// a fault.
public final class ApiException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final int status;
  private final transient Problem problem;
  private final transient List<HttpHeader> headers;

  public ApiException(int status, Problem problem, List<HttpHeader> headers) {
    super(problem.text(), null, false, false);
    this.status = status;
    this.problem = problem;
    this.headers = List.copyOf(headers);
  }

  public ApiException(int status, String code, String message, String hint) {
    this(status, Problem.of(code, message, hint), List.of());
  }

  /// What the caller stated is malformed.
  public static ApiException invalid(String message) {
    return new ApiException(400, "invalid", message, "");
  }

  /// @param seconds after which to try again
  public static ApiException later(int status, String code, String message, long seconds) {
    return new ApiException(status, Problem.of(code, message, "try again in " + seconds + " s"),
        List.of(HttpHeader.parse("Retry-After", Long.toString(seconds))));
  }

  static ApiException tooLarge(long limit, OptionalLong actual) {
    return new ApiException(413, "too_large",
        "body: " + (actual.isPresent() ? actual.getAsLong() + " bytes" : "too large")
            + " (expected: at most " + limit + " bytes)",
        "");
  }

  public int status() {
    return status;
  }

  public Problem problem() {
    return problem;
  }

  public List<HttpHeader> headers() {
    return headers;
  }
}
