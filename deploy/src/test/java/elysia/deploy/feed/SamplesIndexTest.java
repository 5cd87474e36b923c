package elysia.deploy.feed;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import elysia.core.store.StoredChunk;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Real outputs of other programs come to the right index, line by line, and every line that cannot
/// without the file itself is named. What is right stands in `feed/*.txt`, written by hand.
class SamplesIndexTest {
  /// What the index holds before, so that deletes and renames have something to act on.
  private static final String BEFORE = """
      {"repo":"rich","op":"add","path":"README.md","content":"read me\\n"}
      {"repo":"rich","op":"add","path":"src/f.py","content":"f = 1\\n"}
      {"repo":"rich","op":"add","path":"src/b_renamed.py","content":"b = 1\\nc = 2\\n"}
      {"repo":"rich","op":"add","path":"src/a.py","content":"old\\n"}
      {"repo":"rich","op":"add","path":"kept.py","content":"kept\\n"}
      {"repo":"ServiceB","op":"add","path":"old.py","content":"old\\n"}
      {"repo":"github.com/owner/repo","op":"add","path":"old.py","content":"old\\n"}
      {"repo":"github.com/owner/repo","op":"add","path":"node_modules/x.js","content":"x\\n"}
      """;
  private FeedRig rig;

  @BeforeEach
  void start() throws Exception {
    rig = new FeedRig(1);
    rig.sendAll("before", BEFORE.getBytes(StandardCharsets.UTF_8));
  }

  @AfterEach
  void end() {
    rig.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"mgit-diff-uncommitted", "mgit-diff-embed-content",
      "mgit-diff-incremental-after-pull", "elysiactl-three-tier", "event-style-proposal"})
  void sampleComesToItsIndex(String name) throws Exception {
    byte[] sample = resource("/change/" + name + ".jsonl");
    List<JsonNode> answer = rig.send("sample", sample, sample.length).toCompletableFuture()
        .get(60, TimeUnit.SECONDS);
    List<String> found = new ArrayList<>();
    List<JsonNode> failed = new ArrayList<>(answer);
    failed.sort(Comparator.comparingInt(line -> line.path("line").asInt()));
    for (JsonNode line : failed)
      if (line.has("error"))
        found.add("line " + line.path("line").asInt() + " " + line.path("path").asText() + " "
            + line.path("error").path("code").asText() + " "
            + line.path("error").path("message").asText().replaceFirst(" \\(expected: (?s:.*)",
                ""));
    found.addAll(index());
    assertThat(found).containsExactlyElementsOf(
        new String(resource("/feed/" + name + ".txt"), StandardCharsets.UTF_8).lines().toList());
  }

  private static byte[] resource(String name) throws IOException {
    try (InputStream in = Objects.requireNonNull(SamplesIndexTest.class.getResourceAsStream(name),
        name)) {
      return in.readAllBytes();
    }
  }

  /// A line for each file: repository, path, size, hash, lines.
  private List<String> index() {
    Map<String, String> files = new LinkedHashMap<>();
    for (StoredChunk chunk : rig.store.content(FeedRig.COLLECTION))
      files.merge("index " + chunk.repo() + " " + chunk.path() + " " + chunk.sizeBytes() + " bytes "
          + chunk.fileHash().substring(0, 12),
          " lines " + chunk.startLine() + "-"
              + chunk.endLine(),
          (first, next) -> first.substring(0, first.lastIndexOf('-') + 1)
              + next.substring(next.lastIndexOf('-') + 1));
    return files.entrySet().stream().map(file -> file.getKey() + file.getValue()).toList();
  }
}
