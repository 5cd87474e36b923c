package elysia.cli.feed.input;

import elysia.core.change.Change;
import elysia.core.change.Line;
import elysia.core.change.LinePosition;
import elysia.core.change.Op;
import elysia.core.identity.FilePath;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/// The beginning of an input, and what it says of the rest.
public final class InputHead {
  private static final int LARGEST = 1 << 20;
  private static final int MOST_PATHS = 20_000;
  private static final int PIECE = 1 << 16;

  /// How a head is read.
  ///
  /// @param nul lines end with NUL
  /// @param far more than the first line is wanted: up to a megabyte, or all of the input
  /// @param exists tells whether a line is the path of a file
  public record Options(boolean nul, boolean far, Predicate<FilePath> exists) {}

  private final byte[] bytes;
  private final Options options;
  private final InputFormat format;

  private InputHead(byte[] bytes, Options options, InputFormat format) {
    this.bytes = bytes;
    this.options = options;
    this.format = format;
  }

  /// Reads the head of an input.
  ///
  /// @throws UnusableInput it is of a format that cannot be used
  public static InputHead of(InputStream input, Options options) throws IOException {
    byte end = (byte) (options.nul() ? '\0' : '\n');
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    byte[] piece = new byte[PIECE];
    boolean line = false;
    for (int n = 0; n >= 0 && head.size() < LARGEST && (!line || options.far());) {
      n = input.read(piece, 0, piece.length);
      for (int i = 0; i < n; i++)
        line |= piece[i] == end;
      head.write(piece, 0, Math.max(0, n));
    }
    byte[] bytes = head.toByteArray();
    return new InputHead(bytes, options,
        FormatDetector.detect(lines(bytes, end), options.nul(), options.exists()));
  }

  private static List<String> lines(byte[] bytes, byte end) {
    String text = new String(bytes, 0, Math.min(bytes.length, PIECE), StandardCharsets.ISO_8859_1);
    if (text.startsWith("\u00ef\u00bb\u00bf"))
      text = text.substring(3);
    return Arrays.stream(text.split(String.valueOf((char) end), -1))
        .map(line -> line.endsWith("\r") ? line.substring(0, line.length() - 1) : line).toList();
  }

  /// Whether it is as far as it can be: the whole input, or a megabyte.
  public boolean complete() {
    return options.far();
  }

  public InputFormat format() {
    return format;
  }

  /// The input from its beginning.
  ///
  /// @param rest what the head was read from
  public InputStream before(InputStream rest) {
    return new SequenceInputStream(new ByteArrayInputStream(bytes), rest);
  }

  /// A reader of the lines.
  ///
  /// @param input its next byte is that at the end of `after`
  public LineReader reader(InputStream input, LinePosition after) {
    return LineReader.of(input, format, options.nul(), after);
  }

  /// Paths in the head of files that should be there and that no line gives a repository.
  public List<FilePath> paths() {
    List<FilePath> paths = new ArrayList<>();
    LineReader lines = reader(new ByteArrayInputStream(bytes), new LinePosition(0, 0, 0));
    try {
      for (Optional<Line> next = lines.next(); next.isPresent()
          && paths.size() < MOST_PATHS; next = lines.next())
        if (next.get() instanceof Line.ChangeLine(Change change, _) && change.repo().isEmpty()
            && change.op() != Op.DELETE
            && (change.position().end() < bytes.length || bytes.length < LARGEST))
          paths.add(change.newPath().orElse(change.path()));
    } catch (IOException e) {
      throw new IllegalStateException("bytes in memory cannot be read", e);
    }
    return paths;
  }
}
