package elysia.core.glob;

import elysia.core.glob.Glob.Range;
import elysia.core.glob.Glob.Token;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.PatternSyntaxException;

/// A reading of one glob, by code points. Used once.
final class GlobParser {
  private final String glob;
  private int at;

  GlobParser(String glob) {
    this.glob = glob;
  }

  List<Token> parse() {
    return sequence(false);
  }

  private List<Token> sequence(boolean inGroup) {
    List<Token> tokens = new ArrayList<>();
    StringBuilder literal = new StringBuilder();
    while (at < glob.length()) {
      int c = glob.codePointAt(at);
      if (inGroup && (c == ',' || c == '}'))
        break;
      int start = at;
      at += Character.charCount(c);
      if (c == '\\')
        literal.appendCodePoint(escaped(start));
      else if ("*?[{".indexOf(c) < 0)
        literal.appendCodePoint(c);
      else {
        end(literal, tokens);
        tokens.add(switch (c) {
          case '*' -> star();
          case '?' -> new Token.AnyCharacter();
          case '[' -> characterClass(start);
          default -> group(start, inGroup);
        });
      }
    }
    end(literal, tokens);
    return tokens;
  }

  private static void end(StringBuilder literal, List<Token> tokens) {
    if (!literal.isEmpty())
      tokens.add(new Token.Literal(literal.toString()));
    literal.setLength(0);
  }

  private int escaped(int start) {
    if (at == glob.length())
      throw invalid("nothing after \\", start);
    return take();
  }

  private Token star() {
    if (at == glob.length() || glob.charAt(at) != '*')
      return new Token.AnyInSegment();
    at++;
    return new Token.AnyText();
  }

  private Token group(int start, boolean inGroup) {
    if (inGroup)
      throw invalid("a { within { }", start);
    List<List<Token>> sequences = new ArrayList<>();
    do {
      sequences.add(sequence(true));
      if (at == glob.length())
        throw invalid("a { without }", start);
    } while (take() == ',');
    return new Token.Alternatives(sequences);
  }

  private Token characterClass(int start) {
    boolean negated = at < glob.length() && glob.charAt(at) == '!';
    if (negated)
      at++;
    List<Range> ranges = new ArrayList<>();
    int first = at;
    boolean afterRange = false;
    while (true) {
      if (at == glob.length())
        throw invalid("a [ without ]", start);
      int from = take();
      if (from == ']')
        break;
      if (from == '-' && afterRange)
        throw invalid("a range without a begin", at - 1);
      afterRange = at + 1 < glob.length() && glob.charAt(at) == '-' && glob.charAt(at + 1) != ']';
      int to = from;
      if (afterRange) {
        at++;
        to = take();
      }
      if (to < from)
        throw invalid("a range whose end is before its begin", at - 1);
      if (from == '/' || to == '/')
        throw invalid("a / within [ ]", at - 1);
      ranges.add(new Range(from, to));
    }
    if (at - 1 == first)
      throw invalid("nothing within [ ]", start);
    return new Token.CharacterClass(negated, ranges);
  }

  private int take() {
    int c = glob.codePointAt(at);
    at += Character.charCount(c);
    return c;
  }

  private PatternSyntaxException invalid(String why, int index) {
    return new PatternSyntaxException(why, glob, index);
  }
}
