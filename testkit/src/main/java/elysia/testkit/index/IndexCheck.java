package elysia.testkit.index;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import elysia.core.identity.FilePath;
import elysia.testkit.git.GitRepository;
import elysia.testkit.node.Api;
import elysia.testkit.node.NodeProcess;
import elysia.testkit.process.Await;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Compares an index with a commit from outside: through `git`, the counts of the collection and
/// the search. Shares nothing with `repo verify`.
public final class IndexCheck {
  private static final int MOST_CHUNKS = 1_000;
  private static final Duration TRIES = Duration.ofMinutes(2);

  private final NodeProcess node;

  public IndexCheck(NodeProcess node) {
    this.node = node;
  }

  /// The command line says that the index is exact.
  public void verified(String name) {
    node.ok("repo", "verify", name);
  }

  /// The same by the API, which is quicker.
  public void verifiedByApi(String name) {
    verifiedByApi(name, false);
  }

  /// @param deep each chunk is also found by its own vector
  public void verifiedByApi(String name, boolean deep) {
    JsonNode report = node.api().patient()
        ? Await.until("a verify of " + name, TRIES, () -> Optional.of(report(name, deep))
            .filter(tried -> tried.path("state").asText().equals("done")))
        : report(name, deep);
    assertThat(report.path("state").asText()).as(report.toString()).isEqualTo("done");
    for (String kind : List.of("missing", "stale", "wrong_lines", "extra", "unsearchable"))
      assertThat(report.path(kind).asLong(-1)).as(report.toString()).isZero();
  }

  private JsonNode report(String name, boolean deep) {
    Instant asked = Instant.now();
    node.api().post("/v1/repositories/" + name + "/verify?deep=" + deep, "");
    return node.api().await(name, "verified", status -> {
      JsonNode now = status.path("verify");
      return !now.path("state").asText("running").equals("running")
          && !Instant.parse(now.path("started_at").asText()).isBefore(asked)
          && Api.resting(status);
    }).path("verify");
  }

  /// The collection of a repository holds the files of the commit and no others, by number, and
  /// about `sample` of them, evenly spread, line by line.
  ///
  /// @param name of repository and collection
  public void equalsTree(String name, GitRepository repository, String commit, long maxSize,
      int sample) {
    List<TreeFile> files = TreeFile.indexable(repository, commit, maxSize);
    JsonNode collection = node.api().get("/v1/collections/" + name);
    assertThat(collection.path("files").asLong()).as("files in " + name + " at " + commit)
        .isEqualTo(files.size());
    int step = Math.max(1, files.size() / sample);
    for (int i = 0; i < files.size(); i += step)
      sameLines(name, files.get(i));
  }

  private void sameLines(String collection, TreeFile file) {
    String words = file.path().replaceAll("[^\\p{L}\\p{N}]+", " ").strip();
    assertThat(words).as("a path with words: " + file.path()).isNotEmpty();
    JsonNode hits = node.api().keyword(collection, words, Optional.of(glob(file.path())),
        MOST_CHUNKS);
    List<String> lines = file.lines();
    List<Boolean> covered = new ArrayList<>();
    for (String line : lines)
      covered.add(line.isBlank());
    for (JsonNode hit : hits) {
      assertThat(hit.path("path").asText()).isEqualTo(file.path());
      int start = hit.path("start_line").asInt();
      int end = hit.path("end_line").asInt();
      String content = hit.path("content").asText();
      String there = String.join("\n", lines.subList(start - 1, end));
      if (start == end) // a long line may be split
        assertThat(there).as(file.path() + ":" + start).contains(content);
      else
        assertThat(content).as(file.path() + ":" + start + "-" + end).isEqualTo(there);
      for (int line = start; line <= end; line++)
        covered.set(line - 1, true);
    }
    if (hits.size() < MOST_CHUNKS)
      assertThat(covered).as("lines of " + file.path() + " in " + collection)
          .doesNotContain(false);
  }

  /// A glob for just this path: its name without Git's quotes, bytes that are no text as any.
  private static String glob(String path) {
    return new FilePath(path).text().replaceAll("([\\\\*?\\[\\]{}])", "\\\\$1")
        .replace('\ufffd', '?');
  }
}
