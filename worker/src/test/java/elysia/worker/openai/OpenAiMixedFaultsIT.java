package elysia.worker.openai;

import static org.assertj.core.api.Assertions.assertThat;

import elysia.core.embed.Embedder.Embedded;
import elysia.core.embed.EmbeddingModel;
import elysia.core.outcome.Outcome;
import elysia.testkit.embed.EmbedderContract;
import elysia.testkit.embed.FakeEmbedder;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// All faults at once, given by the server's control routes as another process would.
class OpenAiMixedFaultsIT {
  private final Fixture s = new Fixture("batch-texts = 7, timeout = 300ms");
  private final HttpClient http = HttpClient.newHttpClient();

  private String control(String method, String path, String body)
      throws IOException, InterruptedException {
    HttpResponse<String> response = http.send(
        HttpRequest.newBuilder(URI.create(s.server.url() + "/control" + path))
            .method(method, HttpRequest.BodyPublishers.ofString(body)).build(),
        HttpResponse.BodyHandlers.ofString());
    assertThat(response.statusCode()).isEqualTo(200);
    return response.body();
  }

  @Test
  void everyTextGetsItsOwnVectorInTheEnd() throws IOException, InterruptedException {
    try (s; http) {
      for (String kind : List.of("RESET", "RESET_IN_ANSWER", "GARBAGE", "FEWER", "MORE",
          "SAME_INDEX", "INDEX_BEYOND", "NO_INDEX", "SHUFFLED", "NAN", "ZERO"))
        control("POST", "/faults",
            "{\"kind\":\"" + kind + "\",\"times\":-1,\"probability\":0.03}");
      control("POST", "/faults", "{\"kind\":\"HANG\",\"times\":3,\"probability\":0.05}");
      for (int status : new int[]{500, 502, 503, 429})
        control("POST", "/faults", "{\"kind\":\"STATUS\",\"times\":-1,\"probability\":0.04,"
            + "\"status\":" + status + ",\"headers\":{\"Retry-After\":\"7\"}}");
      control("PATCH", "/behaviour", "{\"poison\":\"text 77 \"}");

      List<String> texts = IntStream.range(0, 500).mapToObj(i -> "text " + i + " of many").toList();
      Map<String, Embedded> done = new HashMap<>();
      for (int round = 0; round < 300 && vectors(done) < 499; round++) {
        List<String> open = texts.stream()
            .filter(t -> !(done.get(t) instanceof Embedded.Vector)).limit(60).toList();
        Outcome<List<Embedded>> outcome = s.embedder.embed(open,
            (i, result) -> done.put(open.get(i), result));
        assertThat(outcome).isNotInstanceOf(Outcome.Refused.class);
        s.clock.advance(Duration.ofSeconds(7));
      }
      FakeEmbedder fake = new FakeEmbedder(new EmbeddingModel("openai", "fake-model", 32, 8191));
      for (String text : texts)
        if (done.get(text) instanceof Embedded.Vector(var vector))
          assertThat(EmbedderContract.cosine(vector, fake.vectorOf(text))).isGreaterThan(0.9999);
      assertThat(vectors(done)).isEqualTo(499);
      assertThat(done.get("text 77 of many")).isInstanceOf(Embedded.Rejected.class);

      control("DELETE", "/faults", "");
      assertThat(control("GET", "", "")).contains("\"faults\":[]");
      assertThat(s.embedder.embed(texts.subList(0, 7)).orElseThrow()).hasSize(7);
    }
  }

  private static long vectors(Map<String, Embedded> done) {
    return done.values().stream().filter(r -> r instanceof Embedded.Vector).count();
  }
}
