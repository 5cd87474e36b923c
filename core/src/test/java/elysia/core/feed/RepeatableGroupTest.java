package elysia.core.feed;

import static org.assertj.core.api.Assertions.assertThat;

import elysia.core.change.Change;
import elysia.core.change.ChangeMetadata;
import elysia.core.change.LineContent;
import elysia.core.change.LinePosition;
import elysia.core.change.Op;
import elysia.core.feed.RepeatableGroup.Touched;
import elysia.core.identity.FilePath;
import elysia.core.identity.RepositoryName;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RepeatableGroupTest {
  /// `a>b` moves a to b, `a` touches a, `x:a` does so in the repository x, `-` touches nothing.
  private static Optional<Change> change(String text) {
    if (text.equals("-"))
      return Optional.empty();
    String repo = text.contains(":") ? text.substring(0, text.indexOf(':')) : "r";
    String[] paths = text.substring(text.indexOf(':') + 1).split(">", -1);
    Optional<FilePath> to = paths.length == 2
        ? Optional.of(new FilePath(paths[1]))
        : Optional.empty();
    return Optional.of(new Change(new LinePosition(1, 0, 1),
        Optional.of(new RepositoryName(repo)), to.isPresent() ? Op.RENAME : Op.MODIFY,
        new FilePath(paths[0]), to, new LineContent.Absent(), ChangeMetadata.NONE, false));
  }

  private static String groups(String lines) {
    List<List<String>> groups = RepeatableGroup.split(Arrays.asList(lines.split(" ", -1)),
        RepeatableGroupTest::change);
    return String.join(" | ", groups.stream().map(group -> String.join(" ", group)).toList());
  }

  @Test
  void changesWithoutMovesStayTogether() {
    assertThat(groups("a b a - a")).isEqualTo("a b a - a");
  }

  @Test
  void pathOfAMoveIsTouchedByNoOtherChangeOfItsGroup() {
    assertThat(groups("a a>b")).isEqualTo("a | a>b");
    assertThat(groups("b a>b")).isEqualTo("b | a>b");
    assertThat(groups("a>b a")).isEqualTo("a>b | a");
    assertThat(groups("a>b b")).isEqualTo("a>b | b");
    assertThat(groups("a>b b>c")).isEqualTo("a>b | b>c");
    assertThat(groups("a>t b>a t>b")).isEqualTo("a>t | b>a | t>b");
  }

  @Test
  void otherPathsAndOtherRepositoriesDoNotMatter() {
    assertThat(groups("x a>b c d>e - x:a x:b")).isEqualTo("x a>b c d>e - x:a x:b");
  }

  @Test
  void lineWithSeveralChangesIsAddedAsAWholeOrNotAtAll() {
    RepeatableGroup group = new RepeatableGroup();
    assertThat(group.add(change("a>b").orElseThrow())).isTrue();
    assertThat(group.add(List.of(Touched.by(change("c").orElseThrow()),
        Touched.by(change("b").orElseThrow())))).isFalse();
    assertThat(group.add(change("c>d").orElseThrow())).as("c was not touched").isTrue();
  }

  @Test
  void firstLineIsAlwaysTaken() {
    assertThat(new RepeatableGroup().add(List.of(Touched.by(change("a>b").orElseThrow()),
        Touched.by(change("b>c").orElseThrow())))).isTrue();
    assertThat(RepeatableGroup.split(List.of(), RepeatableGroupTest::change)).isEmpty();
  }
}
