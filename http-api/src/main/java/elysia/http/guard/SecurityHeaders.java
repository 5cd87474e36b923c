package elysia.http.guard;

import java.util.List;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpResponse;

/// Headers on every answer that keep a browser from doing more with it than it should. What an
/// endpoint set itself stays.
public final class SecurityHeaders {
  private static final List<HttpHeader> HEADERS = List.of(
      HttpHeader.parse("X-Content-Type-Options", "nosniff"),
      HttpHeader.parse("X-Frame-Options", "DENY"),
      HttpHeader.parse("Referrer-Policy", "no-referrer"),
      HttpHeader.parse("Cross-Origin-Resource-Policy", "same-origin"),
      HttpHeader.parse("Cross-Origin-Opener-Policy", "same-origin"),
      HttpHeader.parse("Cache-Control", "no-store"),
      HttpHeader.parse("Content-Security-Policy",
          "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"));

  private SecurityHeaders() {}

  public static HttpResponse on(HttpResponse response) {
    return response.addHeaders(HEADERS.stream()
        .filter(header -> response.getHeader(header.name()).isEmpty()).toList());
  }
}
