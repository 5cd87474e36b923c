package elysia.core.change;

import java.util.Arrays;

/// Cuts bytes that come in pieces into lines, without holding more than one line.
///
/// A line that lies in one piece is handed on where it is; only one that is spread over several is
/// copied. A line over the limit is counted and never held. Not thread-safe.
public final class LineAssembler {
  private static final int KEPT = 1 << 20;

  private final int maxLine;
  private final Sink sink;
  private byte[] held = new byte[1024];
  private int heldSize;
  private boolean tooLong;
  private long line;
  private long start;
  private long end;

  /// Takes the lines, each before the next piece is looked at.
  public interface Sink {
    /// A line without its LF; a byte order mark at the start of the input and one CR before the LF
    /// are left out. The bytes are the sink's only during the call.
    ///
    /// @param to exclusive
    void line(byte[] buffer, int from, int to, LinePosition position);

    /// A line over the limit, of which nothing was kept.
    void tooLong(LinePosition position);
  }

  /// @param maxLine bytes that a line may have, without its LF
  /// @param line number of the first line that will come, 1 for a whole input
  /// @param start its offset in the input
  public LineAssembler(int maxLine, long line, long start, Sink sink) {
    this.maxLine = maxLine;
    this.sink = sink;
    this.line = line;
    this.start = start;
    this.end = start;
  }

  /// The next piece of the input, any length; the bytes are only read during the call.
  ///
  /// @param to exclusive
  public void feed(byte[] piece, int from, int to) {
    int rest = from;
    for (int lf = indexOfLf(piece, rest, to); lf >= 0; lf = indexOfLf(piece, rest, to)) {
      end += lf + 1 - rest;
      if (heldSize == 0 && !tooLong && lf - rest <= maxLine)
        emit(piece, rest, lf);
      else {
        hold(piece, rest, lf);
        emitHeld();
      }
      rest = lf + 1;
    }
    end += to - rest;
    hold(piece, rest, to);
  }

  /// The input is at its end: a last line without LF is handed on.
  public void finish() {
    if (heldSize > 0 || tooLong)
      emitHeld();
  }

  private static int indexOfLf(byte[] piece, int from, int to) {
    for (int i = from; i < to; i++) {
      if (piece[i] == '\n')
        return i;
    }
    return -1;
  }

  private void hold(byte[] piece, int from, int to) {
    int size = to - from;
    if (tooLong || size > maxLine - heldSize) {
      tooLong = true;
      heldSize = 0;
      return;
    }
    if (heldSize + size > held.length)
      held = Arrays.copyOf(held,
          (int) Math.min(maxLine, Math.max(2L * held.length, heldSize + size)));
    System.arraycopy(piece, from, held, heldSize, size);
    heldSize += size;
  }

  private void emitHeld() {
    if (tooLong)
      sink.tooLong(next());
    else
      emit(held, 0, heldSize);
    tooLong = false;
    heldSize = 0;
    if (held.length > KEPT)
      held = new byte[KEPT];
  }

  private void emit(byte[] buffer, int from, int to) {
    LinePosition position = next();
    int first = from;
    if (position.start() == 0 && to - from >= 3 && buffer[from] == (byte) 0xef
        && buffer[from + 1] == (byte) 0xbb && buffer[from + 2] == (byte) 0xbf)
      first += 3;
    int last = to > first && buffer[to - 1] == '\r' ? to - 1 : to;
    sink.line(buffer, first, last, position);
  }

  private LinePosition next() {
    LinePosition position = new LinePosition(line, start, end);
    line++;
    start = end;
    return position;
  }
}
