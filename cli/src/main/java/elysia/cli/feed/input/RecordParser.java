package elysia.cli.feed.input;

import elysia.core.change.Change;
import elysia.core.change.ChangeMetadata;
import elysia.core.change.Line;
import elysia.core.change.LineContent;
import elysia.core.change.LinePosition;
import elysia.core.change.Op;
import elysia.core.change.PathRules;
import elysia.core.identity.FilePath;
import elysia.core.identity.Printable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Says what one line of another tool's format tells of a file. Text is held as one char per byte,
/// since paths are bytes.
final class RecordParser {
  /// A line without its position.
  interface Parsed {
    Line at(LinePosition position);
  }

  private static final Pattern RAW = Pattern.compile(
      ":([0-7]{6}) ([0-7]{6}) [0-9a-f.]+ [0-9a-f.]+ ([A-Z])[0-9]*(?:\t(.+))?", Pattern.DOTALL);
  private static final Pattern NAME_STATUS = Pattern.compile("([A-Z])[0-9]*(?:\t(.+))?",
      Pattern.DOTALL);
  private static final Pattern TREE = Pattern.compile(
      "([0-7]{6}) (?:blob|tree|commit) [0-9a-f]+(?: +[0-9-]+)?\t(.+)", Pattern.DOTALL);
  private static final Pattern STAGE = Pattern.compile(
      "(?:[HSMRCK?] )?([0-7]{6}) [0-9a-f]+ [0-3]\t(.+)", Pattern.DOTALL);
  private static final Pattern INOTIFY = Pattern.compile("(.*?) (" + FormatDetector.EVENT + "(?:,"
      + FormatDetector.EVENT + ")*)(?: (.*))?", Pattern.DOTALL);
  private static final String REGULAR = "100";
  private static final int V1_PATH = 3;
  private static final int V2_FIELDS = 8;
  private static final int V2_RENAME_FIELDS = 9;
  private static final int V2_UNMERGED_FIELDS = 10;

  private final InputFormat format;
  private final boolean nul;

  RecordParser(InputFormat format, boolean nul) {
    this.format = format;
    this.nul = nul;
  }

  /// @param more reads what follows of the same line, where lines end with NUL
  Parsed parse(byte[] record, RecordReader.More more) throws IOException {
    String text = new String(record, StandardCharsets.ISO_8859_1);
    if (text.isEmpty())
      return position -> new Line.Ignored(position, Line.Reason.BLANK);
    return switch (format) {
      case PATHS -> path(Op.MODIFY, text);
      case NAME_STATUS -> nameStatus(text, more);
      case RAW -> raw(text, more);
      case STATUS_V1 -> statusV1(text, more);
      case STATUS_V2 -> statusV2(text, more);
      case LS_TREE -> listed(TREE, text);
      case LS_FILES -> listed(STAGE, text);
      case INOTIFY -> event(text);
      case OBJECTS -> throw new IllegalStateException("objects are no records");
    };
  }

  private Parsed nameStatus(String text, RecordReader.More more) throws IOException {
    Matcher line = NAME_STATUS.matcher(text);
    if (!line.matches())
      return bad(text);
    return told(line.group(1).charAt(0), paths(line.group(2), line.group(1), more), text);
  }

  private Parsed raw(String text, RecordReader.More more) throws IOException {
    Matcher line = RAW.matcher(text);
    if (!line.matches())
      return bad(text);
    List<String> paths = paths(line.group(4), line.group(3), more);
    boolean was = line.group(1).startsWith(REGULAR);
    if (!line.group(2).startsWith(REGULAR)) // gone, or a link or submodule in its position
      return was && !paths.isEmpty() ? path(Op.DELETE, paths.getFirst()) : nothing();
    return told(line.group(3).charAt(0), paths, text);
  }

  /// The paths of a line of `git diff`: two of a rename or a copy.
  private List<String> paths(String inLine, String status, RecordReader.More more)
      throws IOException {
    boolean two = status.startsWith("R") || status.startsWith("C");
    if (!nul)
      return inLine == null ? List.of() : List.of(inLine.split("\t", two ? 2 : 1));
    Optional<String> first = next(more);
    Optional<String> second = two ? next(more) : Optional.empty();
    return first.isEmpty() || (two && second.isEmpty())
        ? List.of()
        : two ? List.of(first.get(), second.orElseThrow()) : List.of(first.get());
  }

  private static Optional<String> next(RecordReader.More more) throws IOException {
    return more.next().map(bytes -> new String(bytes, StandardCharsets.ISO_8859_1));
  }

  private Parsed told(char status, List<String> paths, String text) {
    boolean two = status == 'R' || status == 'C';
    if (paths.size() != (two ? 2 : 1))
      return bad(text);
    return switch (status) {
      case 'A' -> path(Op.ADD, paths.getFirst());
      case 'M', 'T', 'U' -> path(Op.MODIFY, paths.getFirst());
      case 'D' -> path(Op.DELETE, paths.getFirst());
      case 'C' -> path(Op.ADD, paths.get(1));
      case 'R' -> rename(paths.get(0), paths.get(1));
      default -> bad(text);
    };
  }

  private Parsed statusV1(String text, RecordReader.More more) throws IOException {
    if (text.startsWith("## "))
      return nothing();
    if (text.length() <= V1_PATH || text.charAt(V1_PATH - 1) != ' ')
      return bad(text);
    String rest = text.substring(V1_PATH);
    String states = text.substring(0, 2);
    if (states.indexOf('R') < 0 && states.indexOf('C') < 0)
      return state(states, rest, Optional.empty());
    if (nul)
      return state(states, rest, next(more));
    int arrow = arrow(rest);
    return arrow < 0
        ? bad(text)
        : state(states, rest.substring(arrow + 4), Optional.of(rest.substring(0, arrow)));
  }

  /// Between the two names of a rename: Git quotes a name with a blank.
  private static int arrow(String text) {
    int from = 0;
    if (text.startsWith("\""))
      for (from = 1; from < text.length() && text.charAt(from) != '"'; from++)
        if (text.charAt(from) == '\\')
          from++;
    return text.indexOf(" -> ", from);
  }

  private Parsed statusV2(String text, RecordReader.More more) throws IOException {
    if (text.startsWith("# ") || text.startsWith("! "))
      return nothing();
    if (text.startsWith("? "))
      return path(Op.ADD, text.substring(2));
    int fields = switch (text.charAt(0)) {
      case '1' -> V2_FIELDS;
      case '2' -> V2_RENAME_FIELDS;
      case 'u' -> V2_UNMERGED_FIELDS;
      default -> 0;
    };
    String[] parts = text.split(" ", fields + 1);
    if (fields == 0 || parts.length != fields + 1)
      return bad(text);
    if (parts[2].startsWith("S")) // a submodule
      return nothing();
    String states = parts[1].replace('.', ' ');
    if (fields != V2_RENAME_FIELDS)
      return state(states, parts[fields], Optional.empty());
    if (nul)
      return state(states, parts[fields], next(more));
    String[] names = parts[fields].split("\t", 2);
    return names.length == 2 ? state(states, names[0], Optional.of(names[1])) : bad(text);
  }

  /// What `git status` says of a file: in the index, and in the work tree, whose files are read.
  private Parsed state(String states, String path, Optional<String> from) {
    if (states.equals("!!"))
      return nothing();
    boolean gone = states.charAt(1) == 'D' || states.equals("D ");
    if (states.indexOf('R') >= 0 && from.isPresent())
      return gone ? path(Op.DELETE, from.get()) : rename(from.get(), path);
    if (gone)
      return path(Op.DELETE, path);
    return path(states.indexOf('A') >= 0 || states.equals("??") || states.indexOf('C') >= 0
        ? Op.ADD
        : Op.MODIFY, path);
  }

  private Parsed listed(Pattern pattern, String text) {
    Matcher line = pattern.matcher(text);
    if (!line.matches())
      return bad(text);
    return line.group(1).startsWith(REGULAR) ? path(Op.MODIFY, line.group(2)) : nothing();
  }

  private Parsed event(String text) {
    Matcher line = INOTIFY.matcher(text);
    if (!line.matches())
      return bad(text);
    List<String> events = List.of(line.group(2).split(",", -1));
    String name = line.group(3);
    String path = line.group(1) + (name == null ? "" : name);
    boolean gone = events.contains("DELETE") || events.contains("MOVED_FROM");
    if (events.contains("Q_OVERFLOW"))
      return refused("events were lost", "elysiactl index sync --detect-changes");
    if (events.contains("ISDIR"))
      return events.contains("MOVED_FROM")
          ? refused("a folder was moved away, and its files are not named",
              "elysiactl index sync --detect-changes --delete-missing")
          : events.contains("MOVED_TO") || events.contains("CREATE")
              ? path(Op.ADD, path + "/")
              : nothing();
    if (gone)
      return path(Op.DELETE, path);
    boolean written = events.contains("MODIFY") || events.contains("CLOSE_WRITE")
        || events.contains("CREATE") || events.contains("MOVED_TO");
    return written ? path(Op.MODIFY, path) : nothing();
  }

  private static Parsed nothing() {
    return position -> new Line.Ignored(position, Line.Reason.EVENT);
  }

  private Parsed bad(String text) {
    return refused("\"" + Printable.of(text) + "\" is not like the first line",
        "the format of the whole input");
  }

  private static Parsed refused(String wrong, String expected) {
    return position -> new Line.BadLine(position, position.start(), wrong, expected);
  }

  private PathRules.Checked checked(String text) {
    Optional<byte[]> quoted = nul || format == InputFormat.INOTIFY
        ? Optional.empty()
        : FilePath.unquote(text);
    return PathRules.asWritten(
        quoted.orElseGet(() -> text.getBytes(StandardCharsets.ISO_8859_1)));
  }

  private Parsed path(Op op, String text) {
    return switch (checked(text)) {
      case PathRules.Checked.Good(var path, var folder) when folder && op != Op.DELETE ->
        position -> new Line.Folder(position, Optional.empty(), path);
      case PathRules.Checked.Good(var path, _) ->
        position -> line(position, op, path, Optional.empty());
      case PathRules.Checked.Refused(var wrong, var expected) ->
        refused("path: " + wrong, expected);
    };
  }

  private Parsed rename(String from, String to) {
    if (checked(from) instanceof PathRules.Checked.Good(var old, _)
        && checked(to) instanceof PathRules.Checked.Good(var path, _))
      return position -> line(position, Op.RENAME, old, Optional.of(path));
    return bad(from + " -> " + to);
  }

  private static Line line(LinePosition position, Op op, FilePath path,
      Optional<FilePath> newPath) {
    return new Line.ChangeLine(new Change(position, Optional.empty(), op, path, newPath,
        new LineContent.Absent(), ChangeMetadata.NONE, false), List.of());
  }
}
