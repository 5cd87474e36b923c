package elysia.worker.weaviate;

import elysia.core.identity.FilePath;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/// A glob over paths: `*` within a segment, `**` across, `?`, `[…]`, `[!…]`, `{a,b}`, `\` before a
/// character that stands for itself. A glob without `/` matches the file name.
///
/// The server knows only `*` and `?`, both across segments: it is given a pattern that lets through
/// at least what matches, and [#matches(FilePath)] decides.
final class PathGlob {
  private static final String PATH = "path";

  private final Pattern pattern;
  private final boolean fileName;
  private final String like;

  private PathGlob(Pattern pattern, boolean fileName, String like) {
    this.pattern = pattern;
    this.fileName = fileName;
    this.like = like;
  }

  /// @throws IllegalArgumentException
  ///           when it is none; the message says why
  static PathGlob of(String glob) {
    Translation t = new Translation(glob);
    t.run();
    boolean fileName = glob.indexOf('/') < 0;
    try {
      return new PathGlob(Pattern.compile(t.regex.toString(), Pattern.DOTALL), fileName,
          (fileName ? "*" : "") + t.like);
    } catch (PatternSyntaxException e) {
      throw invalid(glob, e.getDescription());
    }
  }

  private static IllegalArgumentException invalid(String glob, String why) {
    return new IllegalArgumentException("path: " + glob + ": " + why);
  }

  boolean matches(FilePath path) {
    return pattern.matcher(fileName ? path.fileName() : path.text()).matches();
  }

  /// For the server; empty when it would let everything through, or not all that matches.
  Optional<Where> where() {
    return like().map(plain -> Where.or(Where.like(PATH, plain), Where.like(PATH, quoted(plain))));
  }

  /// For paths that are stored as they are.
  Optional<String> like() {
    String shortened = like.replaceAll("\\*+", "*");
    boolean trimmed = !shortened.strip().equals(shortened); // as the server does with stored paths
    return shortened.equals("*") || trimmed ? Optional.empty() : Optional.of(shortened);
  }

  /// The same for paths that are stored quoted. Where quoting may write an escape, or several for
  /// one character, anything is let through.
  static String quoted(String like) {
    return "\"" + like.replaceAll("[^ -~]|[?\"\\\\*]", "*").replaceAll("\\*+", "*") + "\"";
  }

  private static final class Translation {
    private final String glob;
    private final StringBuilder regex = new StringBuilder();
    private final StringBuilder like = new StringBuilder();
    private int at;
    private boolean group;

    Translation(String glob) {
      this.glob = glob;
    }

    void run() {
      while (at < glob.length()) {
        char c = glob.charAt(at++);
        switch (c) {
          case '*' -> star();
          case '?' -> wild("[^/]", "?");
          case '[' -> set();
          case '{' -> open();
          case '}' -> close();
          case ',' -> literalOr(c, group, "|");
          case '\\' -> literal(escaped());
          default -> literal(c);
        }
      }
      if (group)
        throw invalid(glob, "a { without }");
    }

    private void star() {
      boolean across = at < glob.length() && glob.charAt(at) == '*';
      while (at < glob.length() && glob.charAt(at) == '*')
        at++;
      wild(across ? ".*" : "[^/]*", "*");
    }

    private void open() {
      if (group)
        throw invalid(glob, "a { within { }");
      group = true;
      wild("(?:", "*");
    }

    private void close() {
      literalOr('}', group, ")");
      group = false;
    }

    private void literalOr(char c, boolean special, String inRegex) {
      if (special)
        regex.append(inRegex);
      else
        literal(c);
    }

    private char escaped() {
      if (at == glob.length())
        throw invalid(glob, "nothing after \\");
      return glob.charAt(at++);
    }

    private void literal(char c) {
      quote(c);
      if (!group)
        like.append(c);
    }

    private void quote(char c) {
      if (c < 128 && !Character.isLetterOrDigit(c))
        regex.append('\\');
      regex.append(c);
    }

    private void wild(String inRegex, String inLike) {
      regex.append(inRegex);
      if (!group || inRegex.equals("(?:"))
        like.append(inLike);
    }

    private void set() {
      int end = glob.indexOf(']', at);
      if (end < 0)
        throw invalid(glob, "a [ without ]");
      String inside = glob.substring(at, end);
      if (inside.isEmpty() || inside.equals("!"))
        throw invalid(glob, "nothing within [ ]");
      if (inside.indexOf('/') >= 0)
        throw invalid(glob, "a / within [ ]");
      at = end + 1;
      StringBuilder members = new StringBuilder();
      boolean not = inside.length() > 1 && inside.charAt(0) == '!';
      for (int i = not ? 1 : 0; i < inside.length(); i++) {
        char c = inside.charAt(i);
        boolean range = c == '-' && i > (not ? 1 : 0) && i < inside.length() - 1;
        if (!range && c < 128 && !Character.isLetterOrDigit(c))
          members.append('\\');
        members.append(c);
      }
      wild("[" + (not ? "^/" : "") + members + "]", "?");
    }
  }
}
