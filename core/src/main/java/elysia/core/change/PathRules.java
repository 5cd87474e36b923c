package elysia.core.change;

import elysia.core.identity.FilePath;
import elysia.core.identity.Printable;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/// The rules for paths in a change: which are allowed, and their normal form.
///
/// Text that begins with a double quote is taken as Git quotes paths, and means exactly these bytes.
/// In other text `\` counts as `/`.
public final class PathRules {
  private static final int MAX_BYTES = 4096;
  private static final String RELATIVE = "a path relative to its repository, like src/main.py";

  private PathRules() {}

  /// The outcome of a check.
  public sealed interface Checked {
    /// @param folder it ended with a slash, which the path no longer has
    record Good(FilePath path, boolean folder) implements Checked {}

    /// Why it can be no path, and what could be one; both safe to print.
    record Refused(String wrong, String expected) implements Checked {}
  }

  /// A path inside a named repository, freed of `./` and double slashes; refused where it is
  /// absolute, has a drive letter or a `..` or `.git` segment, or names no file at all.
  public static Checked inRepository(String text) {
    if (plain(text))
      return new Checked.Good(new FilePath(text), false);
    return text.startsWith("\"") ? unquoted(text, true) : relative(text.replace('\\', '/'), text);
  }

  /// A path that its reader resolves: anything that can be a path at all, absolute or not,
  /// unchanged but for slashes at its end.
  public static Checked asWritten(String text) {
    return text.startsWith("\"")
        ? unquoted(text, false)
        : asWritten(text.getBytes(StandardCharsets.UTF_8));
  }

  /// The same for a path given as its bytes.
  public static Checked asWritten(byte[] bytes) {
    int end = bytes.length;
    while (end > 1 && bytes[end - 1] == '/')
      end--;
    for (int i = 0; i < end; i++) {
      if (bytes[i] == 0)
        return new Checked.Refused("a path with a NUL byte",
            "paths separated by line ends; leave out -z and -print0");
    }
    if (end == 0)
      return new Checked.Refused("an empty path", "the path of a file");
    if (end > MAX_BYTES)
      return new Checked.Refused("a path of " + end + " bytes", "at most " + MAX_BYTES);
    return new Checked.Good(FilePath.ofBytes(Arrays.copyOf(bytes, end)), end < bytes.length);
  }

  private static Checked unquoted(String text, boolean inRepository) {
    Optional<byte[]> bytes = FilePath.unquote(text);
    if (bytes.isEmpty())
      return new Checked.Refused(shown(text) + " begins with a double quote",
          "Git's quoting: \"…\" with \\\" \\\\ and octal escapes like \\303");
    if (!inRepository)
      return asWritten(bytes.get());
    // One char per byte: slashes and dots mean the same, and the way back is exact.
    return relative(new String(bytes.get(), StandardCharsets.ISO_8859_1), text,
        StandardCharsets.ISO_8859_1);
  }

  private static Checked relative(String path, String given) {
    return relative(path, given, StandardCharsets.UTF_8);
  }

  private static Checked relative(String path, String given, Charset charset) {
    if (path.length() > MAX_BYTES || path.getBytes(charset).length > MAX_BYTES)
      return new Checked.Refused(shown(given) + " is too long", "at most " + MAX_BYTES + " bytes");
    if (path.indexOf('\0') >= 0)
      return new Checked.Refused(shown(given) + " contains NUL", RELATIVE);
    if (path.startsWith("/"))
      return new Checked.Refused(shown(given) + " is absolute", RELATIVE);
    if (driveLetter(path))
      return new Checked.Refused(shown(given) + " begins with a drive letter", RELATIVE);
    StringBuilder normal = new StringBuilder(path.length());
    for (int from = 0, to; from <= path.length(); from = to + 1) {
      to = path.indexOf('/', from);
      if (to < 0)
        to = path.length();
      String segment = path.substring(from, to);
      if (segment.isEmpty() || segment.equals("."))
        continue;
      if (segment.equals(".."))
        return new Checked.Refused(shown(given) + " contains ..", RELATIVE);
      if (segment.equalsIgnoreCase(".git"))
        return new Checked.Refused(shown(given) + " is inside of .git",
            "a file of the repository, not of Git's own data");
      normal.append(normal.isEmpty() ? "" : "/").append(segment);
    }
    if (normal.isEmpty())
      return new Checked.Refused(shown(given) + " names no file", RELATIVE);
    FilePath good = FilePath.ofBytes(normal.toString().getBytes(charset));
    return new Checked.Good(good, path.endsWith("/") || path.endsWith("/."));
  }

  /// Whether the path is in order as it is: a quick yes for nearly all.
  private static boolean plain(String text) {
    int length = text.length();
    if (length == 0 || length > MAX_BYTES / 3 || text.charAt(0) == '"' || driveLetter(text))
      return false;
    char before = '/';
    for (int i = 0; i < length; i++) {
      char c = text.charAt(i);
      if (c == '\\' || c == 0 || (before == '/' && (c == '.' || c == '/')))
        return false;
      before = c;
    }
    return before != '/';
  }

  private static boolean driveLetter(String path) {
    if (path.length() < 2 || path.charAt(1) != ':')
      return false;
    int letter = path.charAt(0) | 0x20;
    return letter >= 'a' && letter <= 'z';
  }

  private static String shown(String text) {
    return "\"" + Printable.of(text) + "\"";
  }
}
