package elysia.deploy.feed;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import elysia.core.identity.Sha256;
import elysia.core.json.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.TreeMap;

/// What a node says that a collection holds.
final class IndexedFiles {
  private IndexedFiles() {}

  /// Paths of a repository with the hashes of their files.
  static Map<String, String> of(URI node, String collection, String repo)
      throws IOException, InterruptedException {
    Map<String, String> found = new TreeMap<>();
    try (HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1)
        .build()) {
      HttpResponse<String> answer = client.send(
          HttpRequest.newBuilder(
              URI.create(node + "/v1/collections/" + collection + "/files?repo=" + repo)).build(),
          HttpResponse.BodyHandlers.ofString());
      assertThat(answer.statusCode()).isEqualTo(200);
      for (String line : answer.body().lines().toList()) {
        JsonNode file = Json.mapper().readTree(line);
        found.put(file.path("path").asText(), file.path("file_hash").asText());
      }
    }
    return found;
  }

  /// The same of files of these contents.
  static Map<String, String> hashes(Map<String, String> contents) {
    Map<String, String> hashes = new TreeMap<>();
    contents.forEach((path, text) -> hashes.put(path, Sha256.hex(text)));
    return hashes;
  }
}
