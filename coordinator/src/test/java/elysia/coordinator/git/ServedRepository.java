package elysia.coordinator.git;

import static org.assertj.core.api.Assertions.assertThat;

import elysia.core.identity.FilePath;
import elysia.core.outcome.Outcome;
import elysia.core.source.Changes;
import elysia.core.source.Pulled;
import elysia.core.source.SourceChange;
import elysia.core.source.SourceSpec;
import elysia.testkit.git.TestRepository;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// A bare repository that a server offers, and the work tree of somebody who pushes into it.
record ServedRepository(Path bare, TestRepository author) {
  /// `app.git` in this folder, with one commit.
  static ServedRepository create(Path root, Path work) {
    TestRepository bare = TestRepository.create(root.resolve("app.git"), "--bare");
    ServedRepository served = new ServedRepository(bare.folder(), TestRepository.create(work));
    served.push(Map.of("a.txt", "one\n", "b.txt", "two\n"));
    return served;
  }

  String push(Map<String, String> files) {
    String commit = author.publish(files);
    author.git("push", "-q", "--force", bare.toString(), "main");
    return commit;
  }

  /// The first commit and what it changed, rewritten.
  String forcePush() {
    author.git("checkout", "-q", "--orphan", "anew");
    author.write("c.txt", "three\n");
    String commit = author.commit("rewritten");
    author.git("branch", "-q", "-M", "anew", "main");
    author.git("push", "-q", "--force", bare.toString(), "main");
    return commit;
  }

  String head() {
    return author.git("rev-parse", "HEAD");
  }

  /// A source clones it, follows a push and a rewritten history, and reads what changed.
  void assertFollowedBy(GitSource source, SourceSpec spec) {
    String first = head();
    assertThat(pulled(source, spec)).isEqualTo(first);
    String second = push(Map.of("a.txt", "one\n", "b.txt", "other\n"));
    assertThat(pulled(source, spec)).isEqualTo(second);
    try (Changes changes = source.changes(spec, Optional.of(first), second).orElseThrow()) {
      SourceChange.Put put = (SourceChange.Put) changes.next().orElseThrow().orElseThrow();
      assertThat(put.path()).isEqualTo(new FilePath("b.txt"));
      assertThat(changes.contents(List.of(put)).orElseThrow().getFirst())
          .isEqualTo("other\n".getBytes(StandardCharsets.UTF_8));
      assertThat(changes.next().orElseThrow()).isEmpty();
    }
    String rewritten = forcePush();
    assertThat(pulled(source, spec)).isEqualTo(rewritten);
    assertThat(source.lookup(spec, rewritten, List.of(new FilePath("c.txt"))).orElseThrow())
        .singleElement().isInstanceOf(SourceChange.Put.class);
  }

  private static String pulled(GitSource source, SourceSpec spec) {
    Pulled pulled = source.pull(spec).orElseThrow();
    assertThat(pulled.branch()).contains("main");
    return pulled.commit().orElseThrow();
  }

  /// The reason of a pull that did not work.
  static String reason(Outcome<Pulled> outcome) {
    return switch (outcome) {
      case Outcome.Ok<Pulled>(var pulled) -> throw new AssertionError("pulled " + pulled);
      case Outcome.Busy<Pulled>(_, var reason, _) -> "busy: " + reason;
      case Outcome.Refused<Pulled>(var problem) -> problem.code() + ": " + problem.text();
    };
  }

  /// No file below this folder holds the text.
  static void assertNowhereIn(Path folder, String text) {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList())
        assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1))
            .as(file.toString()).doesNotContain(text);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
