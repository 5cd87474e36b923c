package elysia.cli.feed.input;

import elysia.core.change.ChangeReader;
import elysia.core.change.Line;
import elysia.core.change.LineFormat;
import elysia.core.change.LinePosition;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/// A reader of the lines of an input.
public interface LineReader {
  /// The next line; empty at the end.
  Optional<Line> next() throws IOException;

  /// @param input its next byte is that at the end of `after`
  /// @param nul lines end with NUL
  static LineReader of(InputStream input, InputFormat format, boolean nul, LinePosition after) {
    return switch (format) {
      case OBJECTS -> new ChangeReader(input, Inputs.SETTINGS, after, LineFormat.OBJECTS)::next;
      case PATHS -> nul
          ? new RecordReader(input, true, after, new RecordParser(format, true))
          : new ChangeReader(input, Inputs.SETTINGS, after, LineFormat.PATHS)::next;
      default -> new RecordReader(input, nul, after, new RecordParser(format, nul));
    };
  }
}
