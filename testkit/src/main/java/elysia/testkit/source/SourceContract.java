package elysia.testkit.source;

import static org.assertj.core.api.Assertions.assertThat;

import elysia.core.identity.FilePath;
import elysia.core.outcome.Outcome;
import elysia.core.source.Changes;
import elysia.core.source.Source;
import elysia.core.source.SourceChange;
import elysia.core.source.SourceChange.Put;
import elysia.core.source.SourceChange.Remove;
import elysia.core.source.SourceSpec;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// The contract of every source, whatever is behind it.
public interface SourceContract {
  /// The source under test.
  Source source();

  /// A repository of it, empty at first.
  SourceSpec spec();

  /// Makes the repository's branch hold exactly these files, where it will be pulled from.
  void publish(Map<String, String> files);

  /// Everything that is left of the changes.
  static List<SourceChange> drain(Changes changes) {
    List<SourceChange> all = new ArrayList<>();
    for (Optional<SourceChange> next = changes.next().orElseThrow(); next
        .isPresent(); next = changes
            .next().orElseThrow())
      all.add(next.get());
    return all;
  }

  /// One line per change.
  static List<String> lines(List<SourceChange> changes) {
    return changes.stream().map(change -> switch (change) {
      case Put put ->
        "put " + put.path() + put.renamedFrom().map(from -> " from " + from).orElse("")
            + " " + put.size();
      case Remove remove -> "remove " + remove.path()
          + remove.reason().map(reason -> " " + reason.label()).orElse("");
    }).toList();
  }

  /// The changes from one commit to another.
  default List<String> changes(Optional<String> from, String to) {
    try (Changes changes = source().changes(spec(), from, to).orElseThrow()) {
      return lines(drain(changes));
    }
  }

  /// Pulls and answers the commit.
  default String pulledCommit() {
    return source().pull(spec()).orElseThrow().commit().orElseThrow();
  }

  @Test
  default void emptyRepositoryHasNoCommit() {
    assertThat(source().pull(spec()).orElseThrow().commit()).isEmpty();
  }

  @Test
  default void firstChangesListEveryFileInByteOrder() {
    publish(Map.of("b.txt", "bb", "a/z.txt", "z", "a.txt", "a", "ü.txt", "u"));
    assertThat(changes(Optional.empty(), pulledCommit())).containsExactly("put a.txt 1",
        "put a/z.txt 1", "put b.txt 2", "put ü.txt 1");
  }

  @Test
  default void laterChangesArePutsThenRemoves() {
    publish(Map.of("a", "1", "b", "1", "d", "1", "e", "1"));
    String from = pulledCommit();
    publish(Map.of("b", "22", "c", "3", "e", "1"));
    assertThat(changes(Optional.of(from), pulledCommit())).containsExactly("put b 2", "put c 1",
        "remove a", "remove d");
  }

  @Test
  default void renameCarriesItsFormerPathOnce() {
    String text = "a line of text\n".repeat(20);
    publish(Map.of("old.txt", text));
    String from = pulledCommit();
    publish(Map.of("new.txt", text));
    assertThat(changes(Optional.of(from), pulledCommit()))
        .containsExactly("put new.txt from old.txt " + text.length());
  }

  @Test
  default void nothingNewIsNoChange() {
    publish(Map.of("a", "1"));
    String commit = pulledCommit();
    assertThat(pulledCommit()).isEqualTo(commit);
    assertThat(changes(Optional.of(commit), commit)).isEmpty();
  }

  @Test
  default void contentsComeInOrder() {
    publish(Map.of("a", "first", "b", "", "c", "third\0with\r\nall\n"));
    String commit = pulledCommit();
    try (Changes changes = source().changes(spec(), Optional.empty(), commit).orElseThrow()) {
      List<Put> puts = drain(changes).stream().map(Put.class::cast).toList();
      assertThat(changes.contents(puts.reversed()).orElseThrow())
          .extracting(bytes -> new String(bytes, StandardCharsets.UTF_8))
          .containsExactly("third\0with\r\nall\n", "", "first");
    }
  }

  @Test
  default void commitThatIsNotThereIsNotReachable() {
    publish(Map.of("a", "1"));
    String commit = pulledCommit();
    assertThat(source().reachable(spec(), commit)).isTrue();
    assertThat(source().reachable(spec(), "0".repeat(commit.length()))).isFalse();
    assertThat(source().reachable(spec(), "--help")).isFalse();
    assertThat(source().changes(spec(), Optional.of("1".repeat(commit.length())), commit))
        .as("a listing would leave behind what went since").isInstanceOf(Outcome.Busy.class);
  }

  @Test
  default void lookupAnswersInTheOrderOfThePaths() {
    publish(Map.of("a", "1", "b", "22"));
    assertThat(lines(source().lookup(spec(), pulledCommit(),
        List.of(new FilePath("b"), new FilePath("gone"), new FilePath("a"))).orElseThrow()))
        .containsExactly("put b 2", "remove gone", "put a 1");
  }

  @Test
  default void branchThatIsNotThereIsRefused() {
    publish(Map.of("a", "1"));
    SourceSpec other = new SourceSpec(spec().name(), spec().location(), Optional.of("no/such"),
        Optional.empty());
    assertThat(source().pull(other)).isInstanceOfSatisfying(Outcome.Refused.class,
        refused -> assertThat(refused.problem().code()).isEqualTo("branch_not_found"));
  }

  @Test
  default void forgottenRepositoryIsPulledAgain() {
    publish(Map.of("a", "1"));
    String commit = pulledCommit();
    source().forget(spec()).orElseThrow();
    source().forget(spec()).orElseThrow();
    assertThat(pulledCommit()).isEqualTo(commit);
    assertThat(changes(Optional.empty(), commit)).containsExactly("put a 1");
  }

  @Test
  default void checkTellsTheCommitWithoutAClone() {
    publish(Map.of("a", "1"));
    assertThat(source().check(spec()).orElseThrow().commit()).contains(pulledCommit());
  }
}
