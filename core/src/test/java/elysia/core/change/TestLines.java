package elysia.core.change;

import elysia.core.change.Line.BadLine;
import elysia.core.change.Line.ChangeLine;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Reads what a test wrote.
final class TestLines {
  static final ChangeSettings SETTINGS = new ChangeSettings(1 << 20);

  private TestLines() {}

  static List<Line> of(byte[] input, ChangeSettings settings) {
    try (InputStream stream = new ByteArrayInputStream(input)) {
      return of(stream, settings);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static List<Line> of(InputStream stream, ChangeSettings settings) throws IOException {
    ChangeReader reader = new ChangeReader(stream, settings);
    List<Line> lines = new ArrayList<>();
    for (Optional<Line> line = reader.next(); line.isPresent(); line = reader.next())
      lines.add(line.get());
    return lines;
  }

  static List<Line> of(String input) {
    return of(input.getBytes(StandardCharsets.UTF_8), SETTINGS);
  }

  /// Bytes that need not be UTF-8, one per character.
  static Line raw(String latin1) {
    return single(of(latin1.getBytes(StandardCharsets.ISO_8859_1), SETTINGS));
  }

  static Line one(String input) {
    return single(of(input));
  }

  static Change change(String input) {
    if (one(input) instanceof ChangeLine(var change, _))
      return change;
    throw new AssertionError(one(input));
  }

  static BadLine bad(String input) {
    if (one(input) instanceof BadLine bad)
      return bad;
    throw new AssertionError(one(input));
  }

  static String text(Change change) {
    return switch (change.content()) {
      case LineContent.Inline(var utf8) -> new String(utf8.array(), StandardCharsets.UTF_8);
      case LineContent.Decoded(var bytes) -> new String(bytes.array(), StandardCharsets.ISO_8859_1);
      default -> throw new AssertionError(change.content());
    };
  }

  private static Line single(List<Line> lines) {
    if (lines.size() != 1)
      throw new AssertionError(lines);
    return lines.getFirst();
  }
}
