package elysia.testkit.change;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/// TestLines of every length, as many bytes of them as wanted, made while they are read.
public final class LargeInput extends InputStream {
  private static final int SHORT_LINES = 40_000;
  private static final String SHORT = "{\"repo\":\"large\",\"op\":\"modify\",\"path\":\"some/folder/"
      + "of/it/File.java\",\"content\":\"" + "A line of it, with\\ttabs and \\\"quotes\\\".\\n"
          .repeat(5)
      + "\",\"commit\":\"0123456789abcdef0123456789abcdef01234567\"}\n";
  private static final String LONG = "{\"repo\":\"large\",\"op\":\"add\",\"path\":\"long.txt\",";

  private final List<Piece> pieces = new ArrayList<>();
  private final long rounds;
  private final int longLines;
  private final int badLines;
  private long round;
  private int piece;
  private long repeated;
  private int at;

  /// Bytes that come so many times.
  private record Piece(String text, long times) {
    long size() {
      return text.length() * times;
    }
  }

  /// @param size bytes of all, at least
  /// @param longest bytes of the longest lines that are good
  /// @param tooLong bytes of a line that is over the limit; 0 for none
  public LargeInput(long size, int longest, long tooLong) {
    pieces.add(new Piece(SHORT, SHORT_LINES));
    pieces.add(new Piece("{\"repo\":\"large\",\"op\":\"add\"}\n", 1));
    content("content", "A text without escapes, again. ", longest);
    content("content", "A text with its line ends too.\\n", longest);
    content("content_base64", "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNk", longest);
    longLines = 3;
    if (tooLong > 0)
      content("content", "0123456789", tooLong);
    badLines = tooLong > 0 ? 2 : 1;
    long each = pieces.stream().mapToLong(Piece::size).sum();
    rounds = (size + each - 1) / each;
  }

  private void content(String field, String text, long size) {
    String before = LONG + "\"" + field + "\":\"";
    String after = "\"}\n";
    pieces.add(new Piece(before, 1));
    pieces.add(new Piece(text, (size - before.length() - after.length()) / text.length()));
    pieces.add(new Piece(after, 1));
  }

  /// Its lines.
  public long lines() {
    return changes() + bad();
  }

  /// Its good lines, each a change.
  public long changes() {
    return rounds * (SHORT_LINES + longLines);
  }

  /// Its bad lines.
  public long bad() {
    return rounds * badLines;
  }

  /// Its bytes.
  public long size() {
    return rounds * pieces.stream().mapToLong(Piece::size).sum();
  }

  @Override
  public int read() {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0];
  }

  @Override
  public int read(byte[] into, int offset, int length) {
    Objects.checkFromIndexSize(offset, length, into.length);
    int done = 0;
    while (done < length && round < rounds) {
      byte[] bytes = pieces.get(piece).text().getBytes(StandardCharsets.ISO_8859_1);
      while (done < length && repeated < pieces.get(piece).times()) {
        int count = Math.min(length - done, bytes.length - at);
        System.arraycopy(bytes, at, into, offset + done, count);
        done += count;
        at = (at + count) % bytes.length;
        if (at == 0)
          repeated++;
      }
      if (repeated == pieces.get(piece).times())
        next();
    }
    return done == 0 && length > 0 ? -1 : done;
  }

  private void next() {
    repeated = 0;
    piece = (piece + 1) % pieces.size();
    if (piece == 0)
      round++;
  }
}
