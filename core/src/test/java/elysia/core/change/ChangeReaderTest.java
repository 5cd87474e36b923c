package elysia.core.change;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import elysia.core.change.Line.BadLine;
import elysia.core.change.Line.ChangeLine;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ChangeReaderTest {
  private static final String OBJECT = "{\"repo\":\"r\",\"op\":\"add\",\"path\":\"p\"}";

  @Test
  void settingsComeFromTheReference() {
    assertThat(ChangeSettings.from(ConfigFactory.defaultReference()))
        .isEqualTo(new ChangeSettings(64 << 20));
  }

  @Test
  void byteOrderMarkAndCarriageReturnsAreNoPartOfALine() {
    List<Line> lines = TestLines.of("\uFEFFa\r\n" + OBJECT + "\r\nb\r");
    assertThat(lines).map(line -> ((ChangeLine) line).change().path().value())
        .containsExactly("a", "p", "b");
    assertThat(lines).map(Line::position).containsExactly(new LinePosition(1, 0, 6),
        new LinePosition(2, 6, 42),
        new LinePosition(3, 42, 44));
  }

  @Test
  void utf16IsNamed() {
    List<Line> lines = TestLines.of("a\nb".getBytes(StandardCharsets.UTF_16), TestLines.SETTINGS);
    assertThat(lines).hasSize(2).allMatch(line -> line instanceof BadLine);
    assertThat(((BadLine) lines.getFirst()).wrong()).contains("UTF-16");
  }

  @Test
  void nulSeparatedPathsAreRefused() {
    assertThat(TestLines.bad("a\0b\0").expected()).contains("-print0");
  }

  @Test
  void lastLineNeedsNoLineEnd() {
    assertThat(TestLines.of(OBJECT + "\n" + OBJECT)).hasSize(2)
        .allMatch(l -> l instanceof ChangeLine);
    assertThat(TestLines.bad(OBJECT.substring(0, 20)).wrong()).contains("ends in the middle");
    assertThat(TestLines.of("")).isEmpty();
  }

  @Test
  void badLinesDoNotAffectTheOthers() {
    List<Line> lines = TestLines.of("{\n" + OBJECT + "\n[]\n" + OBJECT + "\n");
    assertThat(lines).map(line -> line instanceof ChangeLine)
        .containsExactly(false, true, false, true);
  }

  @Test
  void lineOverTheLimitIsPassedOverAndCounted() {
    ChangeSettings small = new ChangeSettings(1024);
    String fits = "x".repeat(1024);
    List<Line> lines = TestLines.of((fits + "\n" + fits + "y\n" + "z".repeat(500_000) + "\na\n"
        + "z".repeat(200_000)).getBytes(StandardCharsets.UTF_8), small);
    assertThat(lines).map(line -> line instanceof ChangeLine)
        .containsExactly(true, false, false, true, false);
    assertThat(((BadLine) lines.get(2)).text())
        .startsWith("line 3, byte 2051: the line is too long");
    assertThat(lines.getLast().position()).isEqualTo(new LinePosition(5, 502_054, 702_054));
  }

  @Test
  void piecesMayEndAnywhere() throws IOException {
    byte[] input;
    try (InputStream in = ChangeReaderTest.class
        .getResourceAsStream("/change/mgit-diff-embed-content.jsonl")) {
      input = ("\uFEFF\r\n" + new String(in.readAllBytes(), StandardCharsets.UTF_8) + "\r\nlast")
          .getBytes(StandardCharsets.UTF_8);
    }
    List<Line> whole = TestLines.of(input, TestLines.SETTINGS);
    Random random = new Random(7);
    for (int round = 0; round < 30; round++) {
      List<Line> pieces = new ArrayList<>();
      ChangeDecoder decoder = new ChangeDecoder(TestLines.SETTINGS, pieces::add);
      for (int at = 0; at < input.length;) {
        int next = Math.min(input.length, at + 1 + random.nextInt(1 + round * 20));
        decoder.feed(input, at, next);
        at = next;
      }
      decoder.finish();
      assertThat(pieces).isEqualTo(whole);
    }
  }

  @Test
  void readingGoesOnAfterAnyLine() throws IOException {
    byte[] input = (OBJECT + "\n\na\n[]\nb").getBytes(StandardCharsets.UTF_8);
    List<Line> whole = TestLines.of(input, TestLines.SETTINGS);
    for (int i = 0; i < whole.size(); i++) {
      LinePosition after = whole.get(i).position();
      byte[] rest = Arrays.copyOfRange(input, (int) after.end(), input.length);
      List<Line> lines = new ArrayList<>();
      ChangeDecoder decoder = new ChangeDecoder(TestLines.SETTINGS, after, lines::add);
      decoder.feed(rest, 0, rest.length);
      decoder.finish();
      assertThat(lines).isEqualTo(whole.subList(i + 1, whole.size()));
      assertThat(new ChangeReader(new ByteArrayInputStream(rest), TestLines.SETTINGS, after).next()
          .map(Line::position)).isEqualTo(lines.stream().findFirst().map(Line::position));
    }
  }

  @Test
  void lineIsThereBeforeTheNextOneComes() throws IOException {
    InputStream halting = new InputStream() {
      private final byte[] bytes = "a\nb".getBytes(StandardCharsets.UTF_8);
      private int at;

      @Override
      public int read() {
        throw new AssertionError("reads more than there is");
      }

      @Override
      public int read(byte[] buffer, int off, int len) {
        if (at > 0)
          throw new AssertionError("waits for more before it hands on the line");
        System.arraycopy(bytes, 0, buffer, off, bytes.length);
        at = bytes.length;
        return at;
      }
    };
    assertThat(new ChangeReader(halting, TestLines.SETTINGS).next()).isPresent();
  }

  @Test
  void longLineIsReadWhole() throws IOException {
    int size = 60 << 20;
    ByteArrayOutputStream start = new ByteArrayOutputStream();
    start.write(OBJECT.substring(0, OBJECT.length() - 1).getBytes(StandardCharsets.UTF_8));
    start.write(",\"content\":\"\\n".getBytes(StandardCharsets.UTF_8));
    List<Line> lines = new ArrayList<>();
    ChangeDecoder decoder = new ChangeDecoder(new ChangeSettings(64 << 20), lines::add);
    decoder.feed(start.toByteArray(), 0, start.size());
    byte[] piece = new byte[1 << 16];
    Arrays.fill(piece, (byte) 'x');
    for (int fed = 0; fed < size; fed += piece.length)
      decoder.feed(piece, 0, piece.length);
    decoder.feed("\"}\n".getBytes(StandardCharsets.UTF_8), 0, 3);
    assertThat(lines).hasSize(1);
    assertThat(((ChangeLine) lines.getFirst()).change().content())
        .isInstanceOfSatisfying(LineContent.Inline.class,
            inline -> assertThat(inline.utf8().size()).isEqualTo(size + 1));
  }
}
