package elysia.http.page;

import elysia.http.route.Endpoint;
import elysia.http.route.Responses;
import elysia.http.route.Routes;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpResponse;

/// `/`, the dashboard, open to anybody as it holds nothing but a form for a token, and
/// `/openapi.json`. The dashboard is one document whose script and style are allowed by their
/// hashes: nothing else runs in it, and it asks nobody but this node.
public final class PageRoutes implements Routes {
  private final byte[] page;
  private final HttpHeader policy;
  private final byte[] openApi;

  public PageRoutes() {
    String style = text("dashboard.css");
    String script = text("dashboard.js");
    page = text("dashboard.html").replace("<!--style-->", "<style>" + style + "</style>")
        .replace("<!--script-->", "<script>" + script + "</script>")
        .getBytes(StandardCharsets.UTF_8);
    policy = HttpHeader.parse("Content-Security-Policy",
        "default-src 'none'; connect-src 'self'; style-src 'sha256-" + hash(style)
            + "'; script-src 'sha256-" + hash(script)
            + "'; img-src data:; frame-ancestors 'none'; base-uri 'none'; form-action 'none'");
    openApi = text("openapi.json").getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public List<Endpoint> endpoints() {
    return List.of(Endpoint.get("/", _ -> CompletableFuture.completedFuture(dashboard())).open(),
        Endpoint.get("/openapi.json", _ -> CompletableFuture
            .completedFuture(Responses.of(200, ContentTypes.APPLICATION_JSON, openApi))));
  }

  private HttpResponse dashboard() {
    return Responses.of(200, ContentTypes.TEXT_HTML_UTF8, page).addHeader(policy);
  }

  private static String text(String name) {
    try (InputStream in = PageRoutes.class.getResourceAsStream("/elysia/http/" + name)) {
      if (in == null)
        throw new IllegalStateException(name + ": not in the distribution");
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String hash(String text) {
    try {
      return Base64.getEncoder().encodeToString(
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
