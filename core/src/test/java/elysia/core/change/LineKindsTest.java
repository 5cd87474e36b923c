package elysia.core.change;

import static elysia.core.change.TestLines.bad;
import static elysia.core.change.TestLines.change;
import static elysia.core.change.TestLines.one;
import static elysia.core.change.TestLines.raw;
import static org.assertj.core.api.Assertions.assertThat;

import elysia.core.change.Line.BadLine;
import elysia.core.change.Line.ChangeLine;
import elysia.core.change.Line.Folder;
import elysia.core.change.Line.Ignored;
import elysia.core.change.Line.Marker;
import elysia.core.change.Line.Reason;
import elysia.core.identity.FilePath;
import elysia.core.identity.RepositoryName;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LineKindsTest {
  @ParameterizedTest
  @ValueSource(strings = {"src/a.py", "file with blanks.txt", " leading blank", "[id]/page.tsx",
      "[404].tsx", "{{cookiecutter.slug}}/setup.py", "{a}/b", "#not a comment", "123", "null",
      "/absolute/file", "../up", "C:\\windows", "Detecting changes", "a -> b"})
  void plainLineIsThePathAsItStands(String line) {
    assertThat(change(line).path()).isEqualTo(new FilePath(line));
    assertThat(change(line).repo()).isEmpty();
    assertThat(change(line).op()).isEqualTo(Op.MODIFY);
  }

  @Test
  void plainLineNeedNotBeUtf8() {
    assertThat(((ChangeLine) raw("caf\u00e9.txt")).change().path())
        .isEqualTo(new FilePath("\"caf\\351.txt\""));
  }

  @ParameterizedTest
  @CsvSource(quoteCharacter = '`', value = {"\"a b.txt\",a b.txt", "\"\\303\\274.md\",ü.md",
      "\"\\u00fc.md\",ü.md", "\"a\\\\b\",a\\b", "\"tab\\there\",`tab\there`",
      "\"\\351.txt\",\"\\351.txt\"", "\"x\\/y\",x/y", "  \"a\"  ,a"})
  void quotedLineIsAJsonStringOrAPathInGitsQuotes(String line, String path) {
    assertThat(change(line).path()).isEqualTo(new FilePath(path));
  }

  @Test
  void quotedLineWithRawBytesIsStillThatPath() {
    assertThat(((ChangeLine) raw("\"caf\u00e9\\t.txt\"")).change().path())
        .isEqualTo(new FilePath("\"caf\\351\\011.txt\""));
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"", "\"open", "\"name\": \"x\",", "\"\\u12\"", "\"\\ud800\"", "\"\""})
  void brokenQuotesAreNoPath(String line) {
    assertThat(one(line)).isInstanceOf(BadLine.class);
  }

  @Test
  void objectWithOnlyAPathIsAPath() {
    assertThat(change("{\"path\":\"../x.py\"}").path()).isEqualTo(new FilePath("../x.py"));
    assertThat(change("{\"path\":\"x\",\"line\":7,\"content\":null}").repo()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "\t  \t"})
  void blankLineIsIgnored(String line) {
    assertThat(one(line + "\n"))
        .isEqualTo(new Ignored(new LinePosition(1, 0, line.length() + 1), Reason.BLANK));
  }

  @Test
  void mgitProgressIsIgnored() {
    assertThat(one("Detecting changes...   0% -:--:--")).isInstanceOf(Ignored.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"[]", "[", "[{\"repo\":\"r\"}]", "[1,2]", "[\"a\","})
  void arrayIsRefused(String line) {
    assertThat(bad(line).wrong()).isEqualTo("an array");
  }

  @Test
  void folderStandsForItsNewFiles() {
    assertThat(one("{\"repo\":\"r\",\"op\":\"add\",\"path\":\"new dir/\"}")).isEqualTo(new Folder(
        new LinePosition(1, 0, 41), Optional.of(new RepositoryName("r")), new FilePath("new dir")));
    assertThat(one("{\"repo\":\"r\",\"op\":\"add\",\"path\":\"\\\"n d/\\\"\"}"))
        .isInstanceOf(Folder.class);
    assertThat(one("some/dir/")).isEqualTo(
        new Folder(new LinePosition(1, 0, 9), Optional.empty(), new FilePath("some/dir")));
    assertThat(bad("{\"repo\":\"r\",\"op\":\"delete\",\"path\":\"d/\"}").wrong())
        .contains("folder");
  }

  @ParameterizedTest
  @CsvSource(quoteCharacter = '`', value = {"a.py -> b.py,a.py,b.py",
      "\\\"a b\\\" -> c,a b,c", "x -> \\\"y -> z\\\",x,y -> z",
      "\\\"\\\\303\\\\274\\\" -> \\\"o k\\\",ü,o k"})
  void mgitRenameIsTakenApart(String path, String from, String to) {
    Change change = change("{\"repo\":\"r\",\"op\":\"modify\",\"path\":\"" + path + "\"}");
    assertThat(change.op()).isEqualTo(Op.RENAME);
    assertThat(change.path()).isEqualTo(new FilePath(from));
    assertThat(change.newPath()).contains(new FilePath(to));
  }

  @ParameterizedTest
  @ValueSource(strings = {
      "{\"repo\":\"r\",\"op\":\"modify\",\"path\":\"a -> b\",\"content\":\"x\"}",
      "{\"repo\":\"r\",\"op\":\"update\",\"path\":\"a -> b\"}",
      "{\"repo\":\"r\",\"op\":\"add\",\"path\":\"a -> b\"}",
      "{\"repo\":\"r\",\"op\":\"modify\",\"path\":\"\\\"a -> b\\\"\"}"})
  void arrowElsewhereIsPartOfTheName(String line) {
    assertThat(change(line).path()).isEqualTo(new FilePath("a -> b"));
    assertThat(change(line).newPath()).isEmpty();
  }

  @Test
  void markerNeedsNoCommit() {
    assertThat(one("{\"repo\":\"r\",\"new_changeset\":{}}")).isEqualTo(new Marker(
        new LinePosition(1, 0, 31), new RepositoryName("r"), Optional.empty(), Optional.empty()));
    assertThat(bad("{\"new_changeset\":{\"commit\":\"c\"}}").wrong()).isEqualTo("repo: missing");
    assertThat(bad("{\"repo\":\"r\",\"new_changeset\":{\"commit\":5}}").offset()).isEqualTo(38);
  }

  @Test
  void eventsOfFilesAreChanges() {
    String data = "\"data\":{\"repo_id\":\"r\",\"file_path\":\"p\",\"content\":\"x\"}}";
    Change change = change(
        "{\"event\":\"file_updated\",\"timestamp\":\"2026-01-01T00:00:00Z\"," + data);
    assertThat(change.op()).isEqualTo(Op.MODIFY);
    assertThat(change.metadata().timestamp()).isPresent();
    assertThat(change("{" + data.replace("}}", "},\"event\":\"file_skipped\"}")).skipIndex())
        .isTrue();
    assertThat(bad("{\"event\":\"file_updated\"}").wrong()).isEqualTo("data: missing");
    assertThat(bad("{\"event\":\"file_moved\"," + data).wrong()).contains("file_moved");
    assertThat(bad("{\"event\":\"file_indexed\",\"data\":{\"repo_id\":\"r\"}}").wrong())
        .isEqualTo("path: missing");
    assertThat(one("{\"event\":\"progress\",\"data\":{\"repo_id\":3}}"))
        .isInstanceOf(Ignored.class);
    assertThat(one("{\"event\":\"x\",\"data\":[],\"repo\":\"r\",\"op\":\"add\",\"path\":\"p\"}"))
        .isInstanceOf(ChangeLine.class);
  }
}
