package elysia.worker.openai;

import java.net.URI;
import java.net.URISyntaxException;

/// Where the service is.
final class EmbeddingsAddress {
  private EmbeddingsAddress() {}

  /// The full address of a service given by its host, its `/v1` or its full path.
  ///
  /// @throws IllegalArgumentException when it is no plain HTTP address
  static URI of(String url) {
    try {
      URI uri = new URI(url.strip());
      boolean http = "http".equalsIgnoreCase(uri.getScheme())
          || "https".equalsIgnoreCase(uri.getScheme());
      if (!http || uri.getHost() == null || uri.getRawUserInfo() != null
          || uri.getRawFragment() != null)
        throw invalid();
      String path = uri.getRawPath().replaceAll("/+$", "");
      if (!path.endsWith("/embeddings"))
        path += path.matches(".*/v\\d+") ? "/embeddings" : "/v1/embeddings";
      String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
      return new URI(uri.getScheme() + "://" + uri.getRawAuthority() + path + query);
    } catch (URISyntaxException _) {
      throw invalid(); // not the cause: it quotes the address, which may hold a password
    }
  }

  private static IllegalArgumentException invalid() {
    return new IllegalArgumentException(
        "url: not usable (expected: http://host/… or https://host/…, no user, no password)");
  }
}
