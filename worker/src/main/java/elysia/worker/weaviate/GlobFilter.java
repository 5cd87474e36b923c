package elysia.worker.weaviate;

import elysia.core.glob.Glob;
import elysia.core.glob.Glob.Token;
import elysia.core.identity.FilePath;
import java.util.Optional;

/// A glob as a filter of the server, which knows only `*` and `?`, both across segments: it is
/// given a pattern that lets through at least what matches, and [#matches(FilePath)] decides.
final class GlobFilter {
  private static final String PATH = "path";

  private final Glob glob;
  private final String like;

  private GlobFilter(Glob glob, String like) {
    this.glob = glob;
    this.like = like;
  }

  static GlobFilter of(Glob glob) {
    StringBuilder like = new StringBuilder(glob.matchesFileNames() ? "*" : "");
    for (Token token : glob.tokens())
      like.append(switch (token) {
        case Token.Literal(var text) -> text;
        case Token.AnyText _,Token.AnyInSegment _,Token.Alternatives _ -> "*";
        case Token.AnyCharacter _,Token.CharacterClass _ -> "?";
      });
    return new GlobFilter(glob, like.toString());
  }

  boolean matches(FilePath path) {
    return glob.matches(path);
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
}
