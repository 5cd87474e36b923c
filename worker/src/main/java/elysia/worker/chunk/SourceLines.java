package elysia.worker.chunk;

import elysia.core.embed.TokenCounter;

/// The non-blank lines of a text, numbered from 0 in this class; blank ones only make a gap.
final class SourceLines {
  /// Costs are counted in fractions of a token, so that characters have a price too.
  static final int TOKEN = 20;

  final String text;
  final int count;
  /// Line in the file, 1-based.
  final int[] number;
  /// Offsets in the text: begin of the line, its first visible character, its end.
  final int[] begin;
  final int[] first;
  final int[] end;
  /// Column of the first visible character; a tab goes to the next multiple of four.
  final int[] indent;
  /// What the line adds to a chunk, and what the line end and blank lines before it add.
  final int[] cost;
  final int[] gap;

  private SourceLines(String text, int count) {
    this.text = text;
    this.count = count;
    number = new int[count];
    begin = new int[count];
    first = new int[count];
    end = new int[count];
    indent = new int[count];
    cost = new int[count];
    gap = new int[count];
  }

  /// @param text lines separated by LF
  static SourceLines of(String text, TokenCounter tokens) {
    SourceLines lines = new SourceLines(text, nonBlank(text));
    int separator = Math.max(0,
        tokens.count("a\nb") - tokens.count("a") - tokens.count("b")) * TOKEN;
    int at = 0;
    int previousEnd = 0;
    int blanks = 0;
    int lineNumber = 0;
    for (int from = 0; from <= text.length(); lineNumber++) {
      int lf = text.indexOf('\n', from);
      int to = lf < 0 ? text.length() : lf;
      int visible = visible(text, from, to);
      if (visible == to)
        blanks++;
      else {
        lines.number[at] = lineNumber + 1;
        lines.begin[at] = from;
        lines.first[at] = visible;
        lines.end[at] = to;
        lines.indent[at] = column(text, from, visible);
        lines.cost[at] = cost(tokens.count(text.substring(from, to)), to - from);
        lines.gap[at] = Math.max(from - previousEnd, separator * (blanks + 1));
        at++;
        previousEnd = to;
        blanks = 0;
      }
      from = to + 1;
    }
    return lines;
  }

  /// A text of few tokens but many characters (one long word) is expensive too: no chunk is ever
  /// longer than [#TOKEN] characters for each token of the limit.
  static int cost(int tokens, int characters) {
    return Math.max(tokens * TOKEN, characters);
  }

  /// The text of lines `from` to `to`, both inclusive, with the blank ones between.
  String content(int from, int to) {
    return text.substring(begin[from], end[to]);
  }

  /// The line without indentation and without trailing white space.
  String stripped(int line) {
    return text.substring(first[line], end[line]).stripTrailing();
  }

  boolean blankBefore(int line) {
    return line > 0 && number[line] > number[line - 1] + 1;
  }

  char charAt(int line, int offset) {
    int at = first[line] + offset;
    return at < end[line] ? text.charAt(at) : '\0';
  }

  /// The last visible character.
  char last(int line) {
    int at = end[line] - 1;
    while (Character.isWhitespace(text.charAt(at)))
      at--;
    return text.charAt(at);
  }

  boolean startsWith(int line, String prefix) {
    return text.startsWith(prefix, first[line]) && first[line] + prefix.length() <= end[line];
  }

  private static int nonBlank(String text) {
    int count = 0;
    for (int from = 0; from <= text.length();) {
      int lf = text.indexOf('\n', from);
      int to = lf < 0 ? text.length() : lf;
      if (visible(text, from, to) < to)
        count++;
      from = to + 1;
    }
    return count;
  }

  private static int visible(String text, int from, int to) {
    int at = from;
    while (at < to && Character.isWhitespace(text.charAt(at)))
      at++;
    return at;
  }

  private static int column(String text, int from, int to) {
    int column = 0;
    for (int i = from; i < to; i++)
      column = text.charAt(i) == '\t' ? (column / 4 + 1) * 4 : column + 1;
    return column;
  }
}
