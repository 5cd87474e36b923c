package elysia.core.change;

import elysia.core.change.Line.BadLine;
import java.util.function.Consumer;

/// The change contract for input that is pushed, such as the body of a request: bytes in, lines
/// out.
///
/// Content never makes it fail. It holds at most one line. Not thread-safe.
public final class ChangeDecoder implements LineAssembler.Sink {
  private final ChangeParser parser;
  private final LineAssembler assembler;
  private final int maxLine;
  private final Consumer<? super Line> lines;

  /// For a whole input.
  ///
  /// @param lines takes each line as soon as it is complete, in order
  public ChangeDecoder(ChangeSettings settings, Consumer<? super Line> lines) {
    this(settings, new LinePosition(0, 0, 0), lines);
  }

  /// For a whole input.
  ///
  /// @param format what its lines may be
  public ChangeDecoder(ChangeSettings settings, LineFormat format, Consumer<? super Line> lines) {
    this(settings, new LinePosition(0, 0, 0), format, lines);
  }

  /// For the rest of an input.
  ///
  /// @param after the last line that was read before: the first byte fed is that at its `end`
  public ChangeDecoder(ChangeSettings settings, LinePosition after, Consumer<? super Line> lines) {
    this(settings, after, LineFormat.MIXED, lines);
  }

  ChangeDecoder(ChangeSettings settings, LinePosition after, LineFormat format,
      Consumer<? super Line> lines) {
    this.parser = new ChangeParser(format);
    this.maxLine = settings.maxLine();
    this.lines = lines;
    this.assembler = new LineAssembler(maxLine, after.line() + 1, after.end(), this);
  }

  /// The next piece, any length; the bytes are only read during the call.
  ///
  /// @param to exclusive
  public void feed(byte[] piece, int from, int to) {
    assembler.feed(piece, from, to);
  }

  /// The input is at its end: a last line without line end is read too.
  public void finish() {
    assembler.finish();
  }

  @Override
  public void line(byte[] buffer, int from, int to, LinePosition position) {
    lines.accept(parser.parse(buffer, from, to, position));
  }

  @Override
  public void tooLong(LinePosition position) {
    lines.accept(BadLine.of(position, position.start(), "the line is too long",
        "at most " + maxLine + " bytes; larger content by content_ref"));
  }
}
