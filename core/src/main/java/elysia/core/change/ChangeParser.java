package elysia.core.change;

import elysia.core.change.Line.BadLine;
import elysia.core.change.Line.Ignored;
import elysia.core.change.Line.Reason;
import elysia.core.change.PathRules.Checked;
import elysia.core.identity.FilePath;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;

/// Parser of one line. Never fails: what cannot be understood is a [BadLine]. Not thread-safe.
final class ChangeParser {
  private static final byte[] PROGRESS = "Detecting changes...".getBytes(StandardCharsets.UTF_8);
  /// Of a line that is just a path, however it is quoted.
  private static final int MAX_PATH = 65_536;
  private static final String LINES = "an object like {\"repo\":\"r\",\"op\":\"add\",\"path\":\"p\"},"
      + " or a path";

  private final ObjectReader reader = new ObjectReader();
  private final LineFormat format;
  private final ChangeRules rules;
  private final RawFields bare = new RawFields(Field.Scope.LINE);

  ChangeParser(LineFormat format) {
    this.format = format;
    this.rules = new ChangeRules(format);
  }

  /// @param buffer the line from `from` to `to` (exclusive), without line end and byte order mark
  Line parse(byte[] buffer, int from, int to, LinePosition position) {
    int first = from;
    while (first < to && blank(buffer[first]))
      first++;
    if (first == to)
      return new Ignored(position, Reason.BLANK);
    if (format.objects() && buffer[first] != '{' && !progress(buffer, from, to))
      return BadLine.of(position, offset(position, buffer, from, first), "no JSON object",
          "an object in each line");
    return switch (buffer[first]) {
      case '{' -> format.objects() || object(buffer, first, to)
          ? whole(buffer, from, first, to, position)
          : path(buffer, from, to, position);
      case '[' -> array(buffer, first, to)
          ? BadLine.of(position, offset(position, buffer, from, first), "an array", LINES)
          : path(buffer, from, to, position);
      case '"' -> quoted(buffer, from, first, to, position);
      case (byte) 0xfe, (byte) 0xff -> utf16(buffer, first, to, position)
          ? BadLine.of(position, position.start(), "the input is UTF-16", "UTF-8")
          : path(buffer, from, to, position);
      case 'D' -> progress(buffer, from, to)
          ? new Ignored(position, Reason.PROGRESS)
          : path(buffer, from, to, position);
      default -> path(buffer, from, to, position);
    };
  }

  private static boolean progress(byte[] buffer, int from, int to) {
    return Arrays.mismatch(buffer, from, to, PROGRESS, 0, PROGRESS.length) == PROGRESS.length;
  }

  private Line whole(byte[] buffer, int from, int first, int to, LinePosition position) {
    return format == LineFormat.PATHS
        ? BadLine.of(position, offset(position, buffer, from, first),
            "a JSON object in a list of paths",
            "a path in each line, as in the first one")
        : object(buffer, from, first, to, position);
  }

  private Line object(byte[] buffer, int from, int first, int to, LinePosition position) {
    JsonText.Fault fault = reader.read(buffer, first, to);
    if (fault != null)
      return BadLine.of(position, offset(position, buffer, from, fault.index()), fault.wrong(),
          fault.expected());
    Line line = rules.line(reader.line, reader.data, reader.changeset, position);
    if (line != null)
      return line;
    RawFields faulty = reader.line.fault != null
        ? reader.line
        : reader.data.fault != null ? reader.data : reader.changeset;
    RawFields.Fault found = Objects.requireNonNull(faulty.fault,
        "a line without meaning and fault");
    return BadLine.of(position, offset(position, buffer, from, reader.find(faulty, found.field())),
        found.wrong(), found.expected());
  }

  /// A JSON string or a path as Git quotes it; where it is both, it is the same path in either.
  private Line quoted(byte[] buffer, int from, int first, int to, LinePosition position) {
    int last = to;
    while (blank(buffer[last - 1]))
      last--;
    if (last - first > MAX_PATH)
      return tooLong(last - first, position);
    Optional<byte[]> git = FilePath.unquote(quotable(buffer, first, last));
    if (git.isPresent())
      return bare(PathRules.asWritten(git.get()), buffer, from, first, position);
    JsonText.Fault fault = JsonText.fault(buffer, first, last);
    if (fault != null)
      return BadLine.of(position, offset(position, buffer, from, fault.index()), fault.wrong(),
          fault.expected());
    byte[] utf8 = last - first > 1 && buffer[last - 1] == '"'
        && JsonText.end(buffer, first, last) == last - 1
            ? JsonText.string(buffer, first, last)
            : null;
    if (utf8 == null)
      return BadLine.of(position, offset(position, buffer, from, first),
          "neither a JSON string nor a path in Git's quotes",
          "a path in double quotes, and no more");
    return bare(PathRules.asWritten(new String(utf8, StandardCharsets.UTF_8)), buffer, from, first,
        position);
  }

  private Line path(byte[] buffer, int from, int to, LinePosition position) {
    if (to - from > MAX_PATH)
      return tooLong(to - from, position);
    return bare(PathRules.asWritten(Arrays.copyOfRange(buffer, from, to)), buffer, from, from,
        position);
  }

  private static Line tooLong(int bytes, LinePosition position) {
    return BadLine.of(position, position.start(), "no object, and " + bytes + " bytes", LINES);
  }

  private Line bare(Checked checked, byte[] buffer, int from, int first, LinePosition position) {
    bare.fault = null;
    Line line = rules.bare(bare, checked, position);
    if (line != null)
      return line;
    RawFields.Fault fault = Objects.requireNonNull(bare.fault, "a line without meaning and fault");
    return BadLine.of(position, offset(position, buffer, from, first), fault.wrong(),
        fault.expected());
  }

  /// Text for [FilePath#unquote]: bytes that may be no UTF-8 become octal escapes.
  private static String quotable(byte[] buffer, int first, int last) {
    StringBuilder text = new StringBuilder(last - first);
    for (int i = first; i < last; i++) {
      if (buffer[i] < 0)
        text.append(String.format("\\%03o", buffer[i] & 0xff));
      else
        text.append((char) buffer[i]);
    }
    return text.toString();
  }

  private static boolean blank(byte b) {
    return b == ' ' || b == '\t';
  }

  /// Whether a line that begins with a brace means an object; Git would have quoted a path with a
  /// double quote in it, and `{{name}}/file` is the path of many a template.
  private static boolean object(byte[] buffer, int brace, int to) {
    if (brace + 1 == to || " \t'}".indexOf(buffer[brace + 1]) >= 0)
      return true;
    for (int i = brace + 1; i < to; i++) {
      if (buffer[i] == '"')
        return true;
    }
    return false;
  }

  /// Whether a line that begins with a bracket means an array; `[id]/page.tsx` is a path.
  private static boolean array(byte[] buffer, int bracket, int to) {
    return bracket + 1 == to || " \t{\"".indexOf(buffer[bracket + 1]) >= 0
        || buffer[to - 1] == ']' || buffer[to - 1] == ',';
  }

  private static boolean utf16(byte[] buffer, int first, int to, LinePosition position) {
    return position.start() == 0 && first + 1 < to && (buffer[first] ^ buffer[first + 1]) == 1;
  }

  /// The offset in the input of an index of the buffer.
  private static long offset(LinePosition position, byte[] buffer, int from, int index) {
    boolean mark = position.start() == 0 && from >= 3 && buffer[from - 3] == (byte) 0xef
        && buffer[from - 2] == (byte) 0xbb && buffer[from - 1] == (byte) 0xbf;
    return position.start() + index - from + (mark ? 3 : 0);
  }
}
