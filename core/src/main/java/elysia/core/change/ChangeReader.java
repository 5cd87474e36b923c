package elysia.core.change;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;

/// The change contract for input that is pulled: a file or a pipe, line by line.
///
/// Content never makes it fail, only the stream itself can. A line is there as soon as its last byte
/// is: nothing waits for a full buffer. Holds one read's lines, and one line more. Not thread-safe.
public final class ChangeReader {
  private static final int PIECE = 1 << 16;

  private final InputStream input;
  private final Queue<Line> ready = new ArrayDeque<>();
  private final ChangeDecoder decoder;
  private final byte[] piece = new byte[PIECE];
  private boolean finished;

  /// @param input is not closed here
  public ChangeReader(InputStream input, ChangeSettings settings) {
    this(input, settings, new LinePosition(0, 0, 0));
  }

  /// Resumes in the middle.
  ///
  /// @param input its next byte is that at the `end` of `after`
  /// @param after the last line that was read before
  public ChangeReader(InputStream input, ChangeSettings settings, LinePosition after) {
    this(input, settings, after, LineFormat.MIXED);
  }

  /// @param format what its lines may be
  public ChangeReader(InputStream input, ChangeSettings settings, LinePosition after,
      LineFormat format) {
    this.input = input;
    this.decoder = new ChangeDecoder(settings, after, format, ready::add);
  }

  /// The next line; empty at the end of the input, also when called again.
  ///
  /// @throws IOException the stream failed
  public Optional<Line> next() throws IOException {
    while (ready.isEmpty() && !finished) {
      int count = input.read(piece, 0, PIECE);
      if (count < 0) {
        finished = true;
        decoder.finish();
      } else
        decoder.feed(piece, 0, count);
    }
    return Optional.ofNullable(ready.poll());
  }
}
