package elysia.core.change;

import static org.assertj.core.api.Assertions.assertThat;

import elysia.core.change.Line.BadLine;
import elysia.core.change.Line.ChangeLine;
import elysia.core.change.Line.Folder;
import elysia.core.change.Line.Ignored;
import elysia.core.change.Line.Marker;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/// Real outputs of other programs, line by line.
class SamplesTest {
  @Test
  void mgitDiffOfAWorkTree() throws IOException {
    assertThat(read("mgit-diff-uncommitted.jsonl")).containsExactly("rich DELETE README.md absent",
        "rich MODIFY big.txt absent", "rich MODIFY crlf.txt absent",
        "rich MODIFY \"latin\\351.txt\" absent", "rich MODIFY link.py absent",
        "rich MODIFY logo.png absent", "rich MODIFY src/a.py absent",
        "rich RENAME src/b_renamed.py > src/b_again.py absent", "rich DELETE src/f.py absent",
        "rich ADD src/new.py absent", "rich MODIFY with space.txt absent",
        "rich MODIFY ünïcode.md absent", "rich ADD emptyfile.txt absent",
        "rich ADD latin1content.txt absent", "rich folder newdir", "rich ADD un tracked.txt absent",
        "rich at 09d430f757484b6994bfa59c898056808d51de44 of main");
  }

  @Test
  void mgitDiffWithContentThatIsNotTheFiles() throws IOException {
    assertThat(read("mgit-diff-embed-content.jsonl")).containsExactly(
        "rich DELETE README.md absent", "rich MODIFY big.txt unusable: size",
        "rich MODIFY crlf.txt unusable: size", "rich MODIFY \"latin\\351.txt\" absent",
        "rich MODIFY link.py absent", "rich MODIFY logo.png absent",
        "rich MODIFY src/a.py 25 bytes",
        "rich RENAME src/b_renamed.py > src/b_again.py absent", "rich DELETE src/f.py absent",
        "rich ADD src/new.py 9 bytes", "rich MODIFY with space.txt absent",
        "rich MODIFY ünïcode.md absent", "rich ADD Dockerfile 7 bytes", "rich ADD LICENSEX 6 bytes",
        "rich ADD big.json unusable: is_truncated", "rich ADD blob.bin absent",
        "rich ADD conf.json 7 bytes",
        "rich ADD emptyfile.txt unusable: size", "rich ADD huge.py unusable: size",
        "rich ADD latin1content.txt unusable: size", "rich ADD mid.py unusable: is_truncated",
        "rich folder newdir", "rich ADD nul.py absent", "rich ADD small.py 2401 bytes",
        "rich ADD un tracked.txt absent",
        "rich at 09d430f757484b6994bfa59c898056808d51de44 of main");
  }

  @Test
  void mgitMarkerAlone() throws IOException {
    assertThat(read("mgit-diff-incremental-after-pull.jsonl"))
        .containsExactly("behind at 7bf6f1bce74ac738a3d87a1c7725a00436e15bb5 of main");
  }

  @Test
  void threeTiersOfContent() throws IOException {
    assertThat(read("elysiactl-three-tier.jsonl")).containsExactly(
        "ServiceA ADD src/main.py 39 bytes", "ServiceA MODIFY docs/mid.txt 19090 decoded",
        "ServiceA ADD data/large.txt at @SAMPLES@/ref/large.txt",
        "ServiceA ADD img/logo.png at /nope/logo.png skip", "ServiceB DELETE old.py absent",
        "ServiceA at xyz789 of main");
  }

  @Test
  void eventStyle() throws IOException {
    String repo = "github.com/owner/repo ";
    assertThat(read("event-style-proposal.jsonl")).containsExactly("ignored EVENT", "ignored EVENT",
        repo + "ADD src/main.py 39 bytes", "bad content_base64",
        repo + "ADD data/large.txt at @SAMPLES@/ref/large.txt",
        repo + "MODIFY node_modules/x.js absent skip", repo + "DELETE old.py absent",
        repo + "at a1b2c3d4 of ?");
  }

  @Test
  void pathsOfPlainLines() throws IOException {
    try (InputStream in = open("ref/plain.txt")) {
      assertThat(TestLines.of(in, TestLines.SETTINGS)).map(SamplesTest::shown)
          .containsExactly("? MODIFY plain path line absent");
    }
  }

  private static List<String> read(String name) throws IOException {
    byte[] bytes;
    try (InputStream in = open(name)) {
      bytes = in.readAllBytes();
    }
    List<Line> lines = TestLines.of(bytes, TestLines.SETTINGS);
    long at = 0;
    for (Line line : lines) {
      assertThat(line.position().start()).isEqualTo(at);
      at = line.position().end();
    }
    assertThat(at).isEqualTo(bytes.length);
    assertThat(lines.getLast().position().line())
        .isEqualTo(new String(bytes, StandardCharsets.UTF_8).lines().count());
    return lines.stream().map(SamplesTest::shown).toList();
  }

  private static InputStream open(String name) {
    return Objects.requireNonNull(SamplesTest.class.getResourceAsStream("/change/" + name), name);
  }

  private static String shown(Line line) {
    return switch (line) {
      case ChangeLine(var change, var unknown) -> {
        assertThat(unknown).isEmpty();
        yield change.repo().map(Object::toString).orElse("?") + " " + change.op() + " "
            + change.path() + change.newPath().map(to -> " > " + to).orElse("") + " "
            + shown(change.content()) + (change.skipIndex() ? " skip" : "");
      }
      case Folder(_, var repo, var path) -> repo.orElseThrow() + " folder " + path;
      case Marker(_, var repo, var commit, var branch) ->
        repo + " at " + commit.orElse("?") + " of " + branch.orElse("?");
      case Ignored(_, var reason) -> "ignored " + reason;
      case BadLine bad -> "bad " + bad.wrong().split(":", 2)[0];
    };
  }

  private static String shown(LineContent content) {
    return switch (content) {
      case LineContent.Absent() -> "absent";
      case LineContent.Inline(var utf8) -> utf8.size() + " bytes";
      case LineContent.Decoded(var bytes) -> bytes.size() + " decoded";
      case LineContent.Ref(var path) -> "at " + path;
      case LineContent.Unusable(var reason) -> "unusable: " + reason.split(":", 2)[0];
    };
  }
}
