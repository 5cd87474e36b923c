package elysia.core.glob;

import elysia.core.identity.FilePath;
import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/// A parsed glob: `*` within a segment, `**` across, `?`, `[…]`, `[!…]`, `{a,b}`, and `\` before a
/// character that stands for itself. Matches what `java.nio.file.FileSystem#getPathMatcher` matches;
/// `**` also crosses line ends. Thread-safe.
///
/// A store renders [#tokens()] for its own query language.
public final class Glob {
  /// One part of a glob.
  public sealed interface Token {
    /// Exactly this text.
    record Literal(String text) implements Token {}

    /// Any text, also across segments: `**`.
    record AnyText() implements Token {}

    /// Any text within a segment: `*`.
    record AnyInSegment() implements Token {}

    /// One character other than `/`: `?`.
    record AnyCharacter() implements Token {}

    /// One character other than `/` that is, or is not, in one of the ranges: `[…]`, `[!…]`.
    record CharacterClass(boolean negated, List<Range> ranges) implements Token {
      public CharacterClass {
        ranges = List.copyOf(ranges);
      }
    }

    /// One of several sequences: `{a,b}`.
    record Alternatives(List<List<Token>> sequences) implements Token {
      public Alternatives {
        sequences = sequences.stream().map(List::copyOf).toList();
      }
    }
  }

  /// Code points, both ends included.
  public record Range(int from, int to) {}

  private final String text;
  private final List<Token> tokens;
  private final Pattern pattern;

  private Glob(String text, List<Token> tokens) {
    this.text = text;
    this.tokens = List.copyOf(tokens);
    StringBuilder regex = new StringBuilder();
    append(this.tokens, regex);
    this.pattern = Pattern.compile(regex.toString(), Pattern.DOTALL);
  }

  /// @throws PatternSyntaxException when it is no glob; the description says why
  public static Glob parse(String glob) {
    return new Glob(glob, new GlobParser(glob).parse());
  }

  /// The glob as it was written.
  public String text() {
    return text;
  }

  public List<Token> tokens() {
    return tokens;
  }

  /// Whether it is about the last segment of a path: it has no `/`.
  public boolean matchesFileNames() {
    return text.indexOf('/') < 0;
  }

  /// Whether it matches this text as a whole.
  public boolean matches(String path) {
    return pattern.matcher(path).matches();
  }

  /// Whether it matches the path, or the file name when it is about file names.
  public boolean matches(FilePath path) {
    return matches(matchesFileNames() ? path.fileName() : path.text());
  }

  private static void append(List<Token> tokens, StringBuilder regex) {
    for (Token token : tokens) {
      switch (token) {
        case Token.Literal(var literal) -> regex.append(Pattern.quote(literal));
        case Token.AnyText _ -> regex.append(".*");
        case Token.AnyInSegment _ -> regex.append("[^/]*");
        case Token.AnyCharacter _ -> regex.append("[^/]");
        case Token.CharacterClass(var negated, var ranges) -> {
          regex.append(negated ? "[^/" : "[[^/]&&[");
          for (Range range : ranges)
            regex.append(String.format("\\x{%x}-\\x{%x}", range.from(), range.to()));
          regex.append(negated ? "]" : "]]");
        }
        case Token.Alternatives(var sequences) -> {
          String separator = "(?:";
          for (List<Token> sequence : sequences) {
            regex.append(separator);
            append(sequence, regex);
            separator = "|";
          }
          regex.append(')');
        }
      }
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Glob glob && glob.text.equals(text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  @Override
  public String toString() {
    return text;
  }
}
