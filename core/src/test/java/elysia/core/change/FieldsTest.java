package elysia.core.change;

import static elysia.core.change.TestLines.bad;
import static elysia.core.change.TestLines.change;
import static elysia.core.change.TestLines.one;
import static elysia.core.change.TestLines.raw;
import static elysia.core.change.TestLines.text;
import static org.assertj.core.api.Assertions.assertThat;

import elysia.core.change.Line.BadLine;
import elysia.core.change.Line.ChangeLine;
import elysia.core.identity.Sha256;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FieldsTest {
  private static String line(String more) {
    return "{\"repo\":\"r\",\"op\":\"add\",\"path\":\"p\"" + (more.isEmpty() ? "" : "," + more)
        + "}";
  }

  @Test
  void everyFieldIsRead() {
    String hash = Sha256.hex("x\n");
    Change change = change(line("\"content\":\"x\\n\",\"content_hash\":\"SHA\",\"size\":2,"
        .replace("SHA", "sha256:" + hash.toUpperCase(Locale.ROOT))
        + "\"mime\":\"text/plain\",\"charset\":\"utf-8\",\"metadata\":{\"a\": [1, {}]},"
        + "\"skip_index\":true,\"commit\":\"abc\",\"timestamp\":\"2026-01-31T12:00:00.5+01:00\""));
    assertThat(text(change)).isEqualTo("x\n");
    assertThat(change.skipIndex()).isTrue();
    ChangeMetadata metadata = change.metadata();
    assertThat(metadata.contentHash()).contains(hash);
    assertThat(metadata.size()).hasValue(2);
    assertThat(metadata.mime()).contains("text/plain");
    assertThat(metadata.charset()).contains("utf-8");
    assertThat(metadata.custom()).contains("{\"a\": [1, {}]}");
    assertThat(metadata.commit()).contains("abc");
    assertThat(metadata.timestamp()).contains(Instant.parse("2026-01-31T11:00:00.5Z"));
  }

  @ParameterizedTest
  @CsvSource({"add,ADD", "modify,MODIFY", "update,MODIFY", "delete,DELETE"})
  void opsHaveOneMeaning(String op, Op meaning) {
    assertThat(change(line("").replace("add", op)).op()).isEqualTo(meaning);
  }

  @Test
  void renameHasTwoPathsAndMayHaveContent() {
    Change change = change("{\"repo\":\"r\",\"op\":\"rename\",\"path\":\"a\",\"new_path\":\"./b\","
        + "\"content\":\"x\"}");
    assertThat(change.newPath().orElseThrow().value()).isEqualTo("b");
    assertThat(text(change)).isEqualTo("x");
  }

  @Test
  void unknownFieldsAreKeptApart() {
    ChangeLine line = (ChangeLine) one(line("\"newpath\":{\"x\":[]},\"v\":1"));
    assertThat(line.unknown()).containsExactly("newpath", "v");
  }

  @Test
  void deleteHasNoContent() {
    assertThat(change(line("\"content\":\"x\"").replace("add", "delete")).content())
        .isEqualTo(new LineContent.Absent());
  }

  @Test
  void contentIsUnescapedExactly() {
    assertThat(text(change(
        line("\"content\":\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\u20AC\\ud83d\\ude00ü\\u0000\""))))
        .isEqualTo("\"\\/\b\f\n\r\té€😀ü\0");
    assertThat(text(change(line("\"content\":\"\"")))).isEmpty();
    assertThat(text(change(line("\"content_base64\":\"\\/\\/8=\"")))).isEqualTo("\u00ff\u00ff");
  }

  @Test
  void emptyContentHashCountsAsNone() {
    assertThat(change(line("\"content_hash\":\"\",\"content\":\"x\"")).metadata())
        .isEqualTo(ChangeMetadata.NONE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"content\":\"x\",\"size\":2", "\"content_base64\":\"eA==\",\"size\":2",
      "\"content\":\"x\",\"content_hash\":\"3d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881\"",
      "\"content\":\"é\",\"is_truncated\":true",
      "\"content\":\"é\",\"size\":1,\"charset\":\"none-such\"",
      "\"content\":\"File: p\\nType: text/plain\\nLines: 3\",\"is_truncated\":false"})
  void contentThatIsNotTheFileIsUnusable(String more) {
    assertThat(change(line(more)).content()).isInstanceOf(LineContent.Unusable.class);
  }

  @Test
  void hashOfTheOriginalCharsetIsAccepted() {
    String hash = Sha256.hex("é".getBytes(StandardCharsets.ISO_8859_1));
    Change change = change(line("\"content\":\"é\",\"size\":1,\"charset\":\"latin1\","
        + "\"content_hash\":\"" + hash + "\""));
    assertThat(text(change)).isEqualTo("é");
  }

  @ParameterizedTest
  @CsvSource(quoteCharacter = '`', delimiter = '|', value = {
      "`{}`|op: missing", "`{\"repo\":\"r\",\"path\":\"p\"}`|op: missing",
      "`{\"op\":\"add\",\"path\":\"p\"}`|repo: missing",
      "`{\"repo\":\"r\",\"op\":\"add\"}`|path: missing",
      "`{\"repo\":\"r\",\"op\":\"add\",\"path\":null}`|path: missing",
      "`{\"repo\":\" \",\"op\":\"add\",\"path\":\"p\"}`|repo: \" \"",
      "`{\"repo\":5,\"op\":\"add\",\"path\":\"p\"}`|repo: 5",
      "`{\"repo\":\"r\",\"op\":\"ADD\",\"path\":\"p\"}`|op: \"ADD\"",
      "`{\"repo\":\"r\",\"op\":\"rename\",\"path\":\"p\"}`|new_path: missing",
      "`{\"repo\":\"r\",\"op\":\"rename\",\"path\":\"p\",\"new_path\":\"./p\"}`|new_path: the same as path",
      "`{\"repo\":\"r\",\"op\":\"add\",\"path\":\"p\",\"new_path\":\"q\"}`|new_path: given with op add",
      "`{\"repo\":\"r\",\"op\":\"add\",\"path\":\"/p\"}`|path: \"/p\" is absolute",
      "`{\"repo\":\"r\",\"op\":\"add\",\"path\":\"p\",\"path\":\"q\"}`|path: given twice, or once under each of its names",
      "`{\"repo\":\"r\",\"op\":\"add\",\"path\":\"p\",\"x\":1,\"x\":1}`|x: given twice",
      "`{\"repo\":\"r\",\"op\":\"add\",\"path\":\"p\",\"x\":{\"y\":1,\"y\":1}}`|y: given twice"})
  void lineWithoutMeaningSaysWhatIsMissing(String line, String wrong) {
    assertThat(bad(line).wrong()).isEqualTo(wrong);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"size\":-1", "\"size\":1.5", "\"size\":9223372036854775808",
      "\"size\":\"1\"",
      "\"size\":1,\"size_bytes\":1", "\"content\":1", "\"content\":[]",
      "\"content\":\"x\",\"content_ref\":\"y\"", "\"content\":\"x\",\"content_base64\":\"eA==\"",
      "\"content_base64\":\"eA\"", "\"content_base64\":\"eA=!\"", "\"content_ref\":\"\"",
      "\"content_hash\":\"abc\"", "\"content_hash\":\"md5:0\"", "\"metadata\":\"{}\"",
      "\"metadata\":[]",
      "\"skip_index\":\"yes\"", "\"timestamp\":\"yesterday\"", "\"timestamp\":0", "\"commit\":\"\"",
      "\"mime\":\"a\\u0007\"", "\"metadata\":{\"a\":1,\"a\":2}", "\"is_truncated\":0"})
  void badValueMakesABadLine(String more) {
    String line = line(more);
    BadLine bad = bad(line);
    assertThat(bad.offset()).isBetween(0L, (long) line.length());
    assertThat(bad.expected()).isNotEmpty();
  }

  @Test
  void faultIsFoundToTheByte() {
    BadLine bad = bad(line("\"size\":-1"));
    assertThat(bad.text()).isEqualTo("line 1, byte 41: size: -1 (expected: a whole number of bytes"
        + " from 0 to 2^63-1)");
    BadLine second = (BadLine) TestLines
        .of("\uFEFF{}\n\uFEFF{\"repo\":\"r\",\"op\":\"x\",\"path\":\"p\"}")
        .getFirst();
    assertThat(second.offset()).isEqualTo(3);
  }

  @ParameterizedTest
  @ValueSource(strings = {"{", "{\"", "{\"repo\":\"r\",", "{\"repo\":\"r", "{\"a\":1}}",
      "{\"a\":1} x",
      "{'repo':1}", "{\"a\":tru}", "{\"a\":01}", "{\"a\":NaN}", "{\"a\":\"\t\"}", "{\"a\":\"\\x\"}",
      "{\"a\":1,}", "{a:\"1\"}", "{\"a\":\"\\ud800\"}", "{\"a\":\"\\udc00\\ud800\"}",
      "{\"a\":\"\0\"}",
      "{\"a\":\"\\ud83d\\n\"}", "{\"a\":\"\\u12g4\"}"})
  void brokenJsonIsABadLine(String line) {
    assertThat(bad(line).text()).contains("(expected: ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\u00e9", "\u00c0\u0080", "\u00ed\u00a0\u0080",
      "\u00f5\u0080\u0080\u0080",
      "\u00e2\u0082", "\u00ff", "\u00f0\u0080\u0080\u0080"})
  void objectWithBytesThatAreNoUtf8IsABadLine(String latin1) {
    String line = line("\"content\":\"12345678" + latin1 + "\"");
    assertThat(raw(line)).isInstanceOfSatisfying(BadLine.class, bad -> {
      assertThat(bad.wrong()).contains("UTF-8");
      assertThat(bad.offset()).isEqualTo(line.indexOf(latin1));
    });
  }

  @Test
  void escapedBackslashBeforeUIsNoEscape() {
    assertThat(text(change(line("\"content\":\"\\\\ud800\"")))).isEqualTo("\\ud800");
  }

  @Test
  void nestingNamesAndLengthsAreBounded() {
    assertThat(one(line("\"x\":" + "[".repeat(63) + "]".repeat(63))))
        .isInstanceOf(ChangeLine.class);
    assertThat(bad(line("\"x\":" + "[".repeat(64) + "]".repeat(64))).expected()).contains("64");
    assertThat(bad(line("\"x\":" + "[".repeat(100_000))).expected()).contains("64");
    StringBuilder many = new StringBuilder("\"x\":{\"0\":0");
    for (int i = 1; i < 10_001; i++)
      many.append(",\"").append(i).append("\":0");
    assertThat(bad(line(many + "}")).wrong()).contains("10000 names");
    assertThat(bad(line("\"" + "n".repeat(2000) + "\":1")).wrong()).contains("too long");
    assertThat(bad(line("\"commit\":\"" + "c".repeat(70_000) + "\"")).wrong()).contains("too long");
    assertThat(bad(line("\"metadata\":{\"a\":\"" + "m".repeat(66_000) + "\"}")).wrong())
        .contains("metadata");
    assertThat(one(line("\"x\":\"" + "u".repeat(200_000) + "\""))).isInstanceOf(ChangeLine.class);
  }
}
