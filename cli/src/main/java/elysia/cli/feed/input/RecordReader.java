package elysia.cli.feed.input;

import elysia.core.change.Line;
import elysia.core.change.LinePosition;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Optional;

/// Lines in a format of another tool, each ended by a line end or NUL. A line is there as soon as
/// its last byte is.
final class RecordReader implements LineReader {
  private static final int PIECE = 1 << 16;
  private static final int LONGEST = 1 << 17;

  /// The records behind the first one that belong to the same line.
  interface More {
    /// @return empty at the end of the input
    Optional<byte[]> next() throws IOException;
  }

  private final InputStream input;
  private final int end;
  private final RecordParser parser;
  private final byte[] piece = new byte[PIECE];
  private int at;
  private int filled;
  private long offset;
  private long line;

  RecordReader(InputStream input, boolean nul, LinePosition after, RecordParser parser) {
    this.input = input;
    this.end = nul ? '\0' : '\n';
    this.parser = parser;
    this.line = after.line();
    this.offset = after.end();
  }

  @Override
  public Optional<Line> next() throws IOException {
    long start = offset;
    Optional<byte[]> first = record();
    if (first.isEmpty())
      return Optional.empty();
    line++;
    RecordParser.Parsed parsed = parser.parse(first.get(), this::record);
    return Optional.of(parsed.at(new LinePosition(line, start, offset)));
  }

  private Optional<byte[]> record() throws IOException {
    ByteArrayOutputStream record = new ByteArrayOutputStream();
    long from = offset;
    for (int b = read(); b != end; b = read()) {
      if (b < 0) {
        if (offset == from)
          return Optional.empty();
        break;
      }
      if (record.size() < LONGEST)
        record.write(b);
    }
    byte[] bytes = record.toByteArray();
    int length = end == '\n' && bytes.length > 0 && bytes[bytes.length - 1] == '\r'
        ? bytes.length - 1
        : bytes.length;
    return Optional.of(Arrays.copyOf(bytes, length));
  }

  private int read() throws IOException {
    while (at == filled) {
      filled = input.read(piece, 0, PIECE);
      at = 0;
      if (filled < 0) {
        filled = 0;
        return -1;
      }
    }
    offset++;
    return piece[at++] & 0xff;
  }
}
