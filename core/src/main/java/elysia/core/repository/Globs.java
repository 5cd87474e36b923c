package elysia.core.repository;

import elysia.core.glob.Glob;
import elysia.core.identity.Printable;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.PatternSyntaxException;

/// Lists of globs as users write them.
public final class Globs {
  private static final int MAX_GLOBS = 100;
  private static final int MAX_LENGTH = 500;

  private Globs() {}

  /// Splits at commas that are not inside braces.
  public static List<String> split(String globs) {
    List<String> parts = new ArrayList<>();
    int depth = 0;
    int start = 0;
    for (int i = 0; i <= globs.length(); i++) {
      char c = i == globs.length() ? ',' : globs.charAt(i);
      if (c == '{')
        depth++;
      if (c == '}')
        depth = Math.max(0, depth - 1);
      if (c == ',' && (depth == 0 || i == globs.length())) {
        String part = globs.substring(start, i).strip();
        if (!part.isEmpty())
          parts.add(part);
        start = i + 1;
      }
    }
    return parts;
  }

  /// Parses globs that match paths relative to the repository's root; each of the results is to be
  /// held against the whole text of a path.
  ///
  /// @param name of the setting, for the message
  /// @throws IllegalArgumentException when a glob is malformed, naming it
  public static List<Glob> compile(String name, List<String> globs) {
    if (globs.size() > MAX_GLOBS)
      throw new IllegalArgumentException(
          name + ": " + globs.size() + " patterns (expected: at most " + MAX_GLOBS + ")");
    List<Glob> parsed = new ArrayList<>();
    for (String glob : globs) {
      if (glob.isBlank() || glob.length() > MAX_LENGTH || glob.indexOf('\0') >= 0)
        throw new IllegalArgumentException(name + ": \"" + Printable.of(glob)
            + "\" (expected: a glob of 1 to " + MAX_LENGTH + " characters, no NUL)");
      String anchored = glob.startsWith("/")
          ? glob.substring(1)
          : glob.endsWith("/") || glob.contains("/") ? glob : "**/" + glob;
      String whole = anchored.endsWith("/") ? anchored + "**" : anchored;
      try {
        parsed.add(Glob.parse(whole));
        if (whole.startsWith("**/"))
          parsed.add(Glob.parse(whole.substring(3)));
      } catch (PatternSyntaxException e) {
        throw new IllegalArgumentException(name + ": \"" + Printable.of(glob)
            + "\" (expected: a glob such as *.py or src/**): " + e.getDescription(), e);
      }
    }
    return parsed;
  }
}
